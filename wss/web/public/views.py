"""What everybody may read: the first page, the services of a network, help, privacy, terms."""

from __future__ import annotations

from flask import Blueprint, Response, request

from wss.queries.reference import reference
from wss.web.language import LANGUAGES, referring_page, remember_language
from wss.web.pages import redirect_to_address, render

# Raised whenever the text changes: what a consumer accepted is recorded with its version.
PRIVACY_VERSION = "2026-11"
TERMS_VERSION = "2026-11"

public = Blueprint("public", __name__)


@public.get("/")
def home() -> Response:
    """The first page: urban or rural, sign in, register."""
    return render("public/home.html")


@public.get("/urban")
def urban() -> Response:
    """The services of the urban network."""
    return render("public/services.html", network="urban", kinds=reference().kinds_of("urban"))


@public.get("/rural")
def rural() -> Response:
    """The services of the rural network."""
    return render("public/services.html", network="rural", kinds=reference().kinds_of("rural"))


@public.get("/help")
def help_page() -> Response:
    """Where the numbers stand on the bill, what to do when something fails, whom to call."""
    return render("public/help.html")


@public.get("/privacy")
def privacy() -> Response:
    """What is kept about a consumer, what for, and how to take consent back."""
    return render("public/privacy.html", version=PRIVACY_VERSION)


@public.get("/terms")
def terms() -> Response:
    """The terms of use."""
    return render("public/terms.html", version=TERMS_VERSION)


@public.get("/accessibility")
def accessibility() -> Response:
    """How people with a disability use this site, and what does not work for them yet."""
    return render("public/accessibility.html")


@public.get("/sitemap")
def sitemap() -> Response:
    """Every page that can be opened without signing in."""
    return render("public/sitemap.html")


@public.post("/language")
def language() -> Response:
    """Show the site in the chosen language from now on, beginning with the page the reader is on."""
    response = redirect_to_address(referring_page())
    chosen = request.form.get("language", "")
    return remember_language(response, chosen) if chosen in LANGUAGES else response


@public.after_request
def let_the_phone_step_back(response: Response) -> Response:
    """These pages hold nothing personal: going back to one need not cost a thin line another visit."""
    if request.method == "GET" and response.status_code == 200 and "Set-Cookie" not in response.headers:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
