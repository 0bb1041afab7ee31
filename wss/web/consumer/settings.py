"""Settings of a consumer: language and alerts, sessions, additional connections."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice

from wss import clock
from wss.domain import identifiers
from wss.domain.masking import masked_mobile
from wss.domain.otp import OtpPurpose
from wss.domain.ownership import KnowledgeFacts
from wss.domain.sessions import IDLE
from wss.domain.typed_values import is_code
from wss.queries.codes import latest_otp
from wss.queries.proofs import proof_of
from wss.queries.sessions import sessions_of
from wss.services.my_data.settings import change_settings, end_all_sessions, end_session, resend_confirmation
from wss.services.registration.added_connections import (
    JOIN,
    AddedConnectionOutcome,
    AddedConnectionResult,
    begin_join,
    prove_join,
    resend_join_code,
)
from wss.web import filters
from wss.web.access import cookie, current_actor, current_consumer, visitor
from wss.web.consumer.blueprint import consumer
from wss.web.consumer.reauthentication import not_confirmed
from wss.web.device_cookie import remember_phone, trusted_consumers
from wss.web.fields import PlainForm, ShapedField
from wss.web.language import remember_language
from wss.web.otp_page import code_page, sms_progress_of
from wss.web.pages import redirect_to, render
from wss.web.retry_times import no_more_codes, no_more_confirmations, too_many_wrong, too_often_with_account

LANGUAGE_CHOICES = [SelectChoice("hi", "हिन्दी"), SelectChoice("en", "English")]


class SettingsForm(PlainForm):
    """Language, alerts and e-mail address."""

    language = SelectField(_l("Language for messages"), choices=LANGUAGE_CHOICES)
    email = ShapedField(_l("E-mail"), identifiers.email)
    sms_alerts = BooleanField(_l("By SMS"))
    email_alerts = BooleanField(_l("By e-mail"))

    def validate_email(self, field: ShapedField) -> None:
        """Require an address for alerts by e-mail."""
        if self.email_alerts.data and not field.value:
            raise ValidationError(_("Enter an e-mail address to get alerts by e-mail"))


class AddedConnectionForm(PlainForm):
    """Account and bill of an additional connection."""

    account_no = ShapedField(_l("Account number"), identifiers.account_no, required=True)
    bill_no = ShapedField(_l("Bill number or SBM bill number"), identifiers.bill_no, required=True)


class AddedConnectionOtpForm(PlainForm):
    """The six digits of an SMS."""

    otp = StringField(_l("OTP"))

    def validate_otp(self, field: StringField) -> None:
        """Require six digits, in any script."""
        if not is_code(field.data or ""):
            raise ValidationError(_("Enter the 6 digits of the OTP"))


@consumer.get("/account/settings")
def settings() -> Response:
    """Show the settings and the active sessions."""
    return _settings_page(_form_of_settings())


@consumer.post("/account/settings")
def save_settings() -> Response:
    """Save the settings."""
    form = SettingsForm()
    if not form.validate():
        return _settings_page(form, 422)
    email = form.email.value or None
    if email != current_consumer().email:
        asked = not_confirmed(
            _("Change the e-mail address to %(email)s", email=email)
            if email
            else _("Remove the e-mail address")
        )
        if asked is not None:
            return asked
    was_known = _is_known()
    limit_result = change_settings(
        current_actor(),
        form.language.data,
        sms_alerts=bool(form.sms_alerts.data),
        email_alerts=bool(form.email_alerts.data),
        email=email,
        session_hash=cookie().id_hash,
    )
    if not limit_result.allowed:
        form.email.errors = (_("The e-mail address was changed too often today. Change it tomorrow."),)
        return _wait(_settings_page(form, 429), limit_result.retry_after)
    saved = remember_language(redirect_to("consumer.settings", saved=1), form.language.data)
    return _stay_known(saved, was_known=was_known)


@consumer.post("/account/settings/confirm-email")
def confirm_email() -> Response:
    """Resend the link that confirms the e-mail address."""
    limit_result = resend_confirmation(current_actor())
    if limit_result is None:
        return redirect_to("consumer.settings")
    if limit_result.allowed:
        return redirect_to("consumer.settings", sent=1)
    form = _form_of_settings()
    form.email.errors = (no_more_confirmations(limit_result.retry_after),)
    return _wait(_settings_page(form, 429), limit_result.retry_after)


@consumer.post("/account/sessions/end")
def end_sessions() -> Response:
    """Log out on another phone, or everywhere."""
    if request.form.get("all"):
        end_all_sessions(current_actor())
        cookie().renew()
        return redirect_to("auth.login")
    was_known = _is_known()
    end_session(current_actor(), request.form.get("session", ""))
    return _stay_known(redirect_to("consumer.settings"), was_known=was_known)


@consumer.get("/account/connections/add")
def add_connection() -> Response:
    """Show the form for an additional connection under the same login."""
    return render("consumer/add_connection.html", form=AddedConnectionForm(formdata=None))


@consumer.post("/account/connections/add")
def ask_for_connection() -> Response:
    """Send the OTP that proves the connection."""
    form = AddedConnectionForm()
    if not form.validate():
        return render("consumer/add_connection.html", status=422, form=form)
    asked = not_confirmed(_("Add connection %(number)s", number=filters.account_no(form.account_no.value)))
    if asked is not None:
        return asked
    facts = KnowledgeFacts(form.account_no.value, form.bill_no.value)
    joined = begin_join(visitor(), current_consumer().id, facts)
    if joined.outcome is AddedConnectionOutcome.CODE_SENT:
        return redirect_to("consumer.verify_connection")
    return _join_refused(form, joined)


@consumer.get("/account/connections/verify")
def verify_connection() -> Response:
    """Show the form for the OTP."""
    return _code_page(AddedConnectionOtpForm(formdata=None))


@consumer.post("/account/connections/verify")
def try_connection() -> Response:
    """Add the connection if the OTP is right."""
    form = AddedConnectionOtpForm()
    if not form.validate():
        return _code_page(form, 422)
    joined = prove_join(visitor(), current_consumer().id, form.otp.data or "")
    if joined.outcome is AddedConnectionOutcome.ADDED:
        return redirect_to("consumer.connection", account_no=joined.account_no)
    if joined.outcome is AddedConnectionOutcome.HELD:
        return redirect_to("auth.held")
    if joined.outcome is AddedConnectionOutcome.LOST:
        return redirect_to("consumer.add_connection")
    words = {
        AddedConnectionOutcome.STOPPED: too_many_wrong(joined.retry_after),
        AddedConnectionOutcome.OTHERS: _("Someone else has just registered this connection. Call 1912."),
    }
    form.otp.errors = (
        words.get(joined.outcome, _("This OTP is incorrect or has expired. Request a new one.")),
    )
    status = 429 if joined.outcome is AddedConnectionOutcome.STOPPED else 422
    return _wait(_code_page(form, status), joined.retry_after)


@consumer.post("/account/connections/resend")
def resend_connection_code() -> Response:
    """Resend the OTP."""
    sent = resend_join_code(visitor())
    if sent is None:
        return redirect_to("consumer.add_connection")
    if sent.ok:
        return redirect_to("consumer.verify_connection")
    form = AddedConnectionOtpForm(formdata=None)
    form.otp.errors = (no_more_codes(sent.retry_after),)
    return _wait(_code_page(form, 429), sent.retry_after)


def _stay_known(response: Response, *, was_known: bool) -> Response:
    """Keep this browser known after all known browsers were reset. A session alone is no reason: it may be stolen."""
    if was_known:
        remember_phone(response, current_consumer().id)
    return response


def _is_known() -> bool:
    return current_consumer().id in trusted_consumers()


def _form_of_settings() -> SettingsForm:
    """Return the form with the stored settings."""
    me = current_consumer()
    return SettingsForm(
        formdata=None,
        language=me.language,
        email=me.email,
        sms_alerts=me.sms_alerts,
        email_alerts=me.email_alerts,
    )


def _settings_page(form: SettingsForm, status: int = 200) -> Response:
    me, at = current_consumer(), clock.now()
    return render(
        "consumer/settings.html",
        status=status,
        form=form,
        me=me,
        saved="saved" in request.args,
        sent="sent" in request.args,
        sessions=sessions_of(me.id, at, at - IDLE),
    )


def _join_refused(form: AddedConnectionForm, joined: AddedConnectionResult) -> Response:
    words = {
        AddedConnectionOutcome.OWN_ALREADY: _("You have already added this connection"),
        AddedConnectionOutcome.OTHERS: _(
            "Someone else has registered this connection. You can claim it below."
        ),
        AddedConnectionOutcome.NO_MOBILE: _(
            "There is no mobile number for this connection or in your login. Call 1912."
        ),
        AddedConnectionOutcome.TOO_OFTEN: too_often_with_account(joined.retry_after, sends_sms=True),
    }
    unfit = _("These numbers do not match. Use both from the same bill, one of the last three.")
    form.account_no.errors = (words.get(joined.outcome, unfit),)
    status = 429 if joined.outcome is AddedConnectionOutcome.TOO_OFTEN else 422
    page = render(
        "consumer/add_connection.html",
        status=status,
        form=form,
        is_others=joined.outcome is AddedConnectionOutcome.OTHERS,
    )
    return _wait(page, joined.retry_after)


def _code_page(form: AddedConnectionOtpForm, status: int = 200) -> Response:
    proof = proof_of(cookie().id_hash, JOIN, clock.now())
    if proof is None:
        return redirect_to("consumer.add_connection")
    otp = latest_otp(OtpPurpose(*proof.unlocks), cookie().id_hash)
    if otp is None:
        abort(404)
    return code_page(
        "consumer/verify_connection.html",
        sms_progress_of(otp, may_show=True),
        status,
        form=form,
        account_no=proof.typed_account_no,
        mobile=masked_mobile(proof.mobile),
        reference_no=otp.reference_no,
        change=url_for("consumer.add_connection"),
    )


def _wait(response: Response, seconds: int) -> Response:
    if response.status_code == 429:
        response.headers["Retry-After"] = str(seconds)
    return response
