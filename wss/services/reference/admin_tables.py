"""Changes of reference tables by administrators: upload a file, preview the changes, confirm, undo."""

import secrets
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from wss.clock import now
from wss.db import reading, scratch, transaction, workbench
from wss.domain.actor import Actor
from wss.domain.admin_tables import (
    LARGEST_FILE,
    REMOVABLE,
    STORED,
    Cells,
    Key,
    TableDifference,
    difference,
    key_of,
    written_row,
)
from wss.domain.errors import NotFound, Outdated, RuleBroken
from wss.domain.extracts import EXTRACTS, Extract, RowRefused
from wss.domain.table_rights import OF_A_DISCOM, Administrator, RowFault, visible_rows
from wss.gateways.message_texts import own_texts, text_fault
from wss.models import ReferenceUpload
from wss.queries import admin_tables as queries
from wss.queries.pending_changes import office_discoms
from wss.queries.staged_rows import close_stage, open_stage
from wss.services.reference._files import ExtractFile, text_of
from wss.services.reference.row_checks import (
    LISTED,
    ImportResult,
    RowCheck,
    RowFinding,
    check,
    extract_with_text_rules,
)
from wss.services.reference.table_changes import (
    TableChangeResult,
    administrator_of,
    apply_change,
    check_unchanged,
    discom_of,
    faults_of,
    keys_that_wait,
    locked_administrator,
    present_rows,
    recorded_difference,
)
from wss.services.shared.audit import record


class LossesNotAccepted(RuleBroken):
    """A file would empty, spoil or move an unusual share of a column, and the administrator has not accepted that."""


@dataclass(frozen=True, slots=True)
class ProposedTable:
    """A file with the changes it would make. With refused rows nothing can be confirmed, and there is no upload.
    The rows of `waiting` need a second administrator."""

    outcome: ImportResult
    difference: TableDifference
    upload_id: str | None = None
    waiting: Collection[Key] = ()
    faults: Sequence[RowFault] = ()


def upload_table(actor: Actor, table: str, content: bytes, *, remove_missing: bool) -> ProposedTable:
    """Check a file and store it for its administrator's confirmation; raises RowRefused for an unreadable one."""
    text = _text(table, content)
    remove_missing = remove_missing and table in REMOVABLE
    looked_at = _preview(actor, table, text, remove_missing=remove_missing)
    if looked_at.faults:
        _record_attempt(actor, table, looked_at.faults)
    if looked_at.outcome.refused or looked_at.difference.is_empty:
        return looked_at
    upload_id = secrets.token_hex(16)
    with transaction():
        queries.add_upload(
            ReferenceUpload(
                id=upload_id,
                table_name=table,
                employee_id=actor.id,
                content=text,
                remove_missing=remove_missing,
                created_at=now(),
            )
        )
    return replace(looked_at, upload_id=upload_id)


def preview_upload(actor: Actor, table: str, upload_id: str) -> ProposedTable:
    """Return what an uploaded file would change now; raises NotFound when it is not this administrator's."""
    upload = _own_upload(actor, table, upload_id)
    looked_at = _preview(actor, table, upload.content, remove_missing=upload.remove_missing)
    return replace(looked_at, upload_id=upload_id)


def confirm(actor: Actor, table: str, upload_id: str, *, accept_losses: bool = False) -> TableChangeResult:
    """Apply the change: rows that grant rights are kept for a second administrator, the others are written
    together.

    Raises NotFound for a file that is gone, Outdated for one that is no longer valid, LossesNotAccepted for one of
    which too much would be lost, RowsRefused for rows that this administrator may not change.
    """
    upload = _own_upload(actor, table, upload_id)
    with _staged(table, upload.content) as outcome:
        if outcome.refused:
            raise Outdated
        if outcome.losses and not accept_losses:
            raise LossesNotAccepted("losses_not_accepted")
        with transaction():
            admin = locked_administrator(actor)
            if not queries.delete_upload(upload_id):
                raise NotFound
            change = _difference(admin, table, outcome, remove_missing=upload.remove_missing)
            return (
                TableChangeResult()
                if change.is_empty
                else apply_change(actor, admin, extract_with_text_rules(table, text_fault), change)
            )


def undo(actor: Actor, table: str, change_id: int) -> TableChangeResult:
    """Restore a table's rows as before a change, by the rules of any other change.

    Raises Outdated when they have changed since, RuleBroken for rows that cannot be removed.
    """
    with transaction():
        admin = locked_administrator(actor)
        done = queries.change_of(table, discom_of(admin, table), change_id)
        if done is None:
            raise NotFound
        back = recorded_difference(table, done.rows_after, done.rows_before)
        if done.undone_by:
            raise Outdated
        check_unchanged(table, back)
        if table not in REMOVABLE and back.removed:
            raise RuleBroken("new_rows_stay")
        return apply_change(
            actor, admin, extract_with_text_rules(table, text_fault), back, undoes_id=change_id
        )


def rows_as_file(actor: Actor, table: str) -> Iterator[Cells]:
    """Yield a table as a file: the header, then its rows; of offices, staff and forums only the own discom's."""
    yield EXTRACTS[table].names
    present = present_rows(table)
    if table == "texts":
        present = {**_own_texts(), **present}
    yield from visible_rows(table, present, administrator_of(actor).discom, office_discoms()).values()


def row_counts(actor: Actor) -> dict[str, int]:
    """Return how many rows of each table an administrator sees."""
    with reading():
        discom, discoms = administrator_of(actor).discom, office_discoms()
        scoped = {
            table: len(visible_rows(table, present_rows(table), discom, discoms)) for table in OF_A_DISCOM
        }
        return queries.row_counts([table for table in STORED if table not in OF_A_DISCOM]) | scoped


def history(actor: Actor, table: str, before_id: int | None = None) -> list[queries.ChangeLine]:
    """Return a table's changes, newest first, of the own discom or of a shared table."""
    with reading():
        return queries.history_of(table, before_id, discom_of(administrator_of(actor), table))


def _preview(actor: Actor, table: str, text: str, *, remove_missing: bool) -> ProposedTable:
    with _staged(table, text) as outcome:
        with scratch():
            admin = administrator_of(actor)
            change = _difference(admin, table, outcome, remove_missing=remove_missing)
            faults = faults_of(admin, table, change)
            shown = _without_refused_rows(admin, table, change, (faults, outcome))
            waiting = keys_that_wait(table, shown)
        return ProposedTable(outcome, shown, None, waiting, faults)


def _record_attempt(actor: Actor, table: str, faults: Sequence[RowFault]) -> None:
    """Record that an administrator tried to change their own row or another discom's, although nothing was changed."""
    tried = [f"{fault.code}: {', '.join(fault.key)}" for fault in faults[:LISTED]]
    with transaction():
        record(actor, "refused_table_change", f"table:{table}", rows=tried)


def _without_refused_rows(
    admin: Administrator,
    table: str,
    change: TableDifference,
    found_by: tuple[Sequence[RowFault], ImportResult],
) -> TableDifference:
    """Add the rows that this administrator may not change to the refused ones.

    The present values of another discom's row are not shown: neither as the value before nor as the one that is
    kept.
    """
    faults, outcome = found_by
    lines = queries.staged_lines(table)
    found = [
        RowFinding(lines.get(fault.key, 0), fault.column, fault.code, ", ".join(fault.key))
        for fault in faults
    ]
    outcome.refused += len(faults)
    outcome.refusals = sorted([*outcome.refusals, *found])[:LISTED]
    present, discoms = present_rows(table), office_discoms()
    hidden = present.keys() - visible_rows(table, present, admin.discom, discoms).keys()
    hidden_lines = {lines[key] for key in hidden if key in lines}
    outcome.warnings = [one for one in outcome.warnings if one.line not in hidden_lines]
    refused = {fault.key for fault in faults}
    shown = change.only([key for key in change.keys if key not in refused])
    return replace(shown, unchanged=change.unchanged)


@contextmanager
def _staged(table: str, text: str) -> Iterator[ImportResult]:
    """Stage the valid rows of a file in a work table, and count the invalid ones."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table}.csv"
        path.write_text(text, encoding="utf-8", newline="")
        extract = extract_with_text_rules(table, text_fault)
        file = ExtractFile(path, extract)
        outcome = ImportResult(lacking=file.lacking)
        with workbench():
            with scratch():
                open_stage(table)
            check(RowCheck(table, extract, file), outcome)
            yield outcome
            with scratch():
                close_stage(table)


def _difference(
    admin: Administrator, table: str, outcome: ImportResult, *, remove_missing: bool
) -> TableDifference:
    extract, present = EXTRACTS[table], present_rows(table)
    removable = visible_rows(table, present, admin.discom, office_discoms()) if remove_missing else {}
    requested = {}
    for values in queries.staged_rows(table):
        cells = written_row(extract, values)
        key = key_of(extract, cells)
        requested[key] = _with_lacking(extract, cells, present.get(key), outcome.lacking)
    if table != "texts":
        return difference(present, requested, removable=removable)
    # A text that equals the built-in one needs no row, unless it is registered under an id.
    own = _own_texts()
    back = {key: present[key] for key, cells in requested.items() if key in present and own.get(key) == cells}
    requested = {key: cells for key, cells in requested.items() if own.get(key) != cells}
    change = difference(present, requested, removable=removable)
    return replace(change, before=change.before | back)


def _with_lacking(extract: Extract, cells: Cells, present: Cells | None, lacking: frozenset[str]) -> Cells:
    """Keep the present values of the columns that a file lacks."""
    if not lacking or present is None:
        return cells
    places = range(len(cells))
    return tuple(present[at] if extract.fields[at] in lacking else cells[at] for at in places)


def _own_texts() -> dict[Key, Cells]:
    return {cells[:3]: (*cells, "") for cells in own_texts()}


def _own_upload(actor: Actor, table: str, upload_id: str) -> ReferenceUpload:
    with reading():
        upload = queries.upload_of(upload_id, actor.id)
    if upload is None or upload.table_name != table:
        raise NotFound
    return upload


def _text(table: str, content: bytes) -> str:
    if table not in STORED:
        raise NotFound
    if len(content) > LARGEST_FILE:
        raise RowRefused("", "file_too_large")
    return text_of(content)
