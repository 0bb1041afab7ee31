"""The form of a meter reading of today, on the page of a connection and behind the link of a reminder."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError

from wss.domain.errors import Malformed
from wss.domain.typed_values import reading
from wss.web.fields import PlainForm


class ReadingForm(PlainForm):
    """A reading of today; `value` is the number that was typed."""

    reading = StringField(_l("Meter reading today"))
    value: int = 0

    def validate_reading(self, field: StringField) -> None:
        """Require a number."""
        try:
            self.value = reading(field.data or "")
        except Malformed as malformed:
            raise ValidationError(_("Enter the reading in digits, like 4521")) from malformed
