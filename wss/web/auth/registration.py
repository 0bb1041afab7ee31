"""Registration: two steps, the OTP, and the links that are sent."""

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain.errors import NotFound
from wss.domain.masking import masked_address, masked_meter, masked_mobile, masked_name
from wss.domain.otp import OtpPurpose
from wss.models import Registration
from wss.queries.codes import latest_otp
from wss.queries.consumers import connection_row, current_ownership
from wss.queries.registrations import registration_of
from wss.services.messages.sms_abuse import scarce_until
from wss.services.registration.activation import ActivationOutcome, verify_code
from wss.services.registration.registration import (
    give_details,
    has_protecting_mobile,
    keep_password,
    missing_detail,
    name_connection,
    names_require_captcha,
    resend,
)
from wss.services.registration.step_results import (
    StepOneOutcome,
    StepOneResult,
    StepTwoOutcome,
    StepTwoResult,
)
from wss.web.access import cookie, is_signed_in, visitor
from wss.web.auth.forms import DetailsForm, OtpForm, StepOneForm
from wss.web.auth.holds import seconds_to_resend
from wss.web.auth.next_links import first_page, next_url_for, redirect_onward
from wss.web.auth.views import after_sign_in, auth, wait, welcome
from wss.web.captchas import captcha_if_due, wrong_sum
from wss.web.fields import add_error
from wss.web.otp_page import code_page, sms_progress_of
from wss.web.pages import redirect_to_address, render
from wss.web.retry_times import no_more_codes, too_many_wrong, too_often_with_account


@auth.get("/register")
def register() -> Response:
    """Show step one: which connection."""
    return _step_one_page(StepOneForm(formdata=None))


@auth.post("/register")
def name_account() -> Response:
    """Check step one."""
    form = StepOneForm()
    if "reload_captcha" in request.form:
        return _step_one_page(form)
    if not form.validate():
        return _step_one_page(form, status=422)
    answer = name_connection(visitor(), form.numbers())
    if answer.outcome is StepOneOutcome.STARTED:
        return redirect_onward("auth.register_details")
    return _step_one_refused(form, answer)


@auth.get("/register/details")
def register_details() -> Response:
    """Show step two: who registers."""
    registration = _under_way()
    if registration is None:
        return redirect_onward("auth.register")
    form = DetailsForm(
        formdata=None, sms_alerts=True, mobile=registration.mobile if registration.both_given else ""
    )
    return _details_page(form, registration)


@auth.post("/register/details")
def give_the_details() -> Response:
    """Check step two, and send the OTP or the link."""
    registration = _under_way()
    if registration is None:
        return redirect_onward("auth.register")
    form = DetailsForm()
    form.known_words = (registration.typed_account_no, registration.typed_bill_no)
    if "reload_captcha" in request.form:
        return _details_page(form, registration)
    if not form.validate():
        if form.password_to_keep():
            keep_password(visitor(), form.password_to_keep())
        missing = missing_detail(registration, form.details())
        if missing is not None and not form.form_errors:
            _add_missing(form, missing)
        return _details_page(form, registration, status=422)
    answer = give_details(visitor(), form.details())
    if answer.outcome in (StepTwoOutcome.OTP_SENT, StepTwoOutcome.LINK_SENT):
        return redirect_onward("auth.register_verify")
    if answer.outcome is StepTwoOutcome.LOST:
        return redirect_onward("auth.register")
    return _details_refused(form, registration, answer)


@auth.get("/register/verify")
def register_verify() -> Response:
    """Show the form for the OTP, or the notice that a link was e-mailed."""
    registration = _with_details()
    if registration is None:
        return _nothing_to_verify()
    return _verify_page(OtpForm(formdata=None), registration)


@auth.post("/register/verify")
def verify_otp() -> Response:
    """Check the OTP and create the consumer."""
    registration = _with_details()
    if registration is None:
        return _nothing_to_verify()
    form = OtpForm()
    if not form.validate():
        return _verify_page(form, registration, status=422)
    ended = verify_code(visitor(), form.otp.data or "")
    if ended.outcome is ActivationOutcome.ACTIVE:
        page = redirect_to_address(first_page(ended.account_no))
        return welcome(page, ended.session_id, ended.consumer_id)
    if ended.outcome is ActivationOutcome.HELD:
        # From there the access check redirects to the page of the hold, or to the form that was requested.
        return welcome(after_sign_in(), ended.session_id, ended.consumer_id)
    if ended.outcome is ActivationOutcome.STOPPED:
        add_error(form.otp, too_many_wrong(ended.retry_after))
        return wait(_verify_page(form, registration, status=429), ended.retry_after)
    words = {
        ActivationOutcome.TAKEN: _("Someone else has just registered this connection. Call 1912."),
        ActivationOutcome.WRONG: _("This OTP is incorrect or has expired. Request a new one."),
    }
    add_error(form.otp, words.get(ended.outcome, words[ActivationOutcome.WRONG]))
    return _verify_page(form, registration, status=422)


@auth.post("/register/resend")
def register_resend() -> Response:
    """Resend the OTP."""
    registration = _with_details()
    sent = resend(visitor())
    if registration is None or sent is None:
        return _nothing_to_verify()
    if sent.ok:
        return redirect_onward("auth.register_verify")
    form = OtpForm(formdata=None)
    form.otp.errors = (no_more_codes(sent.retry_after),)
    return wait(_verify_page(form, registration, status=429), sent.retry_after)


@auth.get("/register/done")
def register_done() -> Response:
    """Show the registered connection and how to log in; redirect if the visitor is logged in already."""
    if is_signed_in():
        return after_sign_in()
    registration = registration_of(cookie().id_hash, clock.now())
    if registration is None or not registration.is_done or registration.account_no is None:
        return redirect_onward("auth.login")
    owned = current_ownership(registration.account_no)
    is_held = owned is not None and owned.held_until is not None and owned.held_until > clock.now()
    return render(
        "auth/done.html",
        connection=_masked_connection(registration.account_no),
        account_no=registration.account_no,
        held_until=owned.held_until if owned is not None and is_held else None,
    )


def _under_way() -> Registration | None:
    registration = registration_of(cookie().id_hash, clock.now())
    return None if registration is None or registration.is_done else registration


def _with_details() -> Registration | None:
    registration = _under_way()
    return registration if registration is not None and registration.has_details else None


def _nothing_to_verify() -> Response:
    """Redirect to the result of a completed registration (second press of the button), else to its beginning."""
    registration = registration_of(cookie().id_hash, clock.now())
    if is_signed_in():
        return after_sign_in()
    return redirect_onward(
        "auth.register_done" if registration is not None and registration.is_done else "auth.register"
    )


def _step_one_page(form: StepOneForm, status: int = 200, *, known: bool = False) -> Response:
    return render(
        "auth/register.html",
        status=status,
        form=form,
        captcha_id=captcha_if_due(form),
        already_registered=known,
    )


def _step_one_refused(form: StepOneForm, answer: StepOneResult) -> Response:
    if answer.outcome is StepOneOutcome.ALREADY_REGISTERED:
        return _step_one_page(form, status=422, known=True)
    if answer.outcome is StepOneOutcome.WRONG_CAPTCHA:
        add_error(form.captcha, wrong_sum(form))
        return _step_one_page(form, status=422)
    if answer.outcome is StepOneOutcome.TOO_OFTEN:
        add_error(form.account_no, too_often_with_account(answer.retry_after))
        response = _step_one_page(form, status=429)
        response.headers["Retry-After"] = str(answer.retry_after)
        return response
    add_error(
        form.account_no,
        _("These numbers do not match. Use both from the same bill, one of the last three."),
    )
    return _step_one_page(form, status=422)


def _details_page(form: DetailsForm, registration: Registration, status: int = 200) -> Response:
    shown = registration.account_no if registration.both_given else None
    kept = registration_of(cookie().id_hash, clock.now())
    form.has_password = kept is not None and bool(kept.password_hash)
    return render(
        "auth/details.html",
        status=status,
        form=form,
        captcha_id=captcha_if_due(form, is_due=names_require_captcha(visitor())),
        connection=_masked_connection(shown) if shown else None,
        has_mobile_on_record=shown is not None and has_protecting_mobile(shown),
    )


def _details_refused(form: DetailsForm, registration: Registration, answer: StepTwoResult) -> Response:
    status = 422
    if answer.outcome is StepTwoOutcome.USER_NAME_TAKEN:
        add_error(form.user_name, _("This user name is taken. Choose another or leave it blank."))
    elif answer.outcome is StepTwoOutcome.WRONG_CAPTCHA:
        add_error(form.captcha, wrong_sum(form))
    elif answer.outcome is StepTwoOutcome.USER_NAMES_TOO_OFTEN:
        status = 429
        words = _(
            "Too many user names were tried from here. Leave this blank: your account number works instead of it."
        )
        add_error(form.user_name, words)
    elif answer.outcome is not StepTwoOutcome.TOO_OFTEN:
        _add_missing(form, answer.outcome)
    else:
        status = 429
        at = form.mobile if registration.both_given else form.password
        add_error(at, no_more_codes(answer.retry_after))
    response = _details_page(form, registration, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response


def _add_missing(form: DetailsForm, missing: StepTwoOutcome) -> None:
    """Add the error of a missing detail, unless its field has an error already."""
    field, words = {
        StepTwoOutcome.MOBILE_REQUIRED: (form.mobile, _("Enter your mobile number")),
        StepTwoOutcome.PASSWORD_REQUIRED: (
            form.password,
            _("Choose a password: without a mobile number you need it to log in"),
        ),
        StepTwoOutcome.ADDRESS_REQUIRED: (
            form.mobile,
            _("Enter a mobile number or an e-mail address so that we can confirm your identity"),
        ),
    }[missing]
    is_explained = field.errors or (missing is StepTwoOutcome.ADDRESS_REQUIRED and form.email.errors)
    if not is_explained:
        add_error(field, words)


def _verify_page(form: OtpForm, registration: Registration, status: int = 200) -> Response:
    otp = latest_otp(OtpPurpose(*registration.unlocks), cookie().id_hash)
    change = next_url_for("auth.register_details" if registration.both_given else "auth.register")
    return code_page(
        "auth/verify.html",
        sms_progress_of(otp, may_show=registration.both_given),
        status,
        form=form,
        ways=[(_("Change the mobile number"), change)] if registration.both_given else [],
        by_link=registration.channel == "email",
        mobile=masked_mobile(registration.mobile) if registration.both_given else "",
        reference_no=otp.reference_no if otp else "",
        wait=seconds_to_resend(otp),
        change=change,
        scarce_until=scarce_until(registration.mobile if registration.both_given else None),
    )


def _masked_connection(account_no: str) -> dict[str, object]:
    """Return a connection with masked data, for visitors who are not logged in. Raises NotFound."""
    row = connection_row(account_no)
    if row is None:
        raise NotFound
    return {
        "name": masked_name(row.consumer_name),
        "address": masked_address(row.address),
        "load_w": row.sanctioned_load_w,
        "meter": masked_meter(row.meter_no),
    }
