"""Queue of revised bills for the billing system: enqueue, claim with a lease, settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from wss.db import core, database, execute_count, session
from wss.domain.delivery import DeliveryState
from wss.models import BillingPost, Revision

# The number of refused bills that a page shows.
SHOWN = 50

_table = cast(Table, BillingPost.__table__)
_add = insert(_table)
# Literal values, as in the partial indexes: with bound parameters the planner cannot know that an index applies.
_IS_NOT_YET = _table.c.state.in_(
    bindparam("not_yet", [DeliveryState.WAITING, DeliveryState.SENDING], expanding=True, literal_execute=True)
)
_IS_REFUSED = _table.c.state == literal_column(f"'{DeliveryState.DEAD}'")


@dataclass(frozen=True, slots=True)
class RefusedBill:
    """A revised bill that the billing system has refused after this many attempts."""

    id: str
    revised_bill_no: str
    reason: str
    attempts: int
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class Unposted:
    """Revised bills that the billing system does not have yet: their count and age, and the refused ones.

    Refused bills are counted by reason; the latest of them are listed.
    """

    waiting: int
    waiting_since: datetime | None
    refusal_counts: Sequence[tuple[str, int]]
    refused: Sequence[RefusedBill]

    def __bool__(self) -> bool:
        return bool(self.waiting or self.refused)


def queue_posts(rows: list[dict[str, Any]]) -> None:
    """Enqueue revised bills for the billing system, within the transaction that approves them."""
    core().execute(_add, rows)


def claim_posts(at: datetime, leased_until: datetime, how_many: int) -> Sequence[BillingPost]:
    """Claim for this worker the revised bills that are due the longest, and those whose lease has expired."""
    due = or_(
        and_(BillingPost.state == DeliveryState.WAITING, BillingPost.due_at <= at),
        and_(BillingPost.state == DeliveryState.SENDING, BillingPost.leased_until <= at),
    )
    chosen = select(BillingPost.id).where(_IS_NOT_YET, due)
    chosen = chosen.order_by(BillingPost.due_at, BillingPost.id).limit(how_many)
    if not database().is_sqlite:
        chosen = chosen.with_for_update(skip_locked=True)
    statement = (
        update(BillingPost)
        .where(BillingPost.id.in_(chosen))
        .values(state=DeliveryState.SENDING, leased_until=leased_until)
        .returning(BillingPost)
        .execution_options(synchronize_session=False)
    )
    claimed = session().execute(statement).scalars().all()
    return sorted(claimed, key=lambda post: (post.due_at, post.id))


def settle_post(post_id: str, leased_until: datetime | None, **changes: Any) -> int:
    """Store the result of posting a claimed revised bill; return 0 when another worker holds the lease now."""
    statement = (
        update(BillingPost)
        .where(
            BillingPost.id == post_id,
            BillingPost.state == DeliveryState.SENDING,
            BillingPost.leased_until == leased_until,
        )
        .values(leased_until=None, **changes)
        .execution_options(synchronize_session=False)
    )
    return execute_count(statement)


def request_of_post(post: BillingPost) -> int | None:
    """Return the request whose revised bill is posted; None for a revision without a complaint."""
    statement = select(Revision.service_request_id).where(Revision.id == post.revision_id)
    return session().execute(statement).scalar()


def oldest_post_waiting(at: datetime) -> datetime | None:
    """Return since when the oldest revised bill has been waiting for the billing system."""
    statement = select(func.min(BillingPost.created_at)).where(_IS_NOT_YET, BillingPost.created_at <= at)
    return session().execute(statement).scalar()


def unposted_bills() -> Unposted:
    """Return what the billing system does not have yet, for the staff who resolve it."""
    waiting, since = (
        core().execute(select(func.count(), func.min(_table.c.created_at)).where(_IS_NOT_YET)).one()
    )
    columns = (_table.c[name] for name in RefusedBill.__slots__)
    latest = (_table.c.settled_at.desc(), _table.c.id.desc())
    rows: Any = core().execute(select(*columns).where(_IS_REFUSED).order_by(*latest).limit(SHOWN))
    return Unposted(waiting, since, refusal_counts(), [RefusedBill(*row) for row in rows])


def refusal_counts() -> list[tuple[str, int]]:
    """Return the reasons of refused revised bills with their counts, the most frequent first."""
    statement = select(_table.c.reason, func.count()).where(_IS_REFUSED).group_by(_table.c.reason)
    return [
        (row[0], row[1]) for row in core().execute(statement.order_by(func.count().desc(), _table.c.reason))
    ]


def is_post(post_id: str) -> bool:
    """Return whether a revised bill with this id is queued."""
    return core().execute(select(_table.c.id).where(_table.c.id == post_id)).first() is not None


def requeue_post(post_id: str, at: datetime) -> int:
    """Queue a refused revised bill again; return 0 when it is not refused."""
    return _requeue(_table.c.id == post_id, at)


def requeue_posts(reason: str, at: datetime) -> int:
    """Queue again all bills that were refused for this reason; return how many."""
    return _requeue(_table.c.reason == reason, at)


def _requeue(which: ColumnElement[bool], at: datetime) -> int:
    reset = {"state": DeliveryState.WAITING, "attempts": 0, "reason": "", "due_at": at, "settled_at": None}
    return execute_count(update(_table).where(which, _IS_REFUSED).values(**reset))
