"""Inlining of the style sheet into the first page that a phone loads, which saves a round trip. Later pages link
to it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path

from flask import Flask, Response, g, request
from jinja2 import ChoiceLoader, DictLoader

from wss.web.shared_pages import is_shared

COOKIE = "wss_seen"
_A_YEAR = 365 * 24 * 3600


def init_app(app: Flask, file: Path, *, is_https: bool) -> None:
    """Let the layout include the style sheet, and set a cookie on phones that have loaded it."""
    # As a template it is trusted text; no page has to mark anything as safe.
    app.jinja_loader = ChoiceLoader([app.jinja_loader, DictLoader({"sheet.css": file.read_text()})])  # type: ignore[list-item]
    sheet = app.jinja_env.get_template("sheet.css").render()
    digest = hashlib.sha256(sheet.encode())
    app.config["SHEET_HASH"] = f"'sha256-{b64encode(digest.digest()).decode()}'"
    version = digest.hexdigest()[:8]
    # With HTTPS no other host of the domain can plant it; browsers accept the prefix __Host- with HTTPS only.
    name = f"__Host-{COOKIE}" if is_https else COOKIE

    def sheet_is_new() -> bool:
        """Return whether this phone has not loaded this version of the style sheet yet."""
        if is_shared():
            # The same for all: most who open such a page open the site for the first time.
            return True
        g.sheet_sent = request.cookies.get(name) != version
        return g.sheet_sent

    def remember(response: Response) -> Response:
        if g.pop("sheet_sent", False):
            response.set_cookie(
                name, version, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=is_https
            )
        return response

    app.jinja_env.globals["sheet_is_new"] = sheet_is_new
    app.after_request(remember)
