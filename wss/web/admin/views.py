"""Pages of reference tables: show, download, change by a file after a preview, and undo."""

import csv
import io

from flask import Response, make_response, request
from flask_babel import gettext as _

from wss.domain.admin_tables import REMOVABLE, STORED
from wss.domain.errors import NotFound, RuleBroken
from wss.domain.extracts import EXTRACTS, RowRefused
from wss.domain.spreadsheets import escape_formula
from wss.domain.table_rights import OF_A_DISCOM
from wss.queries.admin_tables import last_changes
from wss.services.reference.admin_tables import (
    LossesNotAccepted,
    ProposedTable,
    confirm,
    history,
    preview_upload,
    row_counts,
    rows_as_file,
    undo,
    upload_table,
)
from wss.services.reference.pending_changes import other_administrators, own_discom, pending_for
from wss.services.reference.table_changes import RowsRefused, TableChangeResult
from wss.web.access import current_actor, needs_step_up
from wss.web.admin.blueprint import admin
from wss.web.admin.forms import FileForm, TableConfirmForm, TableUndoForm
from wss.web.downloads import A_CSV, as_download
from wss.web.fields import row_id
from wss.web.labels.admin import cell_in_words, column_heading, table_name
from wss.web.labels.row_findings import (
    finding_in_words,
    loss_in_words,
    refusal_in_words,
    row_refusal_in_words,
    warning_in_words,
)
from wss.web.pages import redirect_to, render

SHOWN = 100
# Columns whose values are not broken into lines.
_ONE_LINE = ("phone", "mobile", "date", "effective_from", "left_on")


@admin.get("/admin")
def tables() -> Response:
    """Show every table, with its number of rows and the time of its last change."""
    return render(
        "admin/tables.html",
        tables=[(name, table_name(name)) for name in STORED],
        counts=row_counts(current_actor()),
        # Only changed texts are stored; the others are built in.
        all_texts=len(list(rows_as_file(current_actor(), "texts"))) - 1,
        changed=last_changes(own_discom(current_actor())),
        pending=[(row, table_name(row.table_name)) for row in pending_for(current_actor())],
        is_alone=not other_administrators(current_actor(), own_discom(current_actor())),
        discom=own_discom(current_actor()),
        of_a_discom=OF_A_DISCOM,
    )


@admin.get("/admin/<table>")
def table(table: str) -> Response:
    """Show a table: its rows, a form for a file that changes it, and its history."""
    return _table_page(_known_table(table), FileForm(formdata=None))


@admin.get("/admin/<table>.csv")
def download(table: str) -> Response:
    """Return the table as a CSV file in the format that changes it."""
    _known_table(table)
    # The file says who works where, with telephone numbers. That is an export and requires the second factor.
    step = needs_step_up() if table == "staff" else None
    if step is not None:
        return step
    text = io.StringIO()
    rows = rows_as_file(current_actor(), table)
    # Excel would compute cells as formulas without an apostrophe; an import of the file removes the apostrophes.
    csv.writer(text).writerows([escape_formula(cell) for cell in row] for row in rows)
    # Spreadsheets need the byte order mark to read Hindi.
    response = make_response(f"\ufeff{text.getvalue()}".encode())
    return as_download(response, A_CSV, table)


@admin.post("/admin/<table>")
def change(table: str) -> Response:
    """Accept a file and show what it would change; or, once that is confirmed, change it."""
    _known_table(table)
    if "confirm" in request.form:
        return _confirmed(table, TableConfirmForm())
    form = FileForm()
    if not form.validate():
        return _table_page(table, form, status=422)
    try:
        seen = upload_table(current_actor(), table, form.content(), remove_missing=form.remove_missing.data)
    except RowRefused as wrong:
        form.refuse(finding_in_words(wrong.column, wrong.code))
        return _table_page(table, form, status=422)
    if seen.upload_id:
        return redirect_to("admin.preview", table=table, upload_id=seen.upload_id)
    # Cells that were left out or repaired are listed even if nothing would change.
    if seen.outcome.refused or seen.outcome.warned:
        return _preview_page(table, seen, status=422)
    form.refuse(_("The table already has all of this"))
    return _table_page(table, form, status=422)


@admin.get("/admin/<table>/uploads/<upload_id>")
def preview(table: str, upload_id: str) -> Response:
    """Show what a file would change, row by row."""
    _known_table(table)
    return _preview_page(table, preview_upload(current_actor(), table, upload_id))


@admin.post("/admin/<table>/undo")
def undo_change(table: str) -> Response:
    """Undo a change of a table."""
    _known_table(table)
    form = TableUndoForm()
    if not form.validate():
        return _table_page(table, FileForm(formdata=None), status=422, not_undone=form.change.errors[0])
    number = form.number
    if number is None:
        raise NotFound
    step = needs_step_up(f"/admin/{table}")
    if step is not None:
        return step
    try:
        applied = undo(current_actor(), table, number)
    except RuleBroken as broken:
        return _refused_page(table, broken)
    return _to_result(table, applied, "undone")


def _confirmed(table: str, form: TableConfirmForm) -> Response:
    if not form.validate():
        # The user has to upload the file again.
        again = FileForm(formdata=None)
        again.refuse(str(form.confirm.errors[0]))
        return _table_page(table, again, status=422)
    upload_id = form.confirm.data or ""
    step = needs_step_up(f"/admin/{table}/uploads/{upload_id}")
    if step is not None:
        return step
    try:
        applied = confirm(current_actor(), table, upload_id, accept_losses=form.accept_losses.data)
    except LossesNotAccepted:
        form.refuse(_("Tick this box to accept the loss. Otherwise correct the file and upload it again."))
        return _preview_page(table, preview_upload(current_actor(), table, upload_id), form, status=422)
    except RuleBroken as broken:
        return _refused_page(table, broken)
    return _to_result(table, applied, "changed")


def _refused_page(table: str, broken: RuleBroken) -> Response:
    """Return the table with the reason why nothing was changed; re-raise a NotFound for its error page."""
    if isinstance(broken, NotFound):
        raise broken
    words = finding_in_words("", broken.code)
    if isinstance(broken, RowsRefused):
        words = "; ".join(row_refusal_in_words(*fault) for fault in broken.faults[:SHOWN])
    return _table_page(table, FileForm(formdata=None), status=409, error_text=words)


def _to_result(table: str, applied: TableChangeResult, done: str) -> Response:
    """Redirect to the result of a change: the table, or the change that waits for a second administrator."""
    if applied.pending_id is None:
        return redirect_to("admin.table", table=table, done=done)
    part = "part" if applied.change_id is not None else "proposed"
    return redirect_to("admin.pending_change", change_id=applied.pending_id, done=part)


def _table_page(
    table: str, form: FileForm, status: int = 200, error_text: str = "", not_undone: str = ""
) -> Response:
    before = request.args.get("before", type=row_id)
    rows = list(rows_as_file(current_actor(), table))
    shown = rows[1 : SHOWN + 1]
    # Columns without a value in any of these rows would only push the others out of the page.
    filled = [at for at in range(len(rows[0])) if at == 0 or not shown or any(row[at] for row in shown)]
    return render(
        "admin/table.html",
        status=status,
        form=form,
        table=table,
        name=table_name(table),
        heads=[column_heading(EXTRACTS[table].names[at]) for at in filled],
        one_line=[EXTRACTS[table].names[at] in _ONE_LINE for at in filled],
        rows=[[cell_in_words(EXTRACTS[table].names[at], row[at]) for at in filled] for row in shown],
        empty=[column_heading(name) for at, name in enumerate(EXTRACTS[table].names) if at not in filled],
        how_many=len(rows) - 1,
        history=history(current_actor(), table, before),
        is_of_a_discom=table in OF_A_DISCOM,
        can_remove=table in REMOVABLE,
        done=request.args.get("done") if request.method == "GET" else None,
        error_text=error_text,
        not_undone=not_undone,
    )


def _preview_page(
    table: str, seen: ProposedTable, form: TableConfirmForm | None = None, status: int = 200
) -> Response:
    findings = [(one.line, refusal_in_words(one)) for one in seen.outcome.refusals]
    discom = own_discom(current_actor()) if table in OF_A_DISCOM else None
    warnings = [(one.line, warning_in_words(one)) for one in seen.outcome.warnings]
    return render(
        "admin/preview.html",
        status=status,
        form=form or TableConfirmForm(formdata=None),
        table=table,
        name=table_name(table),
        heads=[column_heading(name) for name in EXTRACTS[table].names],
        column_heading=column_heading,
        seen=seen,
        losses=[loss_in_words(one) for one in seen.outcome.losses],
        difference=seen.difference,
        changed=seen.difference.changed(EXTRACTS[table].names),
        refusals=findings,
        warnings=warnings,
        shown=SHOWN,
        waiting=[", ".join(key) for key in sorted(seen.waiting)],
        at_once=len(seen.difference.keys) - len(seen.waiting),
        is_alone=not other_administrators(current_actor(), discom),
    )


def _known_table(table: str) -> str:
    if table not in STORED:
        raise NotFound
    return table
