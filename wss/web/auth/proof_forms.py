"""The forms of the ways back in: account and bill first, then the code."""

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
    """What only somebody with the bill knows."""

    account_no = ShapedField(_l("Account number"), identifiers.account_no, required=True)
    bill_no = ShapedField(_l("Bill number or SBM bill number"), identifiers.bill_no, required=True)

    def facts(self) -> KnowledgeFacts:
        """Both as they are stored."""
        return KnowledgeFacts(self.account_no.value, self.bill_no.value)


class SolvingForm(FactsForm):
    """With the sum in a picture, when one is asked."""

    captcha_id = HiddenField()
    captcha = StringField(_l("Solve the sum in the picture"))

    def solved(self) -> CaptchaAnswer:
        """The sum and its answer."""
        return CaptchaAnswer(self.captcha_id.data or "", self.captcha.data or "")


class OneNumberForm(SolvingForm):
    """The bill number alone will do, with the sum; with the account number beside it there is none."""

    account_no = ShapedField(_l("Account number"), identifiers.account_no)


class MobileForm(SolvingForm):
    """With the number that is to be the new one."""

    mobile = ShapedField(_l("New mobile number"), identifiers.mobile, required=True)


class ClaimForm(SolvingForm):
    """With one's own number, where none is on record."""

    mobile = ShapedField(_l("Your mobile number"), identifiers.mobile)


class PasswordResetForm(PasswordRules, OtpForm):
    """The code and the new password."""

    password = PasswordField(_l("New password"))
    password_again = PasswordField(_l("Password again"))


class PasswordResetLinkForm(PasswordRules, PlainForm):
    """A bill number and the new password, behind an e-mailed link."""

    bill_no = ShapedField(_l("Bill number or SBM bill number"), identifiers.bill_no, required=True)
    password = PasswordField(_l("New password"))
    password_again = PasswordField(_l("Password again"))


class BillForm(PlainForm):
    """A bill number beside the password, where there is neither a mobile nor an e-mail address to send an OTP to."""

    bill_no = ShapedField(_l("Bill number or SBM bill number"), identifiers.bill_no, required=True)

    def asked(self) -> StringField:
        """The field that is asked for."""
        return self.bill_no

    def typed(self) -> str:
        """What was typed there, as it is stored."""
        return self.bill_no.value


class MobileProofForm(OtpForm):
    """The new number's code, and the old one's if there is a phone to read it on."""

    old_otp = StringField(_l("OTP sent to the old number"))

    def validate_old_otp(self, field: StringField) -> None:
        """Six digits, or nothing."""
        if identifiers.normalise_digits(field.data or "") and not is_code(field.data or ""):
            raise ValidationError(_("Enter the 6 digits of the OTP"))


class ClaimProofForm(PasswordRules, ConsentRules, OtpForm):
    """The code, a password and the consents."""

    password = PasswordField(_l("Password"))
    password_again = PasswordField(_l("Password again"))
    accept_terms = BooleanField()
    accept_privacy = BooleanField()
