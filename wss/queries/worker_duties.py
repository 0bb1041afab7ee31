"""The states of the worker's duties, and the last import of each table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select

from wss.db import core, insert
from wss.domain.worker_duties import Duty, DutyState
from wss.models import LastImport, WorkerDuty

_duty = cast(Table, WorkerDuty.__table__)
_import = cast(Table, LastImport.__table__)


def add_duty_runs(runs: DutyState) -> None:
    """Add runs to the row of a duty in one statement, so that two workers lose no count of each other."""
    values: dict[str, Any] = {
        "last_success_at": runs.last_success_at,
        "last_failure_at": runs.last_failure_at,
        "error": runs.error,
        "milliseconds": runs.milliseconds,
        "successes": runs.successes,
        "failures": runs.failures,
    }
    added = insert(_duty).values(name=runs.duty, **values)
    # A run without a success keeps the time of the last one, and the other way round.
    kept = {name for name in ("last_success_at", "last_failure_at") if values[name] is None}
    kept |= {"error"} if not runs.failures else set()
    changes = {name: value for name, value in values.items() if name not in kept}
    changes |= {name: _duty.c[name] + values[name] for name in ("successes", "failures")}
    core().execute(added.on_conflict_do_update(index_elements=["name"], set_=changes))


def duty_states() -> list[DutyState]:
    """Return the state of every duty, also of those that have never run."""
    columns = [_duty.c[name] for name in DutyState.__slots__[1:]]
    found = {row[0]: row[1:] for row in core().execute(select(_duty.c.name, *columns))}
    return [DutyState(duty, *found.get(duty, ())) for duty in Duty]


@dataclass(frozen=True, slots=True)
class TableImport:
    """The last import of a table: when it ended, how many rows the file had, and how many were refused."""

    table: str
    at: datetime
    rows: int
    refused: int


def note_import(done: TableImport) -> None:
    """Store the last import of a table."""
    values = {"at": done.at, "row_count": done.rows, "refused": done.refused}
    statement = insert(_import).values(table_name=done.table, **values)
    core().execute(statement.on_conflict_do_update(index_elements=["table_name"], set_=values))


def last_imports() -> list[TableImport]:
    """Return the last import of each table that was ever imported, in the order of their names."""
    columns = [_import.c[name] for name in ("table_name", "at", "row_count", "refused")]
    return [TableImport(*row) for row in core().execute(select(*columns).order_by(_import.c.table_name))]
