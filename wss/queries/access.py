"""The access log of a consumer's data: the audit trail as its consumer may read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from wss.db import session
from wss.domain.actor import STAFF_ROLES, Role
from wss.models import AuditEntry, Ownership, ServiceRequest

PAGE = 50
_AUTOMATIC = (Role.VISITOR, Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """An entry of the access log: time, post, office, action and subject. Never names the person."""

    id: int
    at: datetime
    role: str
    office_code: str
    deed: str
    subject: str
    details: dict[str, Any]


def actions_of_staff(
    consumer_id: int, before_id: int | None = None, how_many: int = PAGE
) -> list[AccessEntry]:
    """Return what staff did with the consumer's record, connections and requests, newest first."""
    return _actions(consumer_id, AuditEntry.role.in_(sorted(STAFF_ROLES)), before_id, how_many)


def own_actions(consumer_id: int, before_id: int | None = None, how_many: int = PAGE) -> list[AccessEntry]:
    """Return what the consumer did, what happened automatically, and what happened before login, newest first."""
    own = and_(AuditEntry.role == Role.CONSUMER, AuditEntry.actor_id == str(consumer_id))
    return _actions(consumer_id, or_(own, AuditEntry.role.in_(_AUTOMATIC)), before_id, how_many)


def _actions(
    consumer_id: int, actor_condition: ColumnElement[bool], before_id: int | None, how_many: int
) -> list[AccessEntry]:
    columns = [getattr(AuditEntry, name) for name in AccessEntry.__slots__]
    own = _about(consumer_id)
    statement = select(*columns).where(own, actor_condition)
    if before_id is not None:
        # The cursor must be an entry about this consumer: others would reveal their time.
        at = session().execute(select(AuditEntry.at).where(AuditEntry.id == before_id, own)).scalar()
        if at is None:
            return []
        statement = statement.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(at, before_id))
    # By time, as an import records entries later than they happened. No index has this order: the trail is long and a
    # consumer's part of it is short, so the index of the subjects is used.
    statement = statement.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(how_many)
    return [AccessEntry(*row) for row in session().execute(statement)]


def _about(consumer_id: int) -> ColumnElement[bool]:
    """Return the condition for entries about the consumer, their requests, and connections while they owned them."""
    requests = select(ServiceRequest.complaint_no).where(ServiceRequest.consumer_id == consumer_id)
    subjects = [f"request:{number}" for number in session().execute(requests).scalars()]
    owned = session().execute(select(Ownership).where(Ownership.consumer_id == consumer_id)).scalars()
    return or_(
        AuditEntry.subject.in_([f"consumer:{consumer_id}", *subjects]),
        *(_while_owned(each) for each in owned),
    )


def _while_owned(owned: Ownership) -> ColumnElement[bool]:
    """Return the condition for entries about a connection while this consumer owned it.

    While a registration is on hold, another person may be the true owner. The registrant may not read what others
    do in that time, only their own actions and the objection (`not_me`).
    """
    opened = max(owned.created_at, owned.held_until or owned.created_at)
    its = and_(
        AuditEntry.subject == f"connection:{owned.account_no}",
        AuditEntry.at >= owned.created_at,
        or_(
            AuditEntry.at >= opened,
            and_(AuditEntry.role == Role.CONSUMER, AuditEntry.actor_id == str(owned.consumer_id)),
            AuditEntry.deed == "not_me",
        ),
    )
    return its if owned.ended_at is None else and_(its, AuditEntry.at <= owned.ended_at)
