"""Batches of approvals: their items, each decided once, and the sums of a day, which are never exceeded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, select, update

from wss.db import core, execute_count
from wss.db import insert as upsert
from wss.domain.batch_approval import SumScope
from wss.models import ApprovalBatch, BatchItem, BatchSum

_batch = cast(Table, ApprovalBatch.__table__)
_item = cast(Table, BatchItem.__table__)
_sum = cast(Table, BatchSum.__table__)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """An item of a batch."""

    position: int
    complaint_no: str
    figures_hash: str
    outcome: str


def add_batch(employee_id: str, at: datetime, items: Sequence[tuple[str, str]]) -> int:
    """Store a batch of complaint numbers, each with the hash of its figures; return its id."""
    columns = {"employee_id": employee_id, "created_at": at}
    added = core().execute(_batch.insert().returning(_batch.c.id), columns).scalar_one()
    core().execute(
        _item.insert(),
        [
            {
                "batch_id": added,
                "position": place,
                "complaint_no": number,
                "figures_hash": seen,
                "outcome": "",
            }
            for place, (number, seen) in enumerate(items)
        ],
    )
    return int(added)


def batch_lines(employee_id: str, batch_id: int) -> list[BatchLine]:
    """Return the items of an employee's own batch in their order; none for any other batch."""
    statement = (
        select(_item.c.position, _item.c.complaint_no, _item.c.figures_hash, _item.c.outcome)
        .join(_batch, _batch.c.id == _item.c.batch_id)
        .where(_batch.c.id == batch_id, _batch.c.employee_id == employee_id)
        .order_by(_item.c.position)
    )
    return [BatchLine(*row) for row in core().execute(statement)]


def settle_item_if_open(batch_id: int, position: int, outcome: str) -> int:
    """Store the outcome of an item that has none: 1, or 0 when it was decided before."""
    statement = (
        update(_item)
        .where(_item.c.batch_id == batch_id, _item.c.position == position, _item.c.outcome == "")
        .values(outcome=outcome)
    )
    return execute_count(statement)


def add_to_sum(day: date, scope: SumScope, code: str, paise: int, cap: int) -> int:
    """Add to the sum of a day: 1, or 0 when it would exceed its cap and so stays."""
    place = {"day": day, "scope": scope.value, "code": code}
    core().execute(upsert(_sum).values(**place, paise=0).on_conflict_do_nothing())
    statement = (
        update(_sum)
        .where(*(_sum.c[name] == value for name, value in place.items()), _sum.c.paise + paise <= cap)
        .values(paise=_sum.c.paise + paise)
    )
    return execute_count(statement)


def sum_of_day(day: date, scope: SumScope, code: str) -> int:
    """Return the sum of a day so far."""
    statement = select(_sum.c.paise).where(
        _sum.c.day == day, _sum.c.scope == scope.value, _sum.c.code == code
    )
    return core().execute(statement).scalar() or 0
