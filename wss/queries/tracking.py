"""The public state of a request, for holders of its number or short link: without personal data."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, func, select

from wss.db import core
from wss.models import Connection, Consumer, Event, ServiceRequest


@dataclass(frozen=True, slots=True)
class TrackedEvent:
    """An event with its time and office."""

    action: str
    role: str
    office_code: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class TrackedRequest:
    """A request without name, address, figures, documents or mobile."""

    id: int
    complaint_no: str
    kind: str
    status: str
    status_since: datetime
    closing: str | None
    promised_on: date
    holder_office_code: str
    holder_role: str
    frozen: bool


_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_consumer = cast(Table, Consumer.__table__)
_connection = cast(Table, Connection.__table__)
_shown = [_request.c[name] for name in TrackedRequest.__slots__]


def tracked(complaint_no: str) -> tuple[TrackedRequest, str] | None:
    """Return a request with the mobile that proves permission to track it.

    That is the consumer's verified mobile, else the one on record, else the caller's.
    """
    mobile: Any = func.coalesce(_consumer.c.mobile, _connection.c.mobile_on_record, _request.c.contact_mobile)
    statement = (
        select(*_shown, mobile)
        .join(_connection, _connection.c.account_no == _request.c.account_no)
        .outerjoin(_consumer, _consumer.c.id == _request.c.consumer_id)
        .where(_request.c.complaint_no == complaint_no)
    )
    found: Any = core().execute(statement).first()
    return (TrackedRequest(*found[:-1]), found[-1] or "") if found else None


def tracked_by_id(request_id: int) -> TrackedRequest | None:
    """Return the request that a short link is about, if there is one."""
    found = core().execute(select(*_shown).where(_request.c.id == request_id)).one_or_none()
    return TrackedRequest(*found) if found is not None else None


def events_of(request_id: int) -> list[TrackedEvent]:
    """Return the events of a request, newest first."""
    columns = [_event.c[name] for name in TrackedEvent.__slots__]
    statement = (
        select(*columns).where(_event.c.service_request_id == request_id).order_by(_event.c.number.desc())
    )
    return [TrackedEvent(*row) for row in core().execute(statement)]
