"""Changes of reference tables: rows that grant no rights are written at once, those that grant rights stay pending."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from wss.clock import local_date, now
from wss.domain.actor import Actor
from wss.domain.admin_tables import WAITS_FOR_SECOND, Cells, Key, TableDifference, key_of, written_row
from wss.domain.errors import NotFound, Outdated, RuleBroken
from wss.domain.extracts import EXTRACTS, Extract, RowRefused, RowRule, row_rule
from wss.domain.table_rights import OF_A_DISCOM, Administrator, RowFault, row_faults, rows_that_give_rights
from wss.models import PendingChange, ReferenceChange
from wss.queries import admin_tables as queries
from wss.queries import pending_changes
from wss.queries.extracts import known_codes
from wss.queries.reference import bump_reference_version
from wss.queries.staff import delete_sessions_of_staff
from wss.services.reference.row_checks import renew_reference
from wss.services.shared.audit import record

# A change of one of these logs the person out: session and step-up were granted for the former post.
_ENDS_SESSIONS = ("role", "office_code", "left_on")


class RowsRefused(RuleBroken):
    """A change contains rows that this administrator may not change."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(faults[0].code)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class TableChangeResult:
    """The result of a change: its number in the history, and the number of the rows that stay pending."""

    change_id: int | None = None
    pending_id: int | None = None


@dataclass(frozen=True, slots=True)
class TableChangeEntry:
    """An entry of the history: whose rows, who made and who confirmed the change, and which change it undoes."""

    actor: Actor
    discom: str | None
    undoes_id: int | None = None
    confirmed_by: Actor | None = None


def locked_administrator(actor: Actor) -> Administrator:
    """Serialise changes of reference tables by a lock, and return the administrator who makes this one.

    Raises NotFound for a person who is no longer an administrator: of two who remove each other, one remains.
    """
    bump_reference_version()
    return administrator_of(actor)


def administrator_of(actor: Actor) -> Administrator:
    """Return the administrator; raises NotFound for a person who is none, or is no longer one."""
    admin = pending_changes.administrator(actor.id, local_date(now()))
    if admin is None:
        raise NotFound
    return admin


def discom_of(admin: Administrator, table: str) -> str | None:
    """Return the discom whose rows of a table an administrator changes, or None where all discoms share the table."""
    return admin.discom if table in OF_A_DISCOM else None


def keys_that_wait(table: str, change: TableDifference) -> Collection[Key]:
    """Return the rows of a change that a second administrator has to confirm.

    Offices depend on each other: where one row of a file is pending, all of them are.
    """
    found = rows_that_give_rights(table, change, local_date(now()))
    return set(change.keys) if found and table == "offices" else found


def faults_of(admin: Administrator, table: str, change: TableDifference) -> list[RowFault]:
    """Return the rows of a change that this administrator may not change."""
    return row_faults(admin, table, change, pending_changes.office_discoms())


def apply_change(
    actor: Actor,
    admin: Administrator,
    extract: Extract,
    change: TableDifference,
    undoes_id: int | None = None,
) -> TableChangeResult:
    """Write the rows that grant no rights, and store the others as pending for a second administrator."""
    table = extract.table
    faults = faults_of(admin, table, change)
    if faults:
        raise RowsRefused(faults)
    waiting = keys_that_wait(table, change)
    at_once = change.only([key for key in change.keys if key not in waiting])
    change_id = None
    if not at_once.is_empty:
        change_id = write_change(
            extract, at_once, TableChangeEntry(actor, discom_of(admin, table), undoes_id)
        )
    if not waiting:
        return TableChangeResult(change_id)
    undoes_later = undoes_id if change_id is None else None
    return TableChangeResult(change_id, _propose(actor, admin, table, change.only(waiting), undoes_later))


def write_change(extract: Extract, change: TableDifference, entry: TableChangeEntry) -> int:
    """Write the rows of a change, notify every process, and add it to the history and to the audit trail."""
    table = extract.table
    _write(extract, change)
    renew_reference(table)
    if table == "staff":
        _end_sessions(change)
    second = entry.confirmed_by
    change_id = queries.add_change(
        ReferenceChange(
            table_name=table,
            employee_id=entry.actor.id,
            at=now(),
            rows_before=_listed(change.before.values()),
            rows_after=_listed(change.after.values()),
            undoes_id=entry.undoes_id,
            confirmed_by=second.id if second else None,
            discom_code=entry.discom,
        )
    )
    action = "undo_table" if entry.undoes_id else "change_table"
    proposer = {"proposed_by": entry.actor.id} if second else {}
    record(second or entry.actor, action, f"table:{table}", change=change_id, **proposer)
    return change_id


def present_rows(table: str) -> dict[Key, Cells]:
    """Return the rows of a table as text cells, by their keys."""
    extract = EXTRACTS[table]
    rows = (written_row(extract, values) for values in queries.stored_rows(table))
    return {key_of(extract, cells): cells for cells in rows}


def recorded_difference(
    table: str, before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]
) -> TableDifference:
    """Return a change as it was recorded, its rows by their keys."""
    return TableDifference(_by_key(table, before), _by_key(table, after))


def check_unchanged(table: str, change: TableDifference) -> None:
    """Raise Outdated when a row of a recorded change is no longer what it was before the change."""
    present = present_rows(table)
    if any(present.get(key) != change.before.get(key) for key in change.keys):
        raise Outdated


def _propose(
    actor: Actor, admin: Administrator, table: str, change: TableDifference, undoes_id: int | None
) -> int:
    at = now()
    pending_id = pending_changes.add_pending(
        PendingChange(
            table_name=table,
            discom_code=discom_of(admin, table),
            employee_id=actor.id,
            made_at=at,
            expires_at=at + WAITS_FOR_SECOND,
            rows_before=_listed(change.before.values()),
            rows_after=_listed(change.after.values()),
            fingerprint=change.fingerprint(table),
            undoes_id=undoes_id,
        )
    )
    record(actor, "propose_table_change", f"table:{table}", pending=pending_id)
    return pending_id


def _write(extract: Extract, change: TableDifference) -> None:
    """Write the rows of a difference, and remove those that are gone."""
    rule = row_rule(extract, known_codes())
    for cells in change.after.values():
        queries.put_row(extract.table, _stored_values(extract, rule, cells))
    for cells in change.removed:
        values = _stored_values(extract, rule, cells)
        queries.remove_row(extract.table, [values[extract.fields.index(field)] for field in extract.key])


def _end_sessions(change: TableDifference) -> None:
    names = EXTRACTS["staff"].names
    for row in change.changed(names):
        if any(name in _ENDS_SESSIONS for name, _, _ in row.cells):
            delete_sessions_of_staff(row.key[0])


def _stored_values(extract: Extract, rule: RowRule, cells: Cells) -> list[Any]:
    """Return the values of a row that was checked before. A cell that no file may contain today was kept or is
    restored: it stays as it was written."""
    try:
        values, noted = rule(cells)
    except RowRefused:
        raise Outdated from None
    places = {column.name: place for place, column in enumerate(extract.columns)}
    for one in noted:
        values[places[one.column]] = cells[places[one.column]]
    return values


def _by_key(table: str, rows: Sequence[Sequence[str]]) -> dict[Key, Cells]:
    """Return the rows of a change by key; a row older than the table's last columns is padded with empty cells."""
    width = len(EXTRACTS[table].columns)
    padded = (tuple(cells) + ("",) * (width - len(cells)) for cells in rows)
    return {key_of(EXTRACTS[table], cells): cells for cells in padded}


def _listed(rows: Collection[Cells]) -> list[list[str]]:
    return [list(cells) for cells in rows]
