"""Batches of steps: their requests, each settled once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select, update

from wss.db import core, execute_count, insert
from wss.domain.step_batches import ChosenRequest
from wss.models import StepBatch, StepItem

_batch = cast(Table, StepBatch.__table__)
_item = cast(Table, StepItem.__table__)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A request of a batch."""

    position: int
    complaint_no: str
    version: int
    outcome: str


def add_step_batch(form_token: str, employee_id: str, action: str, at: datetime) -> int | None:
    """Store a batch; return its id, or None where the form has made one before."""
    columns = {"form_token": form_token, "employee_id": employee_id, "action": action, "created_at": at}
    statement = insert(_batch).values(columns).on_conflict_do_nothing(index_elements=["form_token"])
    return core().execute(statement.returning(_batch.c.id)).scalar()


def add_step_items(batch_id: int, chosen: Sequence[ChosenRequest]) -> None:
    """Store the requests of a batch in their order."""
    rows = [
        {"batch_id": batch_id, "position": place, "complaint_no": one.complaint_no, "version": one.version}
        for place, one in enumerate(chosen)
    ]
    core().execute(_item.insert().values(outcome=""), rows)


def batch_of_form(form_token: str, employee_id: str, action: str) -> int | None:
    """Return the batch that an employee's form has made for this step, if it has."""
    statement = select(_batch.c.id).where(
        _batch.c.form_token == form_token, _batch.c.employee_id == employee_id, _batch.c.action == action
    )
    return core().execute(statement).scalar()


def step_of_batch(employee_id: str, batch_id: int) -> str | None:
    """Return the step of an employee's own batch; None for any other batch."""
    statement = select(_batch.c.action).where(_batch.c.id == batch_id, _batch.c.employee_id == employee_id)
    return core().execute(statement).scalar()


def step_lines(batch_id: int) -> list[StepLine]:
    """Return the requests of a batch in their order; the caller owns it (already checked)."""
    columns = [_item.c[name] for name in StepLine.__slots__]
    statement = select(*columns).where(_item.c.batch_id == batch_id).order_by(_item.c.position)
    return [StepLine(*row) for row in core().execute(statement)]


def settle_step_if_open(batch_id: int, position: int, outcome: str) -> int:
    """Store the outcome of a request that has none: 1, or 0 when it was settled before."""
    statement = (
        update(_item)
        .where(_item.c.batch_id == batch_id, _item.c.position == position, _item.c.outcome == "")
        .values(outcome=outcome)
    )
    return execute_count(statement)
