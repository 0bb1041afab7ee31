"""Public pages that a shared cache may keep, such as nginx or a CDN: `/hi/help` and `/en/help` next to `/help`.

Such a page depends on its address only: the language is in it, and neither a login nor a cookie is read or set. So no
cache can mix languages or visitors, whatever it knows of `Vary`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, g, has_request_context, request
from werkzeug.routing import BaseConverter

from wss.web.language import LANGUAGES

View = Callable[[], Response]
# A minute is enough to take the load off: one request for each page, language and encoding.
_KEPT = "public, max-age=60, stale-if-error=3600"
LANGUAGE_ARGUMENT = "address_language"


class LanguageConverter(BaseConverter):
    """A language as a part of an address."""

    regex = "|".join(LANGUAGES)


def init_app(app: Flask) -> None:
    """Read the language of an address, and have the links of such a page keep it."""
    app.url_map.converters["language"] = LanguageConverter

    @app.url_value_preprocessor
    def read_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.address_language = values.pop(LANGUAGE_ARGUMENT, "") if values else ""

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, Any]) -> None:
        if not is_shared() or endpoint == "static":
            return
        has_own_address = app.url_map.is_endpoint_expecting(endpoint, LANGUAGE_ARGUMENT)
        # The next page that is not shared remembers the language in a cookie.
        values.setdefault(LANGUAGE_ARGUMENT if has_own_address else "lang", g.address_language)


def shared_page(blueprint: Blueprint, path: str) -> Callable[[View], View]:
    """Register a view at its address, and at an address for each language that caches may keep."""

    def register(view: View) -> View:
        for rule in (path, f"/<language:{LANGUAGE_ARGUMENT}>{path}"):
            blueprint.add_url_rule(rule, view_func=view, methods=["GET"])
        return view

    return register


def is_shared() -> bool:
    """Return whether the address of this request is one that caches may keep."""
    return has_request_context() and bool(g.get("address_language")) and "lang" not in request.args


def set_lifetime(response: Response, *, is_signed_in: bool) -> Response:
    """Let caches keep a page with the language in its address; any other one only the browser, for stepping back.

    With a query it is not kept: queries have no end, and each would be a copy that displaces another page.
    """
    if is_shared() and not request.query_string:
        response.headers["Cache-Control"] = _KEPT
    elif not is_signed_in:
        response.headers["Cache-Control"] = "private, no-cache"
    return response
