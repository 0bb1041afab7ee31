"""WTForms fields for numbers as people type them: with spaces, dashes, +91, Devanagari digits."""

from collections.abc import Callable
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError

from wss.domain.errors import Malformed
from wss.domain.typed_values import whole_number

# Words for every code of domain/identifiers and domain/passwords; they say what to do.
MESSAGES = {
    "account_no_missing": _l("Enter your account number"),
    "account_no_not_digits": _l("Enter only digits in the account number"),
    "account_no_length": _l("Enter all digits of the account number: 10 (urban) or 12 (rural)"),
    "bill_no_missing": _l("Enter a bill number"),
    "bill_no_characters": _l("Enter only letters and digits in the bill number"),
    "bill_no_length": _l("Bill number must be 20 characters or fewer"),
    "complaint_no_missing": _l("Enter the complaint number"),
    "complaint_no_not_digits": _l("Enter only digits in the complaint number"),
    "complaint_no_length": _l("Enter all 11 digits of the complaint number"),
    "complaint_no_check_digit": _l("Check the complaint number: one or more digits are wrong"),
    "mobile_missing": _l("Enter your mobile number"),
    "mobile_not_digits": _l("Enter only digits in the mobile number"),
    "mobile_length": _l("Enter a 10-digit mobile number that begins with 6, 7, 8 or 9"),
    "mobile_landline": _l("Enter a mobile number, not a landline. The OTP is sent by SMS."),
    "email_missing": _l("Enter an e-mail address"),
    "email_malformed": _l("Enter an e-mail address in the correct format, like name@example.in"),
    "pincode_missing": _l("Enter the PIN code"),
    "pincode_malformed": _l("Enter the 6 digits of the PIN code"),
    "user_name_missing": _l("Enter a user name"),
    "user_name_length": _l("Enter a user name of 4 to 30 characters"),
    "user_name_first_letter": _l("Begin the user name with a letter"),
    "user_name_characters": _l("Use only letters, digits, dots, dashes and underscores in the user name"),
    "password_too_short": _l("Password must be at least 10 characters"),
    "staff_password_too_short": _l("Password must be at least 14 characters"),
    "password_too_long": _l("Password must be 128 characters or fewer"),
    "password_too_common": _l("This password is too easy to guess. Choose another."),
    "password_known_word": _l("Do not use your own number or name as password"),
}

# The same for officers, who enter the numbers of others.
OFFICE_MESSAGES = {
    **MESSAGES,
    "account_no_missing": _l("Enter the consumer's account number"),
    "mobile_missing": _l("Enter the consumer's mobile number"),
}

# The highest id that a row can have.
LAST_ID = 2**63 - 1


def row_id(typed: str) -> int:
    """Return the id of a row from an address; raises ValueError, as `request.args.get(type=…)` expects."""
    number = whole_number(typed)
    if number is None:
        raise ValueError(typed)
    return number


# The messages of WTForms, in words that say what to do.
_OF_WTFORMS = {
    "Not a valid choice.": _l("Choose one from the list"),
    "Not a valid integer value.": _l("Enter a whole number"),
    "This field is required.": _l("Fill in this field"),
}
_ANYTHING_ELSE = _l("Check what you entered here")


class OwnMessages:
    """Replaces every message of WTForms, which has none in Hindi."""

    def gettext(self, text: str) -> str:
        """Return our words for a message of the library."""
        return str(_OF_WTFORMS.get(text, _ANYTHING_ELSE))

    def ngettext(self, one: str, _several: str, _number: int) -> str:
        """Return the same for a message that depends on a number."""
        return self.gettext(one)


class PlainForm(FlaskForm):
    """A form with errors in the reader's language; the CSRF token is checked before any view."""

    class Meta:
        """WTForms has no Hindi messages, so all of them are ours."""

        csrf = False
        locales = False

        def get_translations(self, _form: Any) -> OwnMessages:
            """Return our words instead of the translations of WTForms."""
            return OwnMessages()

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate every field; none if the page itself was out of date, which the form then says."""
        out_of_date = g.get("out_of_date")
        if out_of_date:
            self.form_errors = [out_of_date]
            return False
        return super().validate(extra_validators)


class ShapedField(StringField):
    """A text field with a parser; `value` is the parsed text as it is stored, empty when nothing was typed."""

    def __init__(
        self, label: Any, shape: Callable[[str], str], *, required: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.shape = shape
        self.is_required = required
        if required:
            self.flags.required = True
        self.value = ""

    def pre_validate(self, form: Any) -> None:
        """Parse the typed text; raises ValidationError with the words for what is wrong."""
        typed = (self.data or "").strip()
        if not typed and not self.is_required:
            return
        try:
            self.value = self.shape(typed)
        except Malformed as malformed:
            raise ValidationError(MESSAGES[malformed.code]) from malformed


def add_error(field: Any, message: str) -> None:
    """Add an error of a service to the field that it concerns."""
    field.errors = (*field.errors, message)
