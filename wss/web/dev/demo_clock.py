"""The clock of a site with demo data: each request follows what the tour has set, in whichever process it is served."""

from flask import Flask, request

from wss.services.operations.demo_clock import follow_demo_clock


def init_app(app: Flask) -> None:
    """Follow the clock of the demo before each request; called before the access check."""
    app.before_request(_follow)


def _follow() -> None:
    if request.endpoint not in ("static", None):
        follow_demo_clock()
