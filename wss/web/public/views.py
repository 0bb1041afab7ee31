"""What everybody may read: the first page, the services of a network, help, privacy, terms."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from wss.domain.ownership import PRIVACY_VERSION, TERMS_VERSION
from wss.queries.reference import reference
from wss.services.login.consumer_login import choose_language
from wss.web.access import current_consumer, is_signed_in
from wss.web.language import LANGUAGES, referring_page, remember_language
from wss.web.pages import redirect_to_address, render

public = Blueprint("public", __name__)


@public.get("/")
def home() -> Response:
    """The first page: urban or rural, sign in, register."""
    return _open_page("public/home.html")


@public.get("/urban")
def urban() -> Response:
    """The services of the urban network."""
    return _open_page("public/services.html", network="urban", kinds=reference().kinds_of("urban"))


@public.get("/rural")
def rural() -> Response:
    """The services of the rural network."""
    return _open_page("public/services.html", network="rural", kinds=reference().kinds_of("rural"))


@public.get("/help")
def help_page() -> Response:
    """Where the numbers stand on the bill, what to do when something fails, whom to call."""
    return _open_page("public/help.html")


@public.get("/privacy")
def privacy() -> Response:
    """What is kept about a consumer, what for, and how to take consent back."""
    return _open_page("public/privacy.html", version=PRIVACY_VERSION)


@public.get("/terms")
def terms() -> Response:
    """The terms of use."""
    return _open_page("public/terms.html", version=TERMS_VERSION)


@public.get("/accessibility")
def accessibility() -> Response:
    """How people with a disability use this site, and what does not work for them yet."""
    return _open_page("public/accessibility.html")


@public.get("/sitemap")
def sitemap() -> Response:
    """Every page that can be opened without signing in."""
    return _open_page("public/sitemap.html")


@public.post("/language")
def language() -> Response:
    """Show the site in the chosen language from now on, beginning with the page the reader is on."""
    response = redirect_to_address(referring_page())
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        return response
    if is_signed_in():
        choose_language(current_consumer().id, chosen)
    return remember_language(response, chosen)


def _open_page(page: str, **context: Any) -> Response:
    """A page that holds nothing personal: stepping back to it need not cost a thin line another visit."""
    response = render(page, **context)
    if not is_signed_in():
        response.headers["Cache-Control"] = "private, no-cache"
    return response
