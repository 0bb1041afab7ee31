"""Public pages: home, the services of a network, help, privacy, terms."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from wss.domain.catalogue import dispute_kind
from wss.domain.ownership import PRIVACY_VERSION, TERMS_VERSION
from wss.queries.reference import reference
from wss.services.login.consumer_login import choose_language
from wss.web.access import current_consumer, is_signed_in
from wss.web.language import LANGUAGES, referring_page, remember_language
from wss.web.pages import redirect_to_address, render
from wss.web.shared_pages import set_lifetime, shared_page

public = Blueprint("public", __name__)


@shared_page(public, "/")
def home() -> Response:
    """Show the home page: urban or rural, log in, register."""
    return open_page("public/home.html")


@shared_page(public, "/urban")
def urban() -> Response:
    """Show the services of the urban network."""
    return _services_page("urban")


@shared_page(public, "/rural")
def rural() -> Response:
    """Show the services of the rural network."""
    return _services_page("rural")


@shared_page(public, "/help")
def help_page() -> Response:
    """Show where the numbers are on the bill, what to do when something fails, and whom to call."""
    return open_page("public/help.html")


@shared_page(public, "/privacy")
def privacy() -> Response:
    """Show which data about a consumer is stored, for what purpose, and how to withdraw consent."""
    return open_page("public/privacy.html", version=PRIVACY_VERSION)


@shared_page(public, "/terms")
def terms() -> Response:
    """Show the terms of use."""
    return open_page("public/terms.html", version=TERMS_VERSION)


@shared_page(public, "/accessibility")
def accessibility() -> Response:
    """Show how people with a disability use this site, and what does not work for them yet."""
    return open_page("public/accessibility.html")


@shared_page(public, "/sitemap")
def sitemap() -> Response:
    """Show every page that can be opened without login."""
    return open_page("public/sitemap.html")


@public.post("/language")
def language() -> Response:
    """Switch the language, beginning with the current page."""
    response = redirect_to_address(referring_page())
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        return response
    if is_signed_in():
        choose_language(current_consumer().id, chosen)
    return remember_language(response, chosen)


def _services_page(network: str) -> Response:
    kinds = reference().kinds_of(network)
    return open_page("public/services.html", network=network, kinds=kinds, bill_kind=dispute_kind(kinds))


def open_page(page: str, **context: Any) -> Response:
    """Return a page without personal data, which may be cached."""
    return set_lifetime(render(page, **context), is_signed_in=is_signed_in())
