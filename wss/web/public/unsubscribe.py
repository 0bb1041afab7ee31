"""The unsubscribe link of an e-mail alert: GET shows a button, POST ends the alerts."""

from __future__ import annotations

from flask import Response, abort, request

from wss.services.messages.unsubscribe import end_alerts, gets_alerts
from wss.web.pages import redirect_to, render
from wss.web.public.views import public

# The form value that a mail program sends for its user (RFC 8058), and the one of the page's button.
_ONE_CLICK_FIELD, _ONE_CLICK, _BUTTON = "List-Unsubscribe", "One-Click", "Button"


@public.get("/unsubscribe/<token>")
def unsubscribe(token: str) -> Response:
    """Show the question. Mail scanners open links, so GET changes nothing."""
    wanted = gets_alerts(token)
    if wanted is None:
        return _page("over", 404)
    return _page("asked", token=token) if wanted else _page("ended")


@public.post("/unsubscribe/<token>")
def stop_alerts(token: str) -> Response:
    """End the alerts. There is no CSRF token: the address is the secret, and mail programs load no form."""
    choice = request.form.get(_ONE_CLICK_FIELD)
    if choice not in (_ONE_CLICK, _BUTTON):
        abort(400)
    if not end_alerts(token):
        return _page("over", 404)
    # Mail programs do not follow a redirect to another page.
    return _page("ended") if choice == _ONE_CLICK else redirect_to("public.unsubscribed")


@public.get("/unsubscribed")
def unsubscribed() -> Response:
    """Show that the alerts have ended."""
    return _page("ended")


def _page(now: str, status: int = 200, token: str = "") -> Response:
    return render("public/unsubscribe.html", status=status, now=now, token=token)
