"""Login of staff with password and second factor, and the first page of each role."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss.domain.captcha import CaptchaAnswer
from wss.domain.second_factor import (
    SECRET_GROUP,
    SecondFactorUse,
    StaffLoginOutcome,
    in_groups,
)
from wss.gateways.qr_code import qr_code
from wss.services.login.consumer_login import log_out
from wss.services.login.staff_credentials import provisioning_uri, totp_secret_of
from wss.services.login.staff_login import captcha_is_due as is_captcha_due
from wss.services.login.staff_login import check_second_factor, log_in_staff
from wss.web.access import cookie, current_staff, missing_step, staff_or_none, visitor
from wss.web.captchas import captcha_if_due, wrong_sum
from wss.web.fields import add_error
from wss.web.labels.staff import wrong_code_words
from wss.web.next_page import safe_next
from wss.web.pages import redirect_to, redirect_to_address, render
from wss.web.staff.blueprint import staff
from wss.web.staff.forms import SecondFactorForm, StaffLoginForm
from wss.web.staff.login_errors import redirect_logged_in, refused, wanted
from wss.web.staff.step_up_pages import purpose_of
from wss.web.staff_menu import first_page


@staff.get("/staff/login")
def login() -> Response:
    """Show the login page of staff."""
    form = StaffLoginForm(formdata=None, next=safe_next(request.args.get("next")) or "")
    return _login_page(form)


@staff.post("/staff/login")
def try_login() -> Response:
    """Check the password; one answer for an unknown employee and a wrong password."""
    form = StaffLoginForm()
    if "reload_captcha" in request.form:
        return _login_page(form)
    if not form.validate():
        return _login_page(form, 422)
    solved = CaptchaAnswer(form.captcha_id.data or "", form.captcha.data or "")
    typed_id = (form.employee_id.data or "").strip()
    answer = log_in_staff(visitor(), typed_id, form.password.data or "", solved)
    if answer.outcome is StaffLoginOutcome.WRONG_CAPTCHA:
        add_error(form.captcha, wrong_sum(form))
        return _login_page(form, 422)
    if answer.outcome is not StaffLoginOutcome.IN:
        words = _("The employee ID or password is incorrect. Check both and try again.")
        asked = {"captcha_id": _captcha(form)}
        return refused("staff/login.html", form, form.employee_id, answer, words, **asked)
    next_endpoint = "staff.password" if answer.is_first else "staff.totp"
    return redirect_logged_in(answer, url_for(next_endpoint, next=safe_next(form.next.data)))


@staff.get("/staff/totp")
def totp() -> Response:
    """Show the form for the second factor; the first time with the secret for the authenticator."""
    someone = current_staff()
    if someone.second_factor_at is not None:
        return redirect_to("staff.begin" if someone.is_in else missing_step(someone))
    form = SecondFactorForm(formdata=None, next=safe_next(request.args.get("next")) or "")
    return render("staff/totp.html", form=form, **_setting_up())


@staff.post("/staff/totp")
def try_totp() -> Response:
    """Check the code; the first one completes the setup of the authenticator."""
    someone, form = current_staff(), SecondFactorForm()
    if someone.second_factor_at is not None:
        return redirect_to("staff.begin")
    if not form.validate():
        return render("staff/totp.html", status=422, form=form, **_setting_up())
    answer = check_second_factor(someone, form.code.data or "", SecondFactorUse.SIGN_IN)
    if answer.outcome is not StaffLoginOutcome.IN:
        return refused("staff/totp.html", form, form.code, answer, wrong_code_words(answer), **_setting_up())
    if someone.must_change:
        return redirect_logged_in(answer, url_for("staff.password", next=safe_next(form.next.data)))
    if answer.is_first:
        return redirect_logged_in(answer, url_for("staff.codes", next=safe_next(form.next.data)))
    return redirect_logged_in(answer, wanted(form.next.data, url_for("staff.begin")))


@staff.get("/staff/step-up")
def step_up() -> Response:
    """Show the form for another code, before a sensitive action."""
    form = SecondFactorForm(formdata=None, next=safe_next(request.args.get("next")) or "")
    return _step_up_page(form)


@staff.post("/staff/step-up")
def try_step_up() -> Response:
    """Check the code and redirect to the requested page."""
    form = SecondFactorForm()
    if not form.validate():
        return _step_up_page(form, 422)
    answer = check_second_factor(current_staff(), form.code.data or "", SecondFactorUse.STEP_UP)
    if answer.outcome is not StaffLoginOutcome.IN:
        purpose = purpose_of(form.next.data or "")
        return refused(
            "staff/step_up.html", form, form.code, answer, wrong_code_words(answer), purpose=purpose
        )
    address = wanted(form.next.data, url_for("staff.begin"))
    if "again" in request.args:
        # The form that asked for the code has not been taken: the page says to send it again.
        address += f"{'&' if '?' in address else '?'}coded=1"
    return redirect_logged_in(answer, address)


def _step_up_page(form: SecondFactorForm, status: int = 200) -> Response:
    return render("staff/step_up.html", status=status, form=form, purpose=purpose_of(form.next.data or ""))


@staff.post("/staff/logout")
def logout() -> Response:
    """End the session and renew the cookie's id."""
    someone = staff_or_none()
    if someone is not None:
        log_out(someone.session_hash)
    cookie().renew()
    return redirect_to("staff.login")


@staff.get("/staff")
def begin() -> Response:
    """Redirect to the first page of the employee's role; show a page that says so if no page is open to it."""
    address = first_page()
    return render("staff/begin.html") if address == request.path else redirect_to_address(address)


def _login_page(form: StaffLoginForm, status: int = 200) -> Response:
    return render("staff/login.html", status=status, form=form, captcha_id=_captcha(form))


def _captcha(form: StaffLoginForm) -> str | None:
    return captcha_if_due(form, is_due=is_captcha_due(visitor()))


def _setting_up() -> dict[str, Any]:
    """Return the secret and its QR code, only for an employee who has not set up the authenticator yet."""
    someone = current_staff()
    secret = None if someone.is_enrolled else totp_secret_of(someone)
    if secret is None:
        return {"secret": None}
    return {
        "secret": in_groups(secret, SECRET_GROUP),
        "drawing": qr_code(provisioning_uri(someone.employee_id, secret)),
    }
