"""Account recovery with a bill: login by OTP, a new password, the forgotten user name."""

from collections.abc import Callable

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain.otp import OtpPurpose, OtpSending
from wss.queries.codes import latest_otp
from wss.queries.connections import connections_of
from wss.queries.proofs import proof_of
from wss.services.login.consumer_login import is_captcha_required
from wss.services.registration.recovery import (
    PASSWORD,
    SIGN_IN,
    RecoveryOutcome,
    RecoveryResult,
    begin_recovery,
    is_reset_open,
    keep_password,
    log_in_by_code,
    resend_code,
    send_user_name,
    set_password_by_code,
    set_password_by_link,
)
from wss.web.access import cookie, current_consumer, is_signed_in, visitor
from wss.web.auth.forms import OtpForm
from wss.web.auth.holds import seconds_to_resend
from wss.web.auth.next_links import next_url_for, redirect_onward
from wss.web.auth.proof_forms import OneNumberForm, PasswordResetForm, PasswordResetLinkForm
from wss.web.auth.views import after_sign_in, auth, wait, welcome
from wss.web.captchas import captcha_if_due, wrong_sum
from wss.web.fields import ShapedField, add_error
from wss.web.otp_page import code_page, sms_progress_of
from wss.web.pages import render
from wss.web.retry_times import (
    A_NEW_CODE,
    no_more_codes,
    time_to_wait,
    too_many_wrong,
    too_often_with_account,
)


@auth.get("/login/otp")
def login_otp() -> Response:
    """Show the login with a bill and a phone: no password, no captcha image (WCAG 3.3.8)."""
    return _facts_page("auth/login_otp.html", OneNumberForm(formdata=None))


@auth.post("/login/otp")
def ask_login_otp() -> Response:
    """Send the OTP; the answer is the same for every caller."""
    return _ask("auth/login_otp.html", SIGN_IN, "auth.login_otp_verify")


@auth.get("/login/otp/verify")
def login_otp_verify() -> Response:
    """Show the form for the OTP."""
    return _code_page(SIGN_IN, OtpForm(formdata=None))


@auth.post("/login/otp/verify")
def try_login_otp() -> Response:
    """Log in with the right OTP."""
    form = OtpForm()
    if not form.validate():
        return _code_page(SIGN_IN, form, 422)
    back = log_in_by_code(visitor(), form.otp.data or "")
    if back.outcome is RecoveryOutcome.DONE:
        return welcome(after_sign_in(), back.session_id, back.consumer_id)
    return _code_refused(SIGN_IN, form, back)


@auth.post("/login/otp/resend")
def login_otp_resend() -> Response:
    """Resend the OTP."""
    return _again(SIGN_IN, OtpForm, resend_code(visitor(), SIGN_IN))


@auth.get("/forgot-password")
def forgot_password() -> Response:
    """Show the form for a new password, with a bill and a phone, or by an e-mailed link."""
    return _facts_page("auth/forgot_password.html", OneNumberForm(formdata=None, **_own_numbers()))


@auth.post("/forgot-password")
def ask_password() -> Response:
    """Send the OTP, and the link if an e-mail address is confirmed."""
    return _ask("auth/forgot_password.html", PASSWORD, "auth.forgot_password_verify")


@auth.get("/forgot-password/verify")
def forgot_password_verify() -> Response:
    """Show the form for the OTP and the new password."""
    return _code_page(PASSWORD, PasswordResetForm(formdata=None))


@auth.post("/forgot-password/verify")
def try_new_password() -> Response:
    """Set the new password if the OTP is right."""
    form = PasswordResetForm()
    form.has_password = has_password(PASSWORD)
    if not form.validate():
        if form.password_to_keep():
            keep_password(visitor(), PASSWORD, form.password_to_keep())
        return _code_page(PASSWORD, form, 422)
    back = set_password_by_code(visitor(), form.otp.data or "", form.password.data or "")
    if back.outcome is RecoveryOutcome.DONE:
        return redirect_onward("auth.login", changed=1)
    return _code_refused(PASSWORD, form, back)


@auth.post("/forgot-password/resend")
def forgot_password_resend() -> Response:
    """Resend the OTP."""
    return _again(PASSWORD, PasswordResetForm, resend_code(visitor(), PASSWORD))


@auth.get("/reset/<token>")
def reset(token: str) -> Response:
    """Show the form of the e-mailed link: a bill number and the new password."""
    if not is_reset_open(token):
        return render("auth/dead_link.html", status=404)
    return render("auth/reset.html", form=PasswordResetLinkForm(formdata=None), token=token)


@auth.post("/reset/<token>")
def set_new_password(token: str) -> Response:
    """Set the new password; a wrong bill number does not invalidate the link."""
    form = PasswordResetLinkForm()
    if not is_reset_open(token):
        return render("auth/dead_link.html", status=404)
    if not form.validate():
        return render("auth/reset.html", status=422, form=form, token=token)
    back = set_password_by_link(token, form.bill_no.value, form.password.data or "")
    if back.outcome is RecoveryOutcome.DONE:
        return redirect_onward("auth.login", changed=1)
    if back.outcome is RecoveryOutcome.WRONG:
        add_error(
            form.bill_no,
            _(
                "This is not one of the last three bills of your connection. Enter the "
                "number of one of those."
            ),
        )
        return render("auth/reset.html", status=422, form=form, token=token)
    return render("auth/dead_link.html", status=404)


@auth.get("/forgot-username")
def forgot_username() -> Response:
    """Show the form that sends the user name by SMS to the verified mobile."""
    return _facts_page("auth/forgot_username.html", OneNumberForm(formdata=None))


@auth.post("/forgot-username")
def ask_username() -> Response:
    """Send the user name; the answer is the same for every caller."""
    return _send(
        "auth/forgot_username.html",
        lambda form: send_user_name(visitor(), form.facts(), form.solved()),
        lambda: redirect_onward("auth.forgot_username", sent=1),
    )


def _own_numbers() -> dict[str, str]:
    """Return account and bill number of a consumer who is logged in and wants a password, as they may have no bill
    at hand; empty for anyone else, and while the connection is on hold."""
    owned = connections_of(current_consumer().id, clock.now()) if is_signed_in() else []
    billed = [(each.account_no, each.bill_no) for each in owned if each.bill_no]
    return {"account_no": billed[0][0], "bill_no": billed[0][1]} if billed else {}


def _ask(page: str, purpose: str, onward_to: str) -> Response:
    return _send(
        page,
        lambda form: begin_recovery(visitor(), purpose, form.facts(), form.solved()),
        lambda: redirect_onward(onward_to),
    )


def _send(
    page: str, ask: Callable[[OneNumberForm], RecoveryResult], on_success: Callable[[], Response]
) -> Response:
    """Send an OTP or the user name to the verified mobile; the answer is the same whatever was typed."""
    form = OneNumberForm()
    if "reload_captcha" in request.form:
        return _facts_page(page, form)
    if not form.validate():
        return _facts_page(page, form, 422)
    back = ask(form)
    if back.outcome is RecoveryOutcome.WRONG_CAPTCHA:
        add_error(form.captcha, wrong_sum(form))
        return _facts_page(page, form, 422)
    if back.outcome is RecoveryOutcome.TOO_OFTEN:
        add_error(*_too_often(form, back.retry_after))
        return wait(_facts_page(page, form, 429), back.retry_after)
    return on_success()


def _too_often(form: OneNumberForm, seconds: int) -> tuple[ShapedField, str]:
    """Return field and error of an exceeded rate limit: of the account number, of bill numbers alone, or of OTPs."""
    if form.account_no.value:
        return form.account_no, too_often_with_account(seconds, sends_sms=True)
    if seconds <= A_NEW_CODE:
        return form.bill_no, no_more_codes(seconds)
    words = _(
        "Too many attempts with a bill number alone. Enter the account number too, or try again in %(time)s.",
        time=time_to_wait(seconds),
    )
    return form.account_no, words


def _facts_page(page: str, form: OneNumberForm, status: int = 200) -> Response:
    is_alone = request.method == "POST" and not (form.account_no.data or "").strip()
    captcha_id = captcha_if_due(form, is_due=is_alone or is_captcha_required())
    return render(
        page,
        status=status,
        form=form,
        sent="sent" in request.args,
        captcha_id=captcha_id,
    )


def has_password(purpose: str) -> bool:
    """Return whether the password typed with an invalid form was saved."""
    proof = proof_of(cookie().id_hash, purpose, clock.now())
    return proof is not None and bool(proof.password_hash)


_CODE_PAGES = {
    SIGN_IN: ("auth/login_otp_verify.html", "auth.login_otp", "auth.login_otp_verify"),
    PASSWORD: ("auth/forgot_password_verify.html", "auth.forgot_password", "auth.forgot_password_verify"),
}


def _code_page(purpose: str, form: OtpForm, status: int = 200) -> Response:
    page, start, _verify = _CODE_PAGES[purpose]
    proof = proof_of(cookie().id_hash, purpose, clock.now())
    if proof is None:
        return redirect_onward(start)
    if isinstance(form, PasswordResetForm):
        form.has_password = has_password(purpose)
    otp = latest_otp(OtpPurpose(*proof.unlocks), cookie().id_hash)
    return code_page(
        page,
        # The visitor has proved nothing yet: whether there is a number to send to must not be revealed.
        sms_progress_of(otp, may_show=False),
        status,
        form=form,
        alternatives=_alternatives(purpose),
        reference_no=otp.reference_no if otp else "",
        wait=seconds_to_resend(otp),
        change=next_url_for(start),
    )


def _alternatives(purpose: str) -> list[tuple[str, str]]:
    """Return the alternatives; the e-mailed link has been sent together with the OTP."""
    if purpose == SIGN_IN:
        return [(_("Log in with the password"), next_url_for("auth.login"))]
    return [(_("Check your e-mail: if your address is confirmed, we have sent a link there too"), "")]


def _code_refused(purpose: str, form: OtpForm, back: RecoveryResult) -> Response:
    if back.outcome is RecoveryOutcome.LOST:
        return redirect_onward(_CODE_PAGES[purpose][1])
    if back.outcome is RecoveryOutcome.STOPPED:
        add_error(form.otp, too_many_wrong(back.retry_after))
        return wait(_code_page(purpose, form, 429), back.retry_after)
    add_error(form.otp, _("This OTP is incorrect or has expired. Request a new one."))
    return _code_page(purpose, form, 422)


def _again(purpose: str, make_form: Callable[..., OtpForm], sent: OtpSending | None) -> Response:
    if sent is None:
        return redirect_onward(_CODE_PAGES[purpose][1])
    if sent.ok:
        return redirect_onward(_CODE_PAGES[purpose][2])
    form = make_form(formdata=None)
    form.otp.errors = (no_more_codes(sent.retry_after),)
    return wait(_code_page(purpose, form, 429), sent.retry_after)
