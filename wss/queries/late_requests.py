"""Late requests: the promises that decisions kept or missed, the claim about one, and how many an office has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, bindparam, case, func, null, select

from wss.db import core, database
from wss.domain.lifecycle import Action, Status
from wss.models import Event, ServiceRequest
from wss.models.service_request import IS_OPEN
from wss.queries._driver_reads import DriverRead
from wss.queries._fragments import day_of, is_late, offices_in_subtree

_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_promises = DriverRead(
    select(_event.c.details["promised_on"].as_string(), _event.c.at)
    .where(
        _event.c.service_request_id == bindparam("request_id"),
        _event.c.action == Action.APPROVE.value,
    )
    .order_by(_event.c.number),
    lambda day, at: (day, at),
)


@dataclass(frozen=True, slots=True)
class LateGroup:
    """How many open late requests of an office have the same kind, promised day, and day of the open question."""

    office_code: str
    kind: str
    promised_on: date
    asked_on: date | None
    n: int


def decided_promises(request_id: int) -> list[tuple[date, datetime]]:
    """Return the promised day of each decision on a request and the moment of the decision, oldest first.

    Decisions of before promised days were stored with them are left out.
    """
    return [(date.fromisoformat(day), at) for day, at in _promises.all(request_id=request_id) if day]


def claim_about(account_no: str, complaint_no: str) -> str | None:
    """Return the request that claims what is owed for a late one; a withdrawn claim does not count."""
    statement = (
        select(_request.c.complaint_no)
        .where(
            _request.c.account_no == account_no,
            _request.c.fields["late_complaint"].as_string() == complaint_no,
            _request.c.status != Status.WITHDRAWN.value,
        )
        .order_by(_request.c.id.desc())
        .limit(1)
    )
    return core().execute(statement).scalar()


def late_groups(office_code: str, today: date) -> Sequence[LateGroup]:
    """Return the open late requests of an office and those below it, counted; frozen ones are left out."""
    is_sqlite = database().is_sqlite
    asked_on = case(
        (
            _request.c.status == Status.INFO_REQUESTED.value,
            day_of(_request.c.status_since, is_sqlite=is_sqlite),
        ),
        else_=null(),
    )
    groups = (_request.c.office_code, _request.c.kind, _request.c.promised_on, asked_on)
    statement = (
        select(*groups, func.count())
        .where(
            IS_OPEN,
            _request.c.frozen.is_(False),
            _request.c.office_code.in_(offices_in_subtree(office_code)),
            is_late(_request, today, is_sqlite=is_sqlite),
        )
        .group_by(*groups)
    )
    return [LateGroup(*row) for row in core().execute(statement)]
