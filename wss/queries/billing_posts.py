"""Statements of revised bills on their way to the billing system: queue, claim with a lease, settle."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, func, insert, or_, select, update

from wss.db import affected, core, database, session
from wss.domain.delivery import State
from wss.models import BillingPost

_add = insert(cast(Table, BillingPost.__table__))
_IS_NOT_YET = BillingPost.state.in_([State.WAITING, State.SENDING])


def queue_posts(rows: list[dict[str, Any]]) -> None:
    """Put revised bills on their way to the billing system, within the transaction that approves them."""
    core().execute(_add, rows)


def claim_posts(at: datetime, leased_until: datetime, how_many: int) -> Sequence[BillingPost]:
    """Lease the revised bills that are due the longest to this worker, and those whose worker has died."""
    due = or_(
        and_(BillingPost.state == State.WAITING, BillingPost.due_at <= at),
        and_(BillingPost.state == State.SENDING, BillingPost.leased_until <= at),
    )
    chosen = select(BillingPost.id).where(_IS_NOT_YET, due)
    chosen = chosen.order_by(BillingPost.due_at, BillingPost.id).limit(how_many)
    if not database().is_sqlite:
        chosen = chosen.with_for_update(skip_locked=True)
    statement = (
        update(BillingPost)
        .where(BillingPost.id.in_(chosen))
        .values(state=State.SENDING, leased_until=leased_until)
        .returning(BillingPost)
        .execution_options(synchronize_session=False)
    )
    claimed = session().execute(statement).scalars().all()
    return sorted(claimed, key=lambda post: (post.due_at, post.id))


def settle_post(post_id: str, leased_until: datetime | None, **changes: Any) -> int:
    """Write down how a claimed revised bill fared; 0 when the lease has passed to another worker meanwhile."""
    statement = (
        update(BillingPost)
        .where(
            BillingPost.id == post_id,
            BillingPost.state == State.SENDING,
            BillingPost.leased_until == leased_until,
        )
        .values(leased_until=None, **changes)
        .execution_options(synchronize_session=False)
    )
    return affected(statement)


def oldest_post_waiting(at: datetime) -> datetime | None:
    """Since when the oldest revised bill that has not reached the billing system is there."""
    statement = select(func.min(BillingPost.created_at)).where(_IS_NOT_YET, BillingPost.created_at <= at)
    return session().execute(statement).scalar()
