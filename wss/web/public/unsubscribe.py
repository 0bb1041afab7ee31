"""The address in an alert by e-mail at which alerts are ended: looking shows a button, sending ends them."""

from __future__ import annotations

from flask import Response, abort, request

from wss.services.messages.unsubscribe import end_alerts, takes_alerts
from wss.web.pages import redirect_to, render
from wss.web.public.views import public

# What is sent by a reader's mail program that does it for them (RFC 8058), and by the page's button.
_SAYS, _ONE_CLICK, _BUTTON = "List-Unsubscribe", "One-Click", "Button"


@public.get("/unsubscribe/<token>")
def unsubscribe(token: str) -> Response:
    """Ask; mail scanners open links, so looking changes nothing."""
    wanted = takes_alerts(token)
    if wanted is None:
        return _page("over", 404)
    return _page("asked", token=token) if wanted else _page("ended")


@public.post("/unsubscribe/<token>")
def stop_alerts(token: str) -> Response:
    """End them, without a token against forged forms: the address is the key, and mail programs have no page."""
    said = request.form.get(_SAYS)
    if said not in (_ONE_CLICK, _BUTTON):
        abort(400)
    if not end_alerts(token):
        return _page("over", 404)
    # Mail programs do not follow us to another page.
    return _page("ended") if said == _ONE_CLICK else redirect_to("public.unsubscribed")


@public.get("/unsubscribed")
def unsubscribed() -> Response:
    """They are ended."""
    return _page("ended")


def _page(now: str, status: int = 200, token: str = "") -> Response:
    return render("public/unsubscribe.html", status=status, now=now, token=token)
