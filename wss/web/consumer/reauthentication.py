"""Reauthentication: a password or an OTP before changes to recovery data, and before an export of all data.

The page contains the form that was sent, and sends it again to the same address with the password or OTP.
"""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField

from wss import clock
from wss.domain.identifiers import normalise_digits
from wss.domain.masking import masked_mobile
from wss.domain.otp import OtpPurpose
from wss.domain.sessions import STEP_UP_LIFE
from wss.queries.codes import latest_otp
from wss.queries.consumers import consumer as consumer_row
from wss.queries.proofs import proof_of
from wss.services.login.reauthentication import (
    CONFIRM,
    ReauthenticationOutcome,
    ReauthenticationResult,
    ask_confirm_code,
    confirm_by_code,
    confirm_by_password,
)
from wss.web.access import cookie, current_consumer, visitor
from wss.web.fields import PlainForm
from wss.web.pages import redirect_to_address, render
from wss.web.retry_times import no_more_codes, too_many_wrong

# Fields that the page adds to the form; the button says which method was chosen.
_OWN_FIELDS = frozenset({"csrf_token", "confirm", "password", "otp"})
_SEND_CODE, _BY_CODE, _BY_PASSWORD = "send_otp", "otp", "password"


class ReauthenticationForm(PlainForm):
    """The password, or the six digits of an SMS."""

    password = PasswordField(_l("Password"))
    otp = StringField(_l("OTP"))


def not_confirmed(heading: str, *, next_page: str | None = None) -> Response | None:
    """Return the page that asks for password or OTP; None if no reauthentication is needed.

    It is not needed if this request contains a valid one, or one was given in the last minutes. `next_page` is the page
    to show after reauthentication, for an action that leads to no other page.
    """
    given = current_consumer().stepped_up_at
    if given is not None and clock.now() - given < STEP_UP_LIFE:
        return None
    form, how = ReauthenticationForm(), request.form.get("confirm", "")
    if how == _SEND_CODE:
        return _sent(form, heading)
    if how == _BY_CODE and (form.otp.data or "").strip():
        confirmed = confirm_by_code(visitor(), current_consumer().id, normalise_digits(form.otp.data or ""))
        return _answer(form, heading, confirmed, next_page)
    if form.password.data:
        confirmed = confirm_by_password(visitor(), current_consumer().id, form.password.data)
        return _answer(form, heading, confirmed, next_page)
    if how == _BY_CODE:
        form.otp.errors = (_("Enter the 6 digits of the OTP"),)
    elif how == _BY_PASSWORD or "password" in request.form:
        form.password.errors = (_("Enter your password"),)
    return _page(form, heading)


def _answer(
    form: ReauthenticationForm, heading: str, confirmed: ReauthenticationResult, next_page: str | None
) -> Response | None:
    if confirmed.outcome is ReauthenticationOutcome.DONE:
        return redirect_to_address(next_page) if next_page else None
    by_code = request.form.get("confirm") == _BY_CODE
    if confirmed.outcome is ReauthenticationOutcome.TOO_OFTEN:
        words = (
            too_many_wrong(confirmed.retry_after)
            if by_code
            else _("Too many wrong passwords. Try again in 15 minutes.")
        )
    elif by_code:
        words = _("This OTP is incorrect or has expired. Request a new one.")
    else:
        words = _("Incorrect password")
    (form.otp if by_code else form.password).errors = (words,)
    return _page(form, heading, confirmed.retry_after)


def _sent(form: ReauthenticationForm, heading: str) -> Response:
    sent = ask_confirm_code(visitor(), current_consumer().id)
    if sent is not None and not sent.ok:
        form.otp.errors = (no_more_codes(sent.retry_after),)
        return _page(form, heading, sent.retry_after)
    return _page(form, heading)


def _page(form: ReauthenticationForm, heading: str, seconds: int = 0) -> Response:
    owner = consumer_row(current_consumer().id)
    proof = proof_of(cookie().id_hash, CONFIRM, clock.now())
    otp = latest_otp(OtpPurpose(*proof.unlocks), cookie().id_hash) if proof is not None else None
    held = [pair for pair in request.form.items(multi=True) if pair[0] not in _OWN_FIELDS]
    page = render(
        "consumer/confirm.html",
        status=429 if seconds else 422,
        form=form,
        heading=heading,
        held=held,
        address=request.path,
        # When the page is shown for the first time it has no error, so its title must not announce one.
        is_asking=not (form.password.errors or form.otp.errors),
        has_password=bool(owner and owner.password_hash),
        mobile=masked_mobile(owner.mobile) if owner else "",
        reference_no=otp.reference_no if otp else "",
    )
    if seconds:
        page.headers["Retry-After"] = str(seconds)
    return page
