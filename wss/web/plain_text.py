"""Refusal of the character NUL in addresses and forms, which no text that people type contains."""

from __future__ import annotations

from flask import Flask, abort, request

_NUL = "\x00"


def init_app(app: Flask) -> None:
    """Check every request, after its form has been read for its CSRF token."""
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """Abort a request that contains NUL.

    No keyboard types it, and PostgreSQL refuses it, so a query would fail with a server error.
    """
    pairs = (*request.args.items(multi=True), *request.form.items(multi=True))
    if _NUL in request.path or any(_NUL in text for pair in pairs for text in pair):
        abort(400)
