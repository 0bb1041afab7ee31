"""The forms with which an administrator changes a table."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length, Regexp, ValidationError

from wss.domain.admin_tables import LARGEST_FILE
from wss.web.fields import LAST_ID, PlainForm

REASON_LENGTH = 500


class FileForm(PlainForm):
    """A table as a CSV file."""

    file = FileField(_l("CSV file"))
    remove_missing = BooleanField(_l("Remove rows that are not in the file"))

    def content(self) -> bytes:
        """Return the bytes of the file; one byte more than allowed shows that it is too large."""
        data: bytes = self.file.data.stream.read(LARGEST_FILE + 1)
        return data

    def refuse(self, words: str) -> None:
        """Add the reason why the file is refused to its field."""
        self.file.errors = [*self.file.errors, words]

    def validate_file(self, field: FileField) -> None:
        """Require a file."""
        if not field.data or not field.data.filename:
            raise ValidationError(_l("Choose a file"))


class TableConfirmForm(PlainForm):
    """The file whose change is confirmed."""

    confirm = StringField(
        validators=[
            Length(
                min=32,
                max=32,
                message=_l("We cannot find the file that you confirmed. Upload it again."),
            )
        ]
    )
    accept_losses = BooleanField(_l("I accept that these values will be lost or changed"))

    def refuse(self, words: str) -> None:
        """Add an error to the checkbox that is not ticked."""
        self.accept_losses.errors = [*self.accept_losses.errors, words]


class TableUndoForm(PlainForm):
    """The change that is to be undone."""

    change = StringField(
        validators=[
            Regexp(r"[0-9]{1,20}\Z", message=_l("Press Undo next to the change in the history")),
        ]
    )

    @property
    def number(self) -> int | None:
        """Return the number of the change; None for one that no change can have."""
        number = int(self.change.data or 0)
        return number if 1 <= number <= LAST_ID else None


class DecisionForm(PlainForm):
    """The decision on a pending change, the fingerprint of what was shown, and a code where one is required."""

    action = StringField(
        validators=[AnyOf(("confirm", "refuse", "withdraw"), message=_l("Press one of the buttons below"))]
    )
    # A fingerprint of another format cannot be that of a page that was shown.
    fingerprint = StringField()
    code = StringField(_l("Code"))
    reason = TextAreaField(
        _l("Reason"), validators=[Length(max=REASON_LENGTH, message=_l("Enter at most 500 characters"))]
    )

    def validate_reason(self, field: TextAreaField) -> None:
        """Require a reason for a refusal, so that the proposal can be corrected."""
        if self.action.data == "refuse" and not (field.data or "").strip():
            raise ValidationError(_l("Enter why you are refusing the change, so that it can be corrected"))
