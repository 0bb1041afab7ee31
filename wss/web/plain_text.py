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
    given = [request.args]
    if request.content_length or request.headers.get("Transfer-Encoding"):
        given.append(request.form)
    texts = (text for values in given for pair in values.items(multi=True) for text in pair)
    if _NUL in request.path or any(_NUL in text for text in texts):
        abort(400)
