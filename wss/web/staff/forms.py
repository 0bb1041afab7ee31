"""The forms of staff login: password, new password, code."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField, ValidationError

from wss.domain.passwords import staff_refusal
from wss.passwords import common_passwords
from wss.web.access import current_staff
from wss.web.fields import MESSAGES, PlainForm


class StaffLoginForm(PlainForm):
    """Employee ID and password."""

    employee_id = StringField(_l("Employee ID"))
    password = PasswordField(_l("Password"))
    captcha_id = HiddenField()
    captcha = StringField(_l("Solve the sum in the picture"))
    next = HiddenField()

    def validate_employee_id(self, field: StringField) -> None:
        """Require a value; whether it exists is not revealed."""
        if not (field.data or "").strip():
            raise ValidationError(_("Enter your employee ID"))

    def validate_password(self, field: PasswordField) -> None:
        """Require a value."""
        if not field.data:
            raise ValidationError(_("Enter your password"))


class SecondFactorForm(PlainForm):
    """A code of the authenticator, or a recovery code."""

    code = StringField(_l("Code"))
    next = HiddenField()

    def validate_code(self, field: StringField) -> None:
        """Require a value."""
        if not (field.data or "").strip():
            raise ValidationError(_("Enter the code"))


class StaffPasswordForm(PlainForm):
    """A password that the employee chooses."""

    password = PasswordField(_l("New password"))
    password_again = PasswordField(_l("New password again"))
    next = HiddenField()

    def validate_password(self, field: PasswordField) -> None:
        """Require a long password that is not common and not one's own name."""
        if not field.data:
            raise ValidationError(_("Enter a new password"))
        someone = current_staff()
        code = staff_refusal(field.data, common_passwords(), (someone.employee_id, *someone.name.split()))
        if code:
            raise ValidationError(MESSAGES[code])

    def validate_password_again(self, field: PasswordField) -> None:
        """Require the same password twice, including case."""
        if field.data != self.password.data:
            raise ValidationError(_("Passwords do not match. Enter the same password in both fields."))


class StaffNewPasswordForm(StaffPasswordForm):
    """A new password, for an employee who knows the current one."""

    current_password = PasswordField(_l("Current password"))

    def validate_current_password(self, field: PasswordField) -> None:
        """Require a value."""
        if not field.data:
            raise ValidationError(_("Enter your current password"))
