"""Every page leaves through here: the whole page, or only the part that changed when HTMX asked for it."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for
from flask import redirect as see_other
from htmx_flask import request


def wants_fragment() -> bool:
    """Whether the reader's browser has the page already and asks for a part of it."""
    # A boosted link and a step back in history carry HX-Request too, but replace the whole body.
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def render(page: str, fragment: str | None = None, status: int = 200, **context: object) -> Response:
    """The page as an answer; its fragment alone when HTMX asked and there is one."""
    template = fragment if fragment and wants_fragment() else page
    response = make_response(render_template(template, page_status=status, **context), status)
    response.vary.add("HX-Request")
    return response if fragment or _is_fragment(page) else as_page(response)


def redirect_to(endpoint: str, **values: object) -> Response:
    """Send the reader on to one of our pages."""
    return redirect_to_address(url_for(endpoint, **values))  # type: ignore[arg-type]


def redirect_to_address(address: str) -> Response:
    """Send the reader on to an address that `safe_next` or `url_for` has made."""
    # HTMX would put the page behind a 303 into the middle of the present one.
    if request.htmx and not request.htmx.history_restore_request:
        response = make_response("", 200)
        response.headers["HX-Redirect"] = address
    else:
        response = see_other(address, code=303)  # type: ignore[assignment]
    response.vary.add("HX-Request")
    return response


def as_page(response: Response) -> Response:
    """Have HTMX put this whole page in the place of the one before: inside of it there would be two."""
    if wants_fragment():
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML show:top"
    response.vary.add("HX-Request")
    return response


def as_notice(response: Response) -> Response:
    """Have HTMX show this answer in the status line of the page, in place of the part it asked for."""
    response.headers["HX-Retarget"] = "#status"
    response.headers["HX-Reswap"] = "innerHTML"
    response.vary.add("HX-Request")
    return response


def _is_fragment(template: str) -> bool:
    return template.rpartition("/")[2].startswith("_")
