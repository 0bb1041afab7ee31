"""Rendering and redirects: the whole page, or only the part that changes when HTMX requests it."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for
from flask import redirect as see_other
from htmx_flask import request

from wss.web.headers import vary_on
from wss.web.shared_pages import is_shared


def wants_fragment() -> bool:
    """Return whether the request is HTMX's for a part of a page that the browser already has."""
    # A boosted link and a step back in history carry HX-Request too, but replace the whole body.
    is_part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    # What caches keep is the same for every request.
    return bool(is_part) and not is_shared()


def render(page: str, fragment: str | None = None, status: int = 200, **context: object) -> Response:
    """Return the page as a response; only its fragment if HTMX requested it and there is one."""
    template = fragment if fragment and wants_fragment() else page
    response = make_response(render_template(template, page_status=status, **context), status)
    vary_on(response, "HX-Request")
    return response if fragment or _is_fragment(page) else as_page(response)


def redirect_to(endpoint: str, **values: object) -> Response:
    """Redirect to one of our endpoints."""
    return redirect_to_address(url_for(endpoint, **values))  # type: ignore[arg-type]


def redirect_to_address(address: str) -> Response:
    """Redirect to an address that `safe_next` or `url_for` has returned."""
    # HTMX would put the page behind a 303 into the middle of the current one.
    if request.htmx and not request.htmx.history_restore_request:
        response = make_response("", 200)
        response.headers["HX-Redirect"] = address
    else:
        response = see_other(address, code=303)  # type: ignore[assignment]
    vary_on(response, "HX-Request")
    return response


def as_page(response: Response) -> Response:
    """Have HTMX replace the whole page with this one: otherwise it would insert a page into a page."""
    if wants_fragment():
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML show:top"
    vary_on(response, "HX-Request")
    return response


def as_notice(response: Response) -> Response:
    """Have HTMX show this response in the status line of the page, instead of the part that it requested."""
    response.headers["HX-Retarget"] = "#status"
    response.headers["HX-Reswap"] = "innerHTML"
    vary_on(response, "HX-Request")
    return response


def _is_fragment(template: str) -> bool:
    return template.rpartition("/")[2].startswith("_")
