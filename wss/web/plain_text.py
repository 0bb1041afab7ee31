"""Text as people write it: an address or a form with the character NUL, which no text has, is refused at the door."""

from __future__ import annotations

from flask import Flask, abort, request

_NUL = "\x00"


def init_app(app: Flask) -> None:
    """Look at every request, after its form has been read for its token."""
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """No keyboard types it and PostgreSQL keeps none of it: left to the queries it would be a fault of ours."""
    pairs = (*request.args.items(multi=True), *request.form.items(multi=True))
    if _NUL in request.path or any(_NUL in text for pair in pairs for text in pair):
        abort(400)
