"""Facts of requests that a call shows: open questions, reminders, an open request of a kind."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select

from wss.db import core
from wss.domain.lifecycle import CALLED, OPEN, Action
from wss.models import Event, ServiceRequest


@dataclass(frozen=True, slots=True)
class Reminders:
    """How often 1912 was called about a request (at most once a day is counted), and the last time."""

    times: int
    last_at: datetime


_event = cast(Table, Event.__table__)
_request = cast(Table, ServiceRequest.__table__)


def questions_asked(request_ids: Collection[int]) -> Mapping[int, str]:
    """Return the office's newest question in each of these requests that has one."""
    statement = (
        select(_event.c.service_request_id, _event.c.remark)
        .where(_event.c.service_request_id.in_(request_ids), _event.c.action == Action.ASK.value)
        .order_by(_event.c.number)
    )
    return {row.service_request_id: row.remark for row in core().execute(statement)}


def reminders_of(request_ids: Collection[int]) -> Mapping[int, Reminders]:
    """Return the reminders of each of these requests that has any."""
    statement = (
        select(_event.c.service_request_id, func.count(), func.max(_event.c.at))
        .where(_event.c.service_request_id.in_(request_ids), _event.c.action == CALLED)
        .group_by(_event.c.service_request_id)
    )
    rows: Any = core().execute(statement)
    return {row[0]: Reminders(row[1], row[2]) for row in rows}


def open_request_of_kind(account_no: str, kind: str) -> str | None:
    """Return the number of the open request of this kind about a connection, if there is one."""
    statement = (
        select(_request.c.complaint_no)
        .where(
            _request.c.account_no == account_no,
            _request.c.kind == kind,
            _request.c.status.in_(sorted(OPEN)),
        )
        .order_by(_request.c.id.desc())
        .limit(1)
    )
    found: str | None = core().execute(statement).scalar()
    return found
