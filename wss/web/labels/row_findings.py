"""The errors and warnings of rows of extracts, in the reader's language."""

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.extracts import REPAIRED, UNREADABLE_FROM
from wss.domain.extracts.losses import CHANGED, LOST, MONTH_FIRST, REFORMATTED, SHIFTED, ColumnLoss
from wss.services.reference.row_checks import RowFinding
from wss.web.fields import MESSAGES
from wss.web.labels.admin import COLUMN_MEANINGS

# Codes of the row rules, in addition to those that forms use.
_CODES: dict[str, LazyString] = {
    "missing": _l("empty"),
    "too_long": _l("too long for this column"),
    "not_text": _l("not UTF-8 text: save the file as CSV UTF-8"),
    "blank_in_code": _l("a code cannot contain spaces"),
    "sign_in_code": _l("an office code cannot contain / or *"),
    "wrong_number_of_columns": _l("the row has a different number of columns from the header"),
    "column_missing": _l("the header row does not have this column"),
    "column_twice": _l("the header has a column twice"),
    "not_a_whole_number": _l("not a whole number"),
    "not_a_number": _l("not a number"),
    "not_an_amount": _l("not an amount in rupees (write 1234.50, without commas)"),
    "negative_amount": _l("cannot be negative"),
    "beyond_reason": _l("value out of range"),
    "not_a_date": _l("no such date (write DD-MM-YYYY or YYYY-MM-DD)"),
    "not_yes_or_no": _l("must be yes or no"),
    "before_slab_from": _l("the slab ends before it begins"),
    "its_own_parent": _l("an office cannot be its own parent"),
    "discom_has_no_parent": _l("a discom has no parent office: leave the cell empty"),
    "not_below_its_parent": _l("the level must be one below the parent office's level"),
    "twice_in_file": _l("an earlier row of the file already has it"),
    "unknown_office": _l("there is no such office"),
    "unknown_kind": _l("there is no such kind of request"),
    "unknown_level": _l("there is no such level"),
    "unknown_days": _l("must be calendar or working"),
    "unknown_rule": _l("there is no such rule"),
    "unknown_role": _l("there is no such role"),
    "unknown_field": _l("there is no such field"),
    "unknown_network": _l("must be urban or rural"),
    "unknown_component": _l("there is no such part of a bill"),
    "unknown_unit": _l("not the unit for this part of the bill"),
    "unknown_proration": _l("must be whole_month, days_30 or by_days"),
    "unknown_notice": _l("there is no such notice"),
    "unknown_language": _l("must be hi or en"),
    "unknown_part": _l("must be sms, subject or body"),
    "unknown_purpose": _l("must be note, question or refusal"),
    "unknown_verdict": _l("there is no such verdict of a suggestion; an empty cell means any"),
    "unknown_placeholder": _l(
        "unknown placeholder: use only {reading}, {date}, {billed}, {was}, {month}, {corrected}, {units}, "
        "{amount}, {paid}, {paid_on}"
    ),
    "stray_brace": _l("a brace without its partner: write placeholders as {reading}"),
    "other_placeholders": _l("the text in Hindi must have the same placeholders as the English one"),
    "no_such_text": _l("this notice has no such text"),
    "other_values": _l("the text must use the same {#…#} values as the built-in text"),
    "foreign_address": _l("it contains a web address outside this site; use {#site#} or a given link"),
    "too_much_varies": _l("more than 40 % of the SMS could vary, so it cannot be registered"),
    "only_for_discoms": _l("only a discom has this"),
    "sums_out_of_order": _l("the sum of a day must be the highest, that of one proposal the lowest"),
    "only_for_sms": _l("only SMS texts can have a template id"),
    "not_one_line": _l("this must be one line"),
    "file_too_large": _l("the file is larger than 1 MB"),
    "new_rows_stay": _l("New rows cannot be removed again, because requests may use them"),
    "look_alike": _l(
        "write the employee ID only in capital letters and digits 0-9: "
        "another spelling would be a different person"
    ),
    "own_row": _l(
        "this is your own row. You cannot change it: ask another administrator of your discom to upload it"
    ),
    "own_limit": _l(
        "this is the limit of administrators. No administrator can change it: "
        "ask the operator to import it from the command line"
    ),
    "own_office": _l(
        "this office or one below it is your own, so you cannot move it: "
        "ask the operator to import the change from the command line"
    ),
    "other_discom": _l(
        "this row belongs to another discom or would move to one. You can change only the rows of your own discom"
    ),
    "own_change": _l("You proposed this change: another administrator must decide on it"),
    "not_own_change": _l("Only the administrator who proposed a change can withdraw it"),
    "own_row_in_it": _l("This change concerns your own row: another administrator must decide on it"),
    "maker_left": _l(
        "The person who proposed it is no longer an administrator here. Refuse it; it can be proposed again"
    ),
    "already_decided": _l("This change has already been decided or has expired"),
    "not_what_was_shown": _l("This change is different from the one that you saw. Check it again"),
    "spreadsheet_error": _l("a spreadsheet error, not a value: enter the value"),
    "word_for_nothing": _l("this word means no value: leave the cell empty to clear the field"),
    "lost_letters": _l("the letters of the text are lost: save the file as CSV UTF-8"),
    "rounded_number": _l(
        "a spreadsheet has rounded the number: format the column as text, then enter it again"
    ),
    "leading_zero_restored": _l("the leading 0 was missing"),
    "phone_malformed": _l("not a telephone number"),
    "hidden_sign": _l(
        "it contains invisible characters, such as marks for the direction of writing: type it again"
    ),
    "number_in_text": _l("consumers read this: enter telephone numbers in their own column, not in a text"),
    "address_in_text": _l(
        "consumers read this: do not write a web or e-mail address, "
        "and put a space after each full stop and colon"
    ),
    "month_first": _l("the month comes first; write DD-MM-YYYY or YYYY-MM-DD"),
    "two_digit_year": _l("write the year with four digits"),
    "day_number": _l("a spreadsheet's internal number for a date: format the column as a date"),
    "empty_file": _l("The file is empty: export it again"),
    "workbook": _l("This is an Excel or OpenDocument workbook: save it as CSV UTF-8"),
    "web_page": _l("This is a web page, perhaps a saved login page: download the file again"),
    "compressed": _l("This is a compressed file: unzip it first"),
    "pdf": _l("This is a PDF: save the table as CSV UTF-8"),
    "outdated": _l("Rows of this change have been changed again since"),
}
# What would happen to a number of known values of a column.
_LOSSES: dict[str, LazyString] = {
    LOST: _l("%(column)s: %(many)s of %(known)s known values are empty in the file or cannot be read"),
    REFORMATTED: _l("%(column)s: %(many)s of %(known)s cells were changed into numbers by a spreadsheet"),
    SHIFTED: _l("%(column)s: %(many)s of %(known)s values belong to other rows"),
    CHANGED: _l("%(column)s: %(many)s of %(known)s values would change"),
    MONTH_FIRST: _l("%(column)s: %(many)s dates have the month first, so other dates may be misread"),
}


def finding_in_words(column: str, code: str) -> str:
    """Return an error, with its column if it has one. A code without words is shown as it is."""
    if code == "not_text" and not column:
        return _("This is not a CSV file: save the table as CSV UTF-8")
    if code == "column_missing" and column in COLUMN_MEANINGS:
        return _(
            "The file lacks the column “%(column)s” (%(meaning)s). Choose “Download as CSV” to see all columns",
            column=column,
            meaning=COLUMN_MEANINGS[column],
        )
    words = _CODES.get(code) or MESSAGES.get(code) or _unreadable(code) or code.replace("_", " ")
    return f"{column}: {words}" if column else str(words)


def _unreadable(code: str) -> str:
    """Return the error of a file that is not CSV from a line on; "" for other codes."""
    if not code.startswith(UNREADABLE_FROM):
        return ""
    line = code.removeprefix(UNREADABLE_FROM)
    return _("The file cannot be read from line %(line)s on. Export it again", line=line)


def row_refusal_in_words(key: Sequence[str], column: str, code: str) -> str:
    """Return why an administrator may not change a row, with its key."""
    return f"{', '.join(key)}: {finding_in_words(column, code)}"


def refusal_in_words(one: RowFinding) -> str:
    """Return the error of a row of a file. A row that this administrator may not change is named."""
    words = finding_in_words(one.column, one.code)
    return f"{one.kept}: {words}" if one.kept else words


def warning_in_words(one: RowFinding) -> str:
    """Return the warning about a cell of an accepted row, with the value that was stored instead."""
    if one.code in REPAIRED:
        return _(
            "%(finding)s (read as %(value)s)", finding=finding_in_words(one.column, one.code), value=one.kept
        )
    if one.kept:
        return _(
            "%(finding)s (kept: %(value)s)", finding=finding_in_words(one.column, one.code), value=one.kept
        )
    return _("%(finding)s (left empty)", finding=finding_in_words(one.column, one.code))


def loss_in_words(loss: ColumnLoss) -> str:
    """Return what would be lost in a column, with the first line numbers."""
    words = str(_LOSSES[loss.code] % {"column": loss.column, "many": loss.many, "known": loss.known})
    lines = ", ".join(map(str, loss.lines)) + (" …" if loss.many > len(loss.lines) else "")
    return _("%(words)s (lines %(lines)s)", words=words, lines=lines) if loss.lines else words
