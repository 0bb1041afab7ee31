"""Public pages that a shared cache may keep, such as nginx or a CDN: in the language of their address, without cookies.

Only an address that names the language is kept, so that a cache cannot mix the languages, whatever it knows of `Vary`.
Links on such a page name the language too, as the page cannot remember it in a cookie.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, has_request_context, request

from wss.web.access import is_signed_in
from wss.web.language import LANGUAGES
from wss.web.pages import wants_fragment

# The same for every visitor who is not logged in. Their forms need no token (wss/web/csrf.py).
PAGES = frozenset(
    {
        "public.accessibility",
        "public.calculator",
        "public.help_page",
        "public.home",
        "public.leaflet",
        "public.privacy",
        "public.rural",
        "public.sitemap",
        "public.terms",
        "public.urban",
    }
)
# A minute is enough to take the load off: one request per page, language and encoding.
_KEPT = "public, max-age=60, stale-if-error=3600"
_FRESH = "private, no-cache"
# It remembers the language that it is asked for, not the one of the page.
_SWITCH = "public.change_language"


def init_app(app: Flask) -> None:
    """Have the links of pages that are kept name the language."""

    @app.url_defaults
    def name_language(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint not in ("static", _SWITCH) and is_shared():
            values.setdefault("lang", request.args["lang"])


def is_shared() -> bool:
    """Return whether the page of this request is the same for all who open its address without a login."""
    if not has_request_context() or request.endpoint not in PAGES or request.method not in ("GET", "HEAD"):
        return False
    is_same = request.args.get("lang") in LANGUAGES and not wants_fragment()
    return is_same and not is_signed_in()


def set_lifetime(response: Response) -> Response:
    """Let shared caches keep a public page; without a language in its address only the browser, for stepping back."""
    if is_shared():
        response.headers["Cache-Control"] = _KEPT
        # Who is logged in gets another page at the same address.
        response.vary.add("Cookie")
    elif not is_signed_in():
        response.headers["Cache-Control"] = _FRESH
    return response
