"""Clearing a phone that several people use: log out, and leave nothing of this person in the browser."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app

from wss.services.login.consumer_login import log_out
from wss.web.access import cookie, current_consumer, is_signed_in
from wss.web.auth.views import auth
from wss.web.cookie import CookieSessions
from wss.web.device_cookie import forget_phone, has_phone_cookie
from wss.web.pages import redirect_to, render


@auth.get("/finish")
def finish() -> Response:
    """Offer to clear this phone while it has a cookie of a person; otherwise show that it is clear."""
    return render("auth/finish.html", is_clear=cookie().is_new and not has_phone_cookie())


@auth.post("/finish")
def finish_now() -> Response:
    """End the session and delete what this browser has kept of the person; the chosen language stays."""
    if is_signed_in():
        log_out(current_consumer().session_hash)
    response = redirect_to("auth.finish")
    cast(CookieSessions, current_app.session_interface).delete_cookie(response)
    forget_phone(response)
    # Not "cookies", which would take the language too. Not "cache": pages are never stored (no-store), and the next
    # person would load style sheet and scripts again over 2G.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
