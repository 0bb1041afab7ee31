"""Publicity of an office: poster and leaflet as PDF, and texts for loudspeaker and press; open to everyone."""

from __future__ import annotations

from flask import Response, abort, current_app, make_response, request
from flask_babel import lazy_gettext

from wss.domain.errors import NotFound
from wss.domain.uploads import UploadRefused
from wss.gateways.pdf import leaflet as draw_leaflet
from wss.queries.reference import OfficeEntry, reference
from wss.services.requests.printed_sheets import print_leaflet
from wss.web.access import visitor
from wss.web.downloads import A_PDF, as_download
from wss.web.errors import Explanation, error_page
from wss.web.labels.leaflets import leaflet_text, loudspeaker_text, press_note
from wss.web.labels.requests import office_name
from wss.web.language import LANGUAGES, in_language, page_language
from wss.web.public.views import open_page, public
from wss.web.shared_pages import shared_page

SIZES = ("a4", "a6")
_TOO_MANY = Explanation(
    lazy_gettext("Too many files to print in one hour"),
    lazy_gettext("Wait a while, then open the file again. The texts are on the page of the leaflet."),
)


@shared_page(public, "/leaflet")
def leaflet() -> Response:
    """Show what an office can print and read out, and the offices below it; `size` shows one size only."""
    office, size = _office(), request.args.get("size", "")
    code = office.code if office else None
    return open_page(
        "public/leaflet.html",
        office=office,
        above=reference().offices.get(office.parent_code or "") if office else None,
        below=[one for one in reference().offices.values() if one.parent_code == code],
        office_name=office_name,
        sizes=[size] if size in SIZES else SIZES,
        loudspeaker=loudspeaker_text(office, _public_url()),
        press=press_note(office, _public_url()),
    )


@public.get("/leaflet.pdf")
def leaflet_pdf() -> Response:
    """Send the poster (A4) or leaflet (A6) of an office, in the `language` that the address names."""
    office = _office()
    size = request.args.get("size", "")
    language = request.args.get("language", "")
    with in_language(language if language in LANGUAGES else page_language()):
        words = leaflet_text(size if size in SIZES else SIZES[0], office, _public_url())
    try:
        printed = print_leaflet(visitor().address, draw_leaflet, words)
    except UploadRefused:
        abort(503)
    if printed.retry_after:
        return error_page(429, {"Retry-After": str(printed.retry_after)}, explanation=_TOO_MANY)
    name = f"leaflet-{words.size}-{words.language}" + (f"-{office.code}" if office else "")
    return as_download(make_response(printed.content), A_PDF, name)


def _office() -> OfficeEntry | None:
    """Return the office that the address names; None without one. Raises NotFound for an unknown code."""
    code = request.args.get("office", "")
    if not code:
        return None
    office = reference().offices.get(code)
    if office is None:
        raise NotFound
    return office


def _public_url() -> str:
    return str(current_app.extensions["wss"].config.public_url).rstrip("/")
