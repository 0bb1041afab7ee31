"""Pending changes that grant rights: a second administrator confirms or refuses, the proposer may withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.admin_tables import Cells, ChangedRow, Key, TableDifference
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.extracts import EXTRACTS
from wss.domain.table_rights import Administrator
from wss.queries import pending_changes as queries
from wss.queries.admin_tables import change_of
from wss.queries.pending_changes import PendingRow
from wss.services.reference.table_changes import (
    TableChangeEntry,
    administrator_of,
    check_unchanged,
    faults_of,
    locked_administrator,
    present_rows,
    recorded_difference,
    write_change,
)
from wss.services.shared.audit import record


class PendingDecision(StrEnum):
    """The decision on a pending change; the values are stored."""

    CONFIRM = "confirmed"
    REFUSE = "refused"
    WITHDRAW = "withdrawn"


@dataclass(frozen=True, slots=True)
class PendingView:
    """A pending change as an administrator sees it.

    `rows` are the complete rows after the change, by their keys; `newer` are the rows that have changed since it
    was proposed, with their present values; `hindrance` is a code for why this administrator cannot decide, empty
    where they can.
    """

    row: PendingRow
    change: TableDifference
    rows: dict[Key, Cells]
    newer: list[ChangedRow]
    removed: list[Key]
    is_own: bool
    is_waiting: bool
    hindrance: str


def pending_view(actor: Actor, change_id: int) -> PendingView:
    """Return a change that is pending or decided; raises NotFound for one of another discom."""
    with reading():
        admin = administrator_of(actor)
        seen = _seen(admin, change_id)
        change = recorded_difference(seen.table_name, seen.rows_before, seen.rows_after)
        is_waiting = seen.is_waiting(now())
        newer, removed = _newer(seen.table_name, change) if is_waiting else ([], [])
        return PendingView(
            row=seen,
            change=change,
            rows=change.after
            | {key: cells for key, cells in change.before.items() if key not in change.after},
            newer=newer,
            removed=removed,
            is_own=seen.employee_id == actor.id,
            is_waiting=is_waiting,
            hindrance=_obstacle(admin, seen, change) if is_waiting else "",
        )


def pending_for(actor: Actor) -> list[PendingRow]:
    """Return the pending changes for an administrator of the own discom."""
    with reading():
        return queries.pending_changes(administrator_of(actor).discom, now())


def other_administrators(actor: Actor, discom: str | None) -> Sequence[str]:
    """Return the other administrators who could confirm a change: of a discom, or (None) of any."""
    with reading():
        return [one for one in queries.administrators(local_date(now()), discom) if one != actor.id]


def own_discom(actor: Actor) -> str:
    """Return the discom of an administrator."""
    with reading():
        return administrator_of(actor).discom


def decide(
    actor: Actor, change_id: int, decision: PendingDecision, fingerprint: str, reason: str = ""
) -> int | None:
    """Confirm, refuse or withdraw a pending change; return its number in the history once it is confirmed.

    Raises NotFound for a change of another discom, Forbidden for a decision that is not this person's to make, and
    Outdated where it has been decided, has expired, is not what was shown, or the table has changed since.
    """
    with transaction():
        admin = locked_administrator(actor)
        seen = _seen(admin, change_id)
        change = recorded_difference(seen.table_name, seen.rows_before, seen.rows_after)
        if not seen.is_waiting(now()):
            raise Outdated("already_decided")
        if fingerprint != seen.fingerprint or change.fingerprint(seen.table_name) != seen.fingerprint:
            raise Outdated("not_what_was_shown")
        _check_who(admin, seen, change, decision)
        if decision is PendingDecision.CONFIRM:
            _check_still_right(seen, change)
        if not queries.settle_pending(
            seen, now(), state=decision.value, decided_by=actor.id, reason=reason.strip()
        ):
            raise Outdated("already_decided")
        record(actor, f"{decision}_table_change", f"table:{seen.table_name}", pending=seen.id)
        if decision is not PendingDecision.CONFIRM:
            return None
        # Both are administrators at this moment, so the maker has the same role.
        maker = Actor(Role.ADMIN, seen.employee_id)
        entry = TableChangeEntry(maker, seen.discom_code, seen.undoes_id, confirmed_by=actor)
        return write_change(EXTRACTS[seen.table_name], change, entry)


def _seen(admin: Administrator, change_id: int) -> PendingRow:
    seen = queries.pending_change(change_id, admin.discom)
    if seen is None:
        raise NotFound
    return seen


def _check_who(
    admin: Administrator, seen: PendingRow, change: TableDifference, decision: PendingDecision
) -> None:
    if decision is PendingDecision.WITHDRAW:
        if admin.employee_id != seen.employee_id:
            raise Forbidden("not_own_change")
        return
    obstacle = _obstacle(admin, seen, change)
    if obstacle == "maker_left" and decision is PendingDecision.REFUSE:
        return
    if obstacle:
        raise Forbidden(obstacle)


def _obstacle(admin: Administrator, seen: PendingRow, change: TableDifference) -> str:
    """Return why this administrator cannot decide: own proposal, own row in it, or a maker who has left the post."""
    if admin.employee_id == seen.employee_id:
        return "own_change"
    if faults_of(admin, seen.table_name, change):
        return "own_row_in_it"
    maker = queries.administrator(seen.employee_id, local_date(now()))
    is_in_charge = maker is not None and seen.discom_code in (None, maker.discom)
    return "" if is_in_charge else "maker_left"


def _check_still_right(seen: PendingRow, change: TableDifference) -> None:
    """Raise Outdated when the table has changed since, or the change that this would undo has been undone."""
    check_unchanged(seen.table_name, change)
    undone = change_of(seen.table_name, seen.discom_code, seen.undoes_id) if seen.undoes_id else None
    if undone is not None and undone.undone_by:
        raise Outdated


def _newer(table: str, change: TableDifference) -> tuple[list[ChangedRow], list[Key]]:
    """Return the rows that have changed since the change was proposed, and the keys of those that are gone."""
    present = present_rows(table)
    differing = {key for key in change.keys if present.get(key) != change.before.get(key)}
    before = {key: change.before.get(key, ("",) * len(EXTRACTS[table].names)) for key in differing}
    now_there = {key: present[key] for key in differing if key in present}
    return TableDifference(before, now_there).changed(EXTRACTS[table].names), sorted(
        differing - now_there.keys()
    )
