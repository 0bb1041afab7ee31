"""The forms of account recovery: account and bill first, then the OTP."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField, ValidationError

from wss.domain import identifiers
from wss.domain.captcha import CaptchaAnswer
from wss.domain.ownership import KnowledgeFacts
from wss.domain.typed_values import is_code
from wss.web.auth.forms import ConsentRules, OtpForm, PasswordRules
from wss.web.fields import PlainForm, ShapedField


class FactsForm(PlainForm):
    """The numbers that are on the bill."""

    account_no = ShapedField(_l("Account number"), identifiers.account_no, required=True)
    bill_no = ShapedField(_l("Bill number or SBM bill number"), identifiers.bill_no, required=True)

    def facts(self) -> KnowledgeFacts:
        """Return both numbers as they are stored."""
        return KnowledgeFacts(self.account_no.value, self.bill_no.value)


class SolvingForm(FactsForm):
    """The numbers of the bill, with a captcha where one is required."""

    captcha_id = HiddenField()
    captcha = StringField(_l("Solve the sum in the picture"))

    def solved(self) -> CaptchaAnswer:
        """Return the captcha and its answer."""
        return CaptchaAnswer(self.captcha_id.data or "", self.captcha.data or "")


class OneNumberForm(SolvingForm):
    """The bill number alone with a captcha, or with the account number without one."""

    account_no = ShapedField(_l("Account number"), identifiers.account_no)


class MobileForm(SolvingForm):
    """The numbers of the bill, and the new mobile number."""

    mobile = ShapedField(_l("New mobile number"), identifiers.mobile, required=True)


class ClaimForm(SolvingForm):
    """The numbers of the bill, and the caller's own mobile where none is on record."""

    mobile = ShapedField(_l("Your mobile number"), identifiers.mobile)


class PasswordResetForm(PasswordRules, OtpForm):
    """The OTP and the new password."""

    password = PasswordField(_l("New password"))
    password_again = PasswordField(_l("Confirm password"))


class PasswordResetLinkForm(PasswordRules, PlainForm):
    """A bill number and the new password, for an e-mailed link."""

    bill_no = ShapedField(_l("Bill number or SBM bill number"), identifiers.bill_no, required=True)
    password = PasswordField(_l("New password"))
    password_again = PasswordField(_l("Confirm password"))


class BillForm(PlainForm):
    """A bill number in addition to the password, where there is no mobile and no e-mail address for an OTP."""

    bill_no = ShapedField(_l("Bill number or SBM bill number"), identifiers.bill_no, required=True)

    def asked(self) -> StringField:
        """Return the field of the proof."""
        return self.bill_no

    def typed(self) -> str:
        """Return what was typed into the field of the proof, as it is stored."""
        return self.bill_no.value


class MobileProofForm(OtpForm):
    """The OTP sent to the new number, and that of the old number if it still works."""

    old_otp = StringField(_l("OTP sent to the old number"))

    def validate_old_otp(self, field: StringField) -> None:
        """Require six digits, or nothing."""
        if identifiers.normalise_digits(field.data or "") and not is_code(field.data or ""):
            raise ValidationError(_("Enter the 6 digits of the OTP"))


class ClaimProofForm(PasswordRules, ConsentRules, OtpForm):
    """The OTP, a password and the consents."""

    password = PasswordField(_l("Password"))
    password_again = PasswordField(_l("Confirm password"))
    accept_terms = BooleanField()
    accept_privacy = BooleanField()
