"""The forms of registration and login."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField, ValidationError

from wss.domain import identifiers
from wss.domain.captcha import CaptchaAnswer
from wss.domain.passwords import refusal
from wss.domain.typed_values import is_code
from wss.passwords import common_passwords
from wss.services.login.consumer_login import Credentials
from wss.services.registration.pending_details import RegistrationDetails
from wss.services.registration.step_results import StepOneInput
from wss.web.fields import MESSAGES, PlainForm, ShapedField


class StepOneForm(PlainForm):
    """The connection: account number, bill number, or both."""

    account_no = ShapedField(_l("Account number"), identifiers.account_no)
    bill_no = ShapedField(_l("Bill number or SBM bill number"), identifiers.bill_no)
    captcha_id = HiddenField()
    captcha = StringField(_l("Solve the sum in the picture"))

    def validate_account_no(self, _field: ShapedField) -> None:
        """Require one of the two."""
        if not (self.account_no.data or "").strip() and not (self.bill_no.data or "").strip():
            raise ValidationError(_("Enter the account number, a bill number, or both"))

    def numbers(self) -> StepOneInput:
        """Return the values as they are stored."""
        return StepOneInput(
            self.account_no.value, self.bill_no.value, self.captcha_id.data or "", self.captcha.data or ""
        )


class PasswordRules:
    """Rules of the fields `password` and `password_again`."""

    known_words: tuple[str, ...] = ()
    # Whether a valid password typed before is kept, so that it need not be typed again.
    has_password = False
    password: PasswordField
    password_again: PasswordField

    def password_to_keep(self) -> str:
        """Return the password where it is valid but another field is not."""
        # Not from an outdated page: another site may have filled in its form.
        is_wrong = self.form_errors or self.password.errors or self.password_again.errors  # type: ignore[attr-defined]
        return "" if is_wrong else self.password.data or ""

    def known(self) -> list[str]:
        """Return what strangers may know of the person, which must not be the password."""
        return [word for word in self.known_words if word]

    def validate_password(self, field: PasswordField) -> None:
        """Require a long password that is not common and not the person's own number or name."""
        if not field.data and self.has_password:
            return
        if not field.data:
            raise ValidationError(_("Choose a password"))
        code = refusal(field.data, common_passwords(), self.known())
        if code:
            raise ValidationError(MESSAGES[code])

    def validate_password_again(self, field: PasswordField) -> None:
        """Require the same password twice."""
        if field.data != self.password.data:
            raise ValidationError(_("Passwords do not match. Enter the same password in both fields."))


class ConsentRules:
    """Rules of the fields `accept_terms` and `accept_privacy`."""

    def validate_accept_terms(self, field: BooleanField) -> None:
        """Require the terms to be accepted."""
        if not field.data:
            raise ValidationError(_("You must accept the terms to continue"))

    def validate_accept_privacy(self, field: BooleanField) -> None:
        """Require the privacy notice to be accepted, separately from the terms."""
        if not field.data:
            raise ValidationError(_("Confirm that you have read the privacy notice"))


class DetailsForm(PasswordRules, ConsentRules, PlainForm):
    """The details of the person who registers."""

    mobile = ShapedField(_l("Mobile number"), identifiers.mobile)
    email = ShapedField(_l("E-mail"), identifiers.email)
    user_name = ShapedField(_l("User name"), identifiers.user_name)
    password = PasswordField(_l("Password"))
    password_again = PasswordField(_l("Confirm password"))
    sms_alerts = BooleanField(_l("By SMS"))
    email_alerts = BooleanField(_l("By e-mail"))
    accept_terms = BooleanField()
    accept_privacy = BooleanField()
    captcha_id = HiddenField()
    captcha = StringField(_l("Solve the sum in the picture"))

    def validate_password(self, field: PasswordField) -> None:
        """Validate the password if there is one; without one the login is by OTP."""
        if field.data:
            super().validate_password(field)

    def known(self) -> list[str]:
        """Return their numbers, mobile, user name and e-mail address."""
        email = self.email.value
        own = (self.mobile.value, self.user_name.value, email, email.partition("@")[0])
        return [word for word in (*self.known_words, *own) if word]

    def validate_email(self, field: ShapedField) -> None:
        """Require an address for alerts by e-mail."""
        if self.email_alerts.data and not field.value:
            raise ValidationError(_("Enter an e-mail address to get alerts by e-mail"))

    def details(self) -> RegistrationDetails:
        """Return the values as they are stored."""
        return RegistrationDetails(
            mobile=self.mobile.value or None,
            email=self.email.value or None,
            user_name=self.user_name.value or None,
            password=self.password.data or "",
            sms_alerts=bool(self.sms_alerts.data),
            email_alerts=bool(self.email_alerts.data),
            solved=CaptchaAnswer(self.captcha_id.data or "", self.captcha.data or ""),
        )


class OtpForm(PlainForm):
    """The six digits of an OTP."""

    otp = StringField(_l("OTP"))

    def validate_otp(self, field: StringField) -> None:
        """Require six digits, in any script."""
        if not is_code(field.data or ""):
            raise ValidationError(_("Enter the 6 digits of the OTP"))

    def asked(self) -> StringField:
        """Return the field of the proof."""
        return self.otp

    def typed(self) -> str:
        """Return what was typed into the field of the proof."""
        return self.otp.data or ""


class LoginForm(PlainForm):
    """Account number or user name, password and captcha."""

    login = StringField(_l("Account number or user name"))
    password = PasswordField(_l("Password"))
    captcha_id = HiddenField()
    captcha = StringField(_l("Solve the sum in the picture"))
    next = HiddenField()

    def validate_login(self, field: StringField) -> None:
        """Require a login; whether it exists is not revealed."""
        if not (field.data or "").strip():
            raise ValidationError(_("Enter your account number or user name"))

    def validate_password(self, field: PasswordField) -> None:
        """Require a value."""
        if not field.data:
            raise ValidationError(_("Enter your password"))

    def validate_captcha(self, field: StringField) -> None:
        """Require a value."""
        if not (field.data or "").strip():
            raise ValidationError(_("Solve the sum in the picture"))

    def credentials(self) -> Credentials:
        """Return the login as it is stored: a user name begins with a letter, anything else is an account number."""
        typed = (self.login.data or "").strip()
        login = typed.lower() if typed[:1].isalpha() else identifiers.normalise_digits(typed)
        return Credentials(
            login[: identifiers.USER_NAME_LENGTHS[1]],
            self.password.data or "",
            self.captcha_id.data or "",
            self.captcha.data or "",
        )
