"""`flask --app app import TABLE FILE`: an extract from the billing systems or a table of the administrator."""

from pathlib import Path

import click

from wss import schema
from wss.cli.printing import printable, say
from wss.cli.progress_bars import ProgressBars
from wss.db import database
from wss.domain.extracts import EXTRACTS, REPAIRED, UNREADABLE_FROM, RowRefused
from wss.domain.extracts.losses import CHANGED, LOST, MONTH_FIRST, REFORMATTED, SHIFTED, ColumnLoss
from wss.services.reference.imports import ImportOrder, import_extract
from wss.services.reference.row_checks import LISTED, ImportResult, RowFinding

# Texts of the row rules' codes for the operator at the terminal.
FINDING_TEXTS = {
    "missing": "empty",
    "too_long": "too long for this column",
    "not_text": "not UTF-8 text: save the file as CSV UTF-8",
    "blank_in_code": "a code cannot contain spaces",
    "sign_in_code": "an office code cannot contain / or *",
    "wrong_number_of_columns": "the row has a different number of columns from the header",
    "column_missing": "the header row does not have this column",
    "column_twice": "the header has a column twice",
    "account_no_missing": "no account number",
    "account_no_not_digits": "write only digits",
    "account_no_length": "write 10 or 12 digits",
    "bill_no_missing": "no bill number",
    "bill_no_length": "write at most 20 letters and digits",
    "bill_no_characters": "write only letters and digits",
    "mobile_landline": "a landline number: write a mobile number",
    "mobile_not_digits": "not a telephone number",
    "mobile_length": "write 10 digits",
    "email_malformed": "not an e-mail address",
    "pincode_malformed": "write 6 digits",
    "not_a_whole_number": "not a whole number from 0 on (no thousands commas, no 1.2E+05)",
    "not_a_number": "not a number in digits (no thousands commas, no 1.2E+05)",
    "not_an_amount": "not an amount in rupees (1234.50, no thousands commas, no 1.2E+05)",
    "negative_amount": "cannot be negative",
    "beyond_reason": "value out of range",
    "not_a_date": "no such date (write DD-MM-YYYY or YYYY-MM-DD)",
    "not_a_month": "not a month (YYYY-MM, MM-YYYY or Nov-2025)",
    "not_yes_or_no": "must be yes or no",
    "before_period_from": "before the period begins",
    "before_issue_date": "before the date of issue",
    "before_slab_from": "the slab ends before it begins",
    "its_own_parent": "an office cannot be its own parent",
    "discom_has_no_parent": "a discom has no parent office: leave the cell empty",
    "not_below_its_parent": "the level must be one below the parent office's level",
    "twice_in_file": "an earlier row of the file already has it",
    "other_discom": "the account would move to another discom",
    "unknown_account": "no such connection: import connections first",
    "other_account": "the bill belongs to another account",
    "other_month": "the bill is of another month",
    "sbm_bill_no_used": "another bill has this SBM number",
    "spreadsheet_error": "a spreadsheet error, not a value: enter the value",
    "word_for_nothing": "this word means no value: leave the cell empty to clear the field",
    "lost_letters": "the letters of the text are lost: save the file as CSV UTF-8",
    "rounded_number": "a spreadsheet has rounded the number: format the column as text, then enter it again",
    "leading_zero_restored": "the leading 0 was missing",
    "phone_malformed": "not a telephone number",
    "month_first": "the month comes first; write DD-MM-YYYY or YYYY-MM-DD",
    "two_digit_year": "write the year with four digits",
    "day_number": "a spreadsheet's internal number for a date: format the column as a date",
    "empty_file": "the file is empty: export it again",
    "workbook": "an Excel or OpenDocument workbook: save it as CSV UTF-8",
    "web_page": "a web page, perhaps a saved login page: download the file again",
    "compressed": "a compressed file: unzip it first",
    "pdf": "a PDF: save the table as CSV UTF-8",
}
# Texts of the losses of known values in a column.
LOSSES = {
    LOST: "known values are empty in the file or cannot be read",
    REFORMATTED: "cells were changed into numbers by a spreadsheet (9800000001.0); they can be read",
    SHIFTED: "values belong to other rows",
    CHANGED: "values differ from the known ones",
    MONTH_FIRST: "dates have the month first, so other dates may be misread",
}


@click.command("import")
@click.argument("table", type=click.Choice(list(EXTRACTS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--skip-bad-rows", is_flag=True, help="Write the valid rows, and the invalid ones to FILE.rejected.csv."
)
@click.option(
    "--accept-losses",
    is_flag=True,
    help="Write although an unusual share of a column would be emptied, cannot be read, or moves to other rows.",
)
def import_command(table: str, file: Path, *, skip_bad_rows: bool, accept_losses: bool) -> None:
    """Import an extract: check every row, then write. Importing the same file twice changes nothing.

    FILE is CSV with a header row. A cell that cannot be read never replaces a known value; only an empty cell
    clears one.
    """
    refusal = schema.refusal(database())
    if refusal:
        raise click.ClickException(refusal)
    with ProgressBars() as bars:
        try:
            outcome = import_extract(ImportOrder(table, file, skip_bad_rows, accept_losses, bars.update))
        except RowRefused as error:
            words = printable(f"{file.name}: {finding_text('', error.column, error.code)}")
            raise click.ClickException(words) from None
    report(outcome)
    if not outcome.written:
        raise SystemExit(1)


def report(outcome: ImportResult) -> None:
    """Print what was found and done."""
    _list("refused", outcome.refused, outcome.refusals)
    _list("warned", outcome.warned, outcome.warnings)
    if outcome.rejected_file:
        say(f"The refused rows are in {outcome.rejected_file}", err=True)
    for loss in outcome.losses:
        click.echo(f"{'accepted' if outcome.written else 'stopped'}: {loss_text(loss)}", err=True)
    if not outcome.written:
        click.echo(f"Nothing was written. Correct the file{_ways_on(outcome)}.", err=True)
    counts = ("new", "changed", "unchanged", "warned", "refused")
    click.echo(", ".join(f"{getattr(outcome, count):,} {count}" for count in counts))


def finding_text(line: str, column: str, code: str) -> str:
    """Return a finding as text for the operator: where, what is wrong, and the code."""
    where = ", ".join(part for part in (line, column) if part)
    words = FINDING_TEXTS.get(code) or _file_text(code)
    return f"{where}: {words} [{code}]" if where else f"{words} [{code}]"


def _file_text(code: str) -> str:
    """Return a code without a text of its own as text."""
    if code.startswith(UNREADABLE_FROM):
        return f"the file cannot be read from line {code.removeprefix(UNREADABLE_FROM)} on: export it again"
    return code.replace("_", " ")


def loss_text(loss: ColumnLoss) -> str:
    """Return a loss as text: how many of the column's known values, their share, and the first lines."""
    share = f" ({loss.many / loss.known:.0%})" if loss.known else ""
    more = " …" if loss.many > len(loss.lines) else ""
    lines = f"; lines {', '.join(map(str, loss.lines))}{more}" if loss.lines else ""
    return f"{loss.column}: {loss.many:,} of {loss.known:,}{share} {LOSSES[loss.code]}{lines} [{loss.code}]"


def _ways_on(outcome: ImportResult) -> str:
    rows = ", or skip the refused rows with --skip-bad-rows" if outcome.refused else ""
    return rows + (", or accept the losses with --accept-losses" if outcome.losses else "")


def _kept_text(finding: RowFinding) -> str:
    if finding.code in REPAIRED:
        return f"; read as {finding.kept}"
    return f"; kept: {finding.kept}" if finding.kept else "; left empty"


def _list(kind: str, count: int, findings: list[RowFinding]) -> None:
    for finding in findings:
        kept = _kept_text(finding) if kind == "warned" else ""
        say(f"{kind}: {finding_text(f'line {finding.line}', finding.column, finding.code)}{kept}", err=True)
    if count > LISTED:
        click.echo(f"… and {count - LISTED:,} more {kind}", err=True)
