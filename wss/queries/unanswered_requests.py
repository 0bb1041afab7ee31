"""Requests that wait for their consumer, and the delivery of the messages that asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, exists, func, select

from wss.db import session
from wss.domain.deadlines import ReminderWindow
from wss.domain.delivery import DeliveryState
from wss.domain.lifecycle import Action, Status
from wss.domain.notices import ASKS_TO_CONFIRM
from wss.models import BillingPost, Event, Message, Office, Revision, ServiceRequest
from wss.queries._fragments import is_in_subtree

AT_A_TIME = 100
_ARRIVED = (DeliveryState.SENT, DeliveryState.DELIVERED)


@dataclass(frozen=True, slots=True)
class SilentRequest:
    """A request that waits for its consumer, as it was read."""

    complaint_no: str
    version: int


_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_message = cast(Table, Message.__table__)
_office = cast(Table, Office.__table__)
_revision = cast(Table, Revision.__table__)
_post = cast(Table, BillingPost.__table__)
_asking = (
    _message.c.service_request_id == _request.c.id,
    _message.c.notice.in_(ASKS_TO_CONFIRM),
    _message.c.created_at >= _request.c.status_since,
)


def waiting_since(status: Status, latest: datetime, earliest: datetime | None = None) -> list[SilentRequest]:
    """Return requests that have been in this status since a moment, oldest first, except frozen ones."""
    return _waiting(*_since(status, latest, earliest))


def to_remind(
    status: Status, action: Action, window: ReminderWindow, not_after: datetime
) -> list[SilentRequest]:
    """Return requests to remind: in this status since between two moments, with fewer than so many reminders.

    The reminders are those by this action; none may be later than `not_after`.
    """
    number, earliest, latest = window
    sent = (
        _event.c.service_request_id == _request.c.id,
        _event.c.action == action,
        _event.c.at > _request.c.status_since,
    )
    reminders = select(func.count()).where(*sent).scalar_subquery()
    lately = exists().where(*sent, _event.c.at > not_after)
    return _waiting(*_since(status, latest, earliest), reminders < number, ~lately)


def unconfirmed(latest: datetime, *, closes: bool) -> list[SilentRequest]:
    """Return requests resolved before `latest` that silence closes.

    Their consumer must have been notified: a message is sent, and no SMS is waiting or lost. The discom decides
    whether silence closes a request; `closes` is the default. A request whose revised bill the billing system has
    not accepted stays open.
    """
    is_notified = exists().where(*_asking, _message.c.state.in_(_ARRIVED))
    has_undelivered_sms = exists().where(
        *_asking, _message.c.channel == "sms", _message.c.state.not_in(_ARRIVED)
    )
    has_unaccepted_bill = exists().where(
        _revision.c.service_request_id == _request.c.id,
        _post.c.revision_id == _revision.c.id,
        _post.c.state != DeliveryState.DELIVERED,
    )
    closing = _closes(_request.c.office_code, closes)
    return _waiting(
        *_since(Status.RESOLVED, latest, None),
        closing,
        is_notified,
        ~has_undelivered_sms,
        ~has_unaccepted_bill,
    )


def _closes(office_code: ColumnElement[str], by_default: bool) -> Any:
    """Return the condition that the discom above this office closes requests on silence."""
    own, discom = _office.alias("own"), _office.alias("discom")
    return exists().where(
        own.c.code == office_code,
        discom.c.parent_code.is_(None),
        is_in_subtree(own.c.path, discom.c.path),
        func.coalesce(discom.c.close_on_silence, by_default),
    )


def _since(status: Status, latest: datetime, earliest: datetime | None) -> list[Any]:
    within = [_request.c.status == status, ~_request.c.frozen, _request.c.status_since <= latest]
    return within if earliest is None else [*within, _request.c.status_since > earliest]


def _waiting(*conditions: Any) -> list[SilentRequest]:
    statement = (
        select(_request.c.complaint_no, _request.c.version)
        .where(*conditions)
        .order_by(_request.c.status_since)
        .limit(AT_A_TIME)
    )
    return [SilentRequest(*row) for row in session().execute(statement)]
