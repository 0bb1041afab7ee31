"""Links sent by registration: activate, continue what the help-desk began, and object ("not me")."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.queries.proofs import proof_of
from wss.services.login.known_phones import is_phone_link_valid, remember_browser
from wss.services.registration.activation import (
    ActivationOutcome,
    begun_in_other_browser_at,
    follow_activation_link,
    is_link_valid,
    reject_registration,
)
from wss.services.registration.mobile_change import STOP_PURPOSES, is_mobile_waiting, stop_pending_mobile
from wss.services.registration.recovery import PASSWORD, SIGN_IN
from wss.services.registration.recovery_undo import change_of_link, free_number, undo
from wss.services.registration.registration import begin_by_link, is_register_link_valid
from wss.web.access import cookie, visitor
from wss.web.auth.next_links import next_url_for, redirect_onward
from wss.web.auth.views import auth
from wss.web.pages import render

UNDO = "undo"


@auth.get("/activate/<token>")
def activate(token: str) -> Response:
    """Show a button. Mail scanners open links, so only the button has an effect."""
    is_registration = is_register_link_valid(token)
    is_activation = is_link_valid(token, "activate", cookie().id_hash)
    is_valid = is_registration or is_activation or is_link_valid(token, "confirm_email")
    begun_at = begun_in_other_browser_at(token, cookie().id_hash)
    return _link_page(
        "auth/activate.html", token, is_valid=is_valid, is_registration=is_registration, begun_at=begun_at
    )


@auth.post("/activate/<token>")
def follow_link(token: str) -> Response:
    """Activate the registration, confirm the e-mail address, or continue what the help-desk began."""
    if begin_by_link(visitor(), token):
        return redirect_onward("auth.register_details")
    ended = follow_activation_link(token, cookie().id_hash)
    if ended.outcome in (ActivationOutcome.ACTIVE, ActivationOutcome.HELD):
        return redirect_onward("auth.login", activated=1)
    return render("auth/dead_link.html", status=404)


@auth.get("/not-me/<token>")
def not_me(token: str) -> Response:
    """Show the objection form of a link.

    The link is sent to the number on record (its owner did not register), to former addresses (a change was not
    theirs) or to a number that is not that consumer's.
    """
    valid_purposes = {each for each in ("not_me", *STOP_PURPOSES) if is_link_valid(token, each)}
    undone = change_of_link(token)
    valid_purposes |= {UNDO} if undone is not None else set()
    if not valid_purposes:
        return render("auth/dead_link.html", status=404)
    return render(
        "auth/not_me.html",
        token=token,
        valid_purposes=valid_purposes,
        undone=undone,
        is_waiting=is_mobile_waiting(token),
    )


@auth.post("/not-me/<token>")
def was_not_me(token: str) -> Response:
    """End the registration or undo the change that is disowned, or remove the number from the account."""
    if "free" in request.form and free_number(token):
        return render("auth/not_me_done.html", what="number")
    if reject_registration(token):
        return render("auth/not_me_done.html", what="registration")
    if stop_pending_mobile(token):
        return render("auth/not_me_done.html", what="mobile")
    undone = undo(token)
    if undone is not None:
        return render("auth/not_me_done.html", what=undone)
    return render("auth/dead_link.html", status=404)


@auth.get("/phone/<code>")
def phone(code: str) -> Response:
    """Show the button that makes this browser known to the mobile that received the link."""
    if not is_phone_link_valid(visitor(), code):
        return render("auth/dead_link.html", status=404)
    return render("auth/phone.html", code=code)


@auth.post("/phone/<code>")
def know_phone(code: str) -> Response:
    """Make this browser known, so that it gets OTPs even if others have used up the mobile's rate limit.

    The browser is not logged in.
    """
    if not remember_browser(visitor(), code):
        return render("auth/dead_link.html", status=404)
    return redirect_onward("auth.phone_known")


@auth.get("/phone/known")
def phone_known() -> Response:
    """Show where to request the OTP again: the process that was begun in this browser, else registration and login."""
    purposes = (SIGN_IN, "auth.login_otp_verify"), (PASSWORD, "auth.forgot_password_verify")
    pending_pages = [page for purpose, page in purposes if proof_of(cookie().id_hash, purpose, clock.now())]
    alternatives = [(_("Enter the OTP"), next_url_for(page)) for page in pending_pages[:1]]
    alternatives += [
        (_("Log in with an OTP"), next_url_for("auth.login_otp")),
        (_("Register"), next_url_for("auth.register")),
    ]
    return render("auth/phone.html", is_known=True, alternatives=alternatives)


def _link_page(page: str, token: str, *, is_valid: bool, **facts: Any) -> Response:
    """Return the page of a valid link; the same error page for every invalid one."""
    if not is_valid:
        return render("auth/dead_link.html", status=404)
    return render(page, None, token=token, **facts)
