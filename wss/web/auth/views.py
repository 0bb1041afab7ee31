"""Login, logout, and the day of waiting after a registration with a new number."""

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from wss.domain.otp import OtpOutcome
from wss.services.login.consumer_login import LoginOutcome, LoginResult, log_in, log_out
from wss.services.registration.activation import send_hold_code, try_hold_code
from wss.services.requests.held_requests import finish_holds
from wss.web.access import cookie, current_consumer, is_signed_in, visitor
from wss.web.auth.forms import LoginForm, OtpForm
from wss.web.auth.holds import hold_context
from wss.web.auth.next_links import next_url_for, redirect_onward, requested_page
from wss.web.captchas import fresh_captcha
from wss.web.device_cookie import remember_phone
from wss.web.fields import add_error
from wss.web.next_page import safe_next
from wss.web.otp_page import code_page
from wss.web.pages import redirect_to, redirect_to_address, render
from wss.web.retry_times import no_more_codes, too_many_wrong

auth = Blueprint("auth", __name__)
auth.record_once(lambda state: state.app.jinja_env.globals.update(next_url=next_url_for))


@auth.get("/login")
def login() -> Response:
    """Show the login page with a new captcha."""
    form = LoginForm(formdata=None, next=safe_next(request.args.get("next")) or "")
    return _login_page(form)


@auth.post("/login")
def try_login() -> Response:
    """Log in; one answer for a wrong account, password or captcha."""
    form = LoginForm()
    if "reload_captcha" in request.form:
        return _login_page(form)
    if not form.validate():
        return _login_page(form, status=422)
    answer = log_in(visitor(), form.credentials())
    if answer.outcome is LoginOutcome.IN:
        return welcome(after_sign_in(), answer.session_id, answer.consumer_id)
    if answer.outcome is LoginOutcome.MORE:
        return redirect_onward("auth.login_code")
    if answer.outcome is LoginOutcome.TOO_OFTEN:
        return _too_often(form, answer)
    add_error(form.login, _("Check your account number or user name, password and the answer to the sum"))
    return _login_page(form, status=422)


@auth.post("/logout")
def logout() -> Response:
    """End the session and renew the cookie's id."""
    if is_signed_in():
        log_out(current_consumer().session_hash)
    cookie().renew()
    return redirect_to("public.home")


@auth.get("/held")
def held() -> Response:
    """Show the page of a registration with a new number: wait a day, or prove the old number."""
    return _held_page(OtpForm(formdata=None))


@auth.post("/held")
def try_held() -> Response:
    """End the hold at once if the OTP of the old number is right."""
    form = OtpForm()
    if not form.validate():
        return _held_page(form, status=422)
    tried = try_hold_code(visitor(), current_consumer().id, form.otp.data or "")
    if tried is None or tried.is_right:
        sent = finish_holds(current_consumer().id)
        return (
            redirect_to("consumer.registered", complaint_no=sent[0])
            if sent
            else redirect_to("consumer.account")
        )
    if tried.answer is OtpOutcome.STOPPED:
        add_error(form.otp, too_many_wrong(tried.retry_after))
        return wait(_held_page(form, status=429), tried.retry_after)
    add_error(form.otp, _("This OTP is incorrect or has expired. Request a new one."))
    return _held_page(form, status=422)


@auth.post("/held/resend")
def held_resend() -> Response:
    """Send an OTP to the old number."""
    sent = send_hold_code(visitor(), current_consumer().id)
    if sent is not None and not sent.ok:
        form = OtpForm(formdata=None)
        form.process()
        form.otp.errors = (no_more_codes(sent.retry_after),)
        return wait(_held_page(form, status=429), sent.retry_after)
    return redirect_to("auth.held")


def _login_page(form: LoginForm, status: int = 200) -> Response:
    """Return the login page with the submitted values, except password and captcha."""
    return render("auth/login.html", status=status, form=form, captcha_id=fresh_captcha())


def after_sign_in() -> Response:
    """Redirect to the requested page, else to the account."""
    address = requested_page()
    return redirect_to_address(address) if address else redirect_to("consumer.account")


def welcome(response: Response, session_id: str, consumer_id: int) -> Response:
    """Set the session's new id in the cookie, and record that this consumer has logged in on this phone."""
    cookie().renew(session_id)
    remember_phone(response, consumer_id)
    return response


def _too_often(form: LoginForm, answer: LoginResult) -> Response:
    add_error(form.login, _("Too many attempts. Try again in 15 minutes."))
    return wait(_login_page(form, status=429), answer.retry_after)


def _held_page(form: OtpForm, status: int = 200) -> Response:
    return code_page("auth/held.html", status=status, form=form, **hold_context(current_consumer().id))


def wait(response: Response, seconds: int) -> Response:
    """Set the time to retry in the header Retry-After."""
    response.headers["Retry-After"] = str(seconds)
    return response
