"""Where somebody goes on whom the guard does not let in: after signing in, or while a registration is on hold."""

from __future__ import annotations

from enum import StrEnum

from flask import Response, request, url_for

from wss.domain.actor import Actor
from wss.web.draft_handlers import is_kept, kept
from wss.web.language import referring_page
from wss.web.pages import redirect_to

_LEADS_TO_A_FORM = ("consumer.account", "consumer.request_new")


class ExpiredLogin(StrEnum):
    """What the sign-in page says to whoever comes because their time has run out."""

    TIME = "time"
    # And nothing of what they typed is lost.
    KEPT = "kept"


def way_on(page: str | None, lapsed: Actor | None) -> dict[str, str | None]:
    """The page that was asked for, or the one whose form has been kept; and, where the time of `lapsed` has run out,
    what became of what they had typed."""
    if lapsed is None:
        return {"next": page}
    if request.method == "GET":
        return {"next": page, "over": ExpiredLogin.TIME}
    way = kept(lapsed) if is_kept(request.endpoint) else None
    if way is None:
        back = referring_page()
        return {"next": None if back == url_for("public.home") else back, "over": ExpiredLogin.TIME}
    return {"next": way.address, "over": ExpiredLogin.KEPT if way.is_whole else ExpiredLogin.TIME}


def where_held_go() -> Response:
    """The page that says so; whoever wants to write a request may do so meanwhile."""
    wished = request.args.get("request") if request.endpoint in _LEADS_TO_A_FORM else None
    return redirect_to("consumer.held_request", request=wished) if wished else redirect_to("auth.held")
