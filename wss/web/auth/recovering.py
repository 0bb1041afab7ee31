"""Ways back in for whoever has a bill: sign-in by OTP, a new password, the forgotten user name."""

from collections.abc import Callable

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss import clock, vault
from wss.domain.otp import Sent, Unlocks
from wss.queries.codes import latest_otp, live_token
from wss.queries.proofs import proof_of
from wss.services.recovery import (
    PASSWORD,
    SIGN_IN,
    Back,
    BackIn,
    ask_again,
    ask_code,
    send_user_name,
    set_password_by_code,
    set_password_by_link,
    sign_in_by_code,
)
from wss.web.access import cookie, visitor
from wss.web.auth.forms import OtpForm, add_error
from wss.web.auth.holds import seconds_to_resend
from wss.web.auth.proof_forms import FactsForm, NewPasswordForm, ResetForm
from wss.web.auth.views import auth, wait, welcome
from wss.web.codes import code_page, fate_of
from wss.web.pages import redirect_to, render
from wss.web.waiting import no_more_codes, too_often_with_account


@auth.get("/login/otp")
def login_otp() -> Response:
    """Sign in with a bill and a phone: no password, no picture (WCAG 3.3.8)."""
    return _facts_page("auth/login_otp.html", FactsForm(formdata=None))


@auth.post("/login/otp")
def ask_login_otp() -> Response:
    """Send the code; the answer is the same whoever asks."""
    return _ask("auth/login_otp.html", SIGN_IN, "auth.login_otp_verify")


@auth.get("/login/otp/verify")
def login_otp_verify() -> Response:
    """Enter the code."""
    return _code_page(SIGN_IN, OtpForm(formdata=None))


@auth.post("/login/otp/verify")
def try_login_otp() -> Response:
    """The right code signs in."""
    form = OtpForm()
    if not form.validate():
        return _code_page(SIGN_IN, form, 422)
    back = sign_in_by_code(visitor(), form.otp.data or "")
    if back.outcome is Back.DONE:
        return welcome(redirect_to("consumer.account"), back.session_id, back.consumer_id)
    return _code_refused(SIGN_IN, form, back)


@auth.post("/login/otp/resend")
def login_otp_resend() -> Response:
    """Send the code once more."""
    return _again(SIGN_IN, OtpForm, ask_again(visitor(), SIGN_IN))


@auth.get("/forgot-password")
def forgot_password() -> Response:
    """A new password with a bill and a phone, or an e-mailed link."""
    return _facts_page("auth/forgot_password.html", FactsForm(formdata=None))


@auth.post("/forgot-password")
def ask_password() -> Response:
    """Send the code, and the link where an e-mail address is confirmed."""
    return _ask("auth/forgot_password.html", PASSWORD, "auth.forgot_password_verify")


@auth.get("/forgot-password/verify")
def forgot_password_verify() -> Response:
    """Enter the code and the new password."""
    return _code_page(PASSWORD, NewPasswordForm(formdata=None))


@auth.post("/forgot-password/verify")
def try_new_password() -> Response:
    """The right code sets the new password."""
    form = NewPasswordForm()
    if not form.validate():
        return _code_page(PASSWORD, form, 422)
    back = set_password_by_code(visitor(), form.otp.data or "", form.password.data or "")
    if back.outcome is Back.DONE:
        return redirect_to("auth.login", changed=1)
    return _code_refused(PASSWORD, form, back)


@auth.post("/forgot-password/resend")
def forgot_password_resend() -> Response:
    """Send the code once more."""
    return _again(PASSWORD, NewPasswordForm, ask_again(visitor(), PASSWORD))


@auth.get("/reset/<token>")
def reset(token: str) -> Response:
    """The e-mailed link: a bill number and the new password."""
    if live_token(vault.link_hash(token), "reset", clock.now()) is None:
        return render("auth/dead_link.html", status=404)
    return render("auth/reset.html", form=ResetForm(formdata=None), token=token)


@auth.post("/reset/<token>")
def set_new_password(token: str) -> Response:
    """Set the new password; a wrong bill does not use the link up."""
    form = ResetForm()
    if not form.validate():
        return render("auth/reset.html", status=422, form=form, token=token)
    back = set_password_by_link(token, form.bill_no.value, form.password.data or "")
    if back.outcome is Back.DONE:
        return redirect_to("auth.login", changed=1)
    if back.outcome is Back.WRONG:
        add_error(form.bill_no, _("This is not one of the last three bills of your connection"))
        return render("auth/reset.html", status=422, form=form, token=token)
    return render("auth/dead_link.html", status=422)


@auth.get("/forgot-username")
def forgot_username() -> Response:
    """The user name goes by SMS to the verified mobile."""
    return _facts_page("auth/forgot_username.html", FactsForm(formdata=None))


@auth.post("/forgot-username")
def ask_username() -> Response:
    """Send it; the answer is the same whoever asks."""
    form = FactsForm()
    if not form.validate():
        return _facts_page("auth/forgot_username.html", form, 422)
    back = send_user_name(visitor(), form.facts())
    if back.outcome is Back.TOO_OFTEN:
        return facts_too_often("auth/forgot_username.html", form, back.retry_after)
    return redirect_to("auth.forgot_username", sent=1)


def facts_too_often(page: str, form: FactsForm, seconds: int) -> Response:
    """The account number was tried too often from here, or no more codes can be sent for now."""
    add_error(form.account_no, too_often_with_account(seconds))
    return wait(_facts_page(page, form, 429), seconds)


def _facts_page(page: str, form: FactsForm, status: int = 200) -> Response:
    return render(page, status=status, form=form, sent="sent" in request.args)


def _ask(page: str, purpose: str, onward: str) -> Response:
    form = FactsForm()
    if not form.validate():
        return _facts_page(page, form, 422)
    back = ask_code(visitor(), purpose, form.facts())
    if back.outcome is Back.TOO_OFTEN:
        return facts_too_often(page, form, back.retry_after)
    return redirect_to(onward)


_CODE_PAGES = {
    SIGN_IN: ("auth/login_otp_verify.html", "auth.login_otp", "auth.login_otp_verify"),
    PASSWORD: ("auth/forgot_password_verify.html", "auth.forgot_password", "auth.forgot_password_verify"),
}


def _code_page(purpose: str, form: OtpForm, status: int = 200) -> Response:
    page, start, _verify = _CODE_PAGES[purpose]
    proof = proof_of(cookie().id_hash, purpose, clock.now())
    if proof is None:
        return redirect_to(start)
    otp = latest_otp(Unlocks(*proof.unlocks))
    return code_page(
        page,
        # Nobody has proved anything yet: whether there is a number to send to, is not told.
        fate_of(otp, tells=False),
        status,
        form=form,
        ways=_other_ways(purpose),
        reference_no=otp.reference_no if otp else "",
        wait=seconds_to_resend(otp),
        change=url_for(start),
    )


def _other_ways(purpose: str) -> list[tuple[str, str]]:
    """What can be done instead; the e-mailed link has been sent together with the code."""
    if purpose == SIGN_IN:
        return [(_("Sign in with the password"), url_for("auth.login"))]
    return [(_("Look into your mail box: if your e-mail address is confirmed, a link is there too"), "")]


def _code_refused(purpose: str, form: OtpForm, back: BackIn) -> Response:
    if back.outcome is Back.LOST:
        return redirect_to(_CODE_PAGES[purpose][1])
    if back.outcome is Back.STOPPED:
        add_error(form.otp, _("Too many wrong codes. Wait a quarter of an hour, then try again."))
        return wait(_code_page(purpose, form, 429), back.retry_after)
    add_error(form.otp, _("This OTP is not right, or its 10 minutes are over"))
    return _code_page(purpose, form, 422)


def _again(purpose: str, make_form: Callable[..., OtpForm], sent: Sent | None) -> Response:
    if sent is None:
        return redirect_to(_CODE_PAGES[purpose][1])
    if sent.ok:
        return redirect_to(_CODE_PAGES[purpose][2])
    form = make_form(formdata=None)
    form.otp.errors = (no_more_codes(sent.retry_after),)
    return wait(_code_page(purpose, form, 429), sent.retry_after)
