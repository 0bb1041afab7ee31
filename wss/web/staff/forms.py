"""The forms of staff at the door: password, new password, code."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField, ValidationError

from wss.web.fields import PlainForm


class LoginForm(PlainForm):
    """Employee ID and password."""

    employee_id = StringField(_l("Employee ID"))
    password = PasswordField(_l("Password"))
    next = HiddenField()

    def validate_employee_id(self, field: StringField) -> None:
        """Something has to be there; whether it exists is not told."""
        if not (field.data or "").strip():
            raise ValidationError(_("Enter your employee ID"))

    def validate_password(self, field: PasswordField) -> None:
        """Something has to be there."""
        if not field.data:
            raise ValidationError(_("Enter your password"))
