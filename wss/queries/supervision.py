"""Pages of the help-desk's supervisor: the day's calls and links, alarms, and disputed requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, exists, func, or_, select

from wss.db import core
from wss.domain.calls import CallOutcome, SearchKind
from wss.domain.lifecycle import FREEZE
from wss.domain.sms_costs import ALARMS
from wss.domain.supervision import (
    DOCUMENTS_LINKS,
    HOURS,
    LINK_COUNTS_FOR,
    LINKS,
    REGISTRATION_LINKS,
    CallCounts,
)
from wss.models import AuditEntry, Call, Event, Ownership, ServiceRequest
from wss.models.audit import BY_HELPDESK
from wss.models.service_request import IS_FROZEN

SHOWN = 100

_call = cast(Table, Call.__table__)
_entry = cast(Table, AuditEntry.__table__)
_event = cast(Table, Event.__table__)
_ownership = cast(Table, Ownership.__table__)
_request = cast(Table, ServiceRequest.__table__)


@dataclass(frozen=True, slots=True)
class SupervisorAlarm:
    """An alarm for a supervisor: who caused it, what it is about, how often."""

    at: datetime
    subject: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DisputedRequest:
    """A request that its consumer denies, and the call on which it was registered."""

    complaint_no: str
    kind: str
    status: str
    office_code: str
    registered_at: datetime
    promised_on: date
    disputed_at: datetime | None
    remark: str | None
    employee_id: str | None
    began_at: datetime | None
    verified_by: str | None
    caller_mobile: str | None
    relation: str | None
    consent_version: str | None
    consent_at: datetime | None


def calls_taken(begins: datetime, ends: datetime) -> dict[str, CallCounts]:
    """Return, for each employee, the calls that began between two moments a day apart, and what was proved on them."""
    opened = _call.c.account_no.is_not(None)
    has_request = exists().where(_request.c.call_id == _call.c.id)
    statement = (
        select(
            _call.c.employee_id,
            func.count(),
            func.count().filter(opened),
            func.count().filter(_call.c.verified_at.is_not(None)),
            func.sum(_call.c.wrong_tries),
            func.count().filter(_call.c.outcome == CallOutcome.CLOSED_WRONG.value),
            func.count().filter(opened, ~has_request),
            func.count().filter(_call.c.looked_for == SearchKind.NONE.value),
            *(_of_hour(begins + timedelta(hours=hour)) for hour in range(HOURS)),
        )
        .where(_call.c.began_at >= begins, _call.c.began_at < ends)
        .group_by(_call.c.employee_id)
    )
    rows: Any = core().execute(statement)
    return {
        row[0]: CallCounts(row[1], row[2], row[3], row[4], row[5], row[6], row[7], tuple(row[8:]))
        for row in rows
    }


def calls_by_reason(begins: datetime, ends: datetime) -> list[tuple[str, int, int]]:
    """Return, for each reason, the calls that began between two moments, and those without a known number."""
    statement = (
        select(
            _call.c.call_reason,
            func.count(),
            func.count().filter(_call.c.looked_for == SearchKind.NONE.value),
        )
        .where(_call.c.began_at >= begins, _call.c.began_at < ends)
        .group_by(_call.c.call_reason)
        .order_by(func.count().desc(), _call.c.call_reason)
    )
    return [(row[0], row[1], row[2]) for row in core().execute(statement)]


def requests_registered(begins: datetime, ends: datetime) -> dict[str, int]:
    """Return, for each employee, how many requests came from the calls that began between two moments."""
    statement = (
        select(_call.c.employee_id, func.count())
        .join(_request, _request.c.call_id == _call.c.id)
        .where(_call.c.began_at >= begins, _call.c.began_at < ends)
        .group_by(_call.c.employee_id)
    )
    return {row[0]: row[1] for row in core().execute(statement)}


def links_sent(begins: datetime, ends: datetime) -> dict[str, tuple[int, int]]:
    """Return, for each employee, how many links were sent between two moments, and how many of them were used.

    Used means that the connection was registered afterwards, or that documents came in.
    """
    statement = (
        select(_entry.c.actor_id, func.count(), func.count().filter(_is_used(ends + LINK_COUNTS_FOR)))
        .where(BY_HELPDESK, _entry.c.at >= begins, _entry.c.at < ends, _entry.c.deed.in_(LINKS))
        .group_by(_entry.c.actor_id)
    )
    return {row[0]: (row[1], row[2]) for row in core().execute(statement)}


def alarms(begins: datetime, ends: datetime) -> list[SupervisorAlarm]:
    """Return the alarms between two moments, newest first: those of employees and of the whole site."""
    columns = (_entry.c.at, _entry.c.subject, _entry.c.details)
    within = and_(_entry.c.deed == "alarm", _entry.c.at >= begins, _entry.c.at < ends)
    found: list[SupervisorAlarm] = []
    for entries in (BY_HELPDESK, _entry.c.subject.in_(ALARMS)):
        statement = select(*columns).where(entries, within).order_by(_entry.c.at.desc()).limit(SHOWN)
        found += [SupervisorAlarm(*row) for row in core().execute(statement)]
    return sorted(found, key=lambda alarm: alarm.at, reverse=True)


def disputes() -> Sequence[DisputedRequest]:
    """Return the requests that are frozen because they are disputed, the oldest first."""
    of_request = ("complaint_no", "kind", "status", "office_code", "registered_at", "promised_on")
    of_call = ("employee_id", "began_at", "verified_by", "caller_mobile", "relation")
    statement = (
        select(
            *(_request.c[name] for name in of_request),
            _event.c.at,
            _event.c.remark,
            *(_call.c[name] for name in (*of_call, "consent_version", "consent_at")),
        )
        .outerjoin(_call, _call.c.id == _request.c.call_id)
        .outerjoin(
            _event, and_(_event.c.service_request_id == _request.c.id, _event.c.number == _latest_freeze())
        )
        .where(IS_FROZEN)
        .order_by(_request.c.id)
        .limit(SHOWN)
    )
    rows: Any = core().execute(statement)
    return [DisputedRequest(*row) for row in rows]


def taken_by(call_id: int) -> str | None:
    """Return who took a call."""
    return core().execute(select(_call.c.employee_id).where(_call.c.id == call_id)).scalar()


def _of_hour(begins: datetime) -> Any:
    within = and_(_call.c.began_at >= begins, _call.c.began_at < begins + timedelta(hours=1))
    return func.count().filter(within)


def _is_used(until: datetime) -> ColumnElement[bool]:
    """Return whether the purpose of a link was fulfilled after it was sent."""
    registered = exists().where(
        _ownership.c.account_no == func.substr(_entry.c.subject, len("connection:") + 1),
        _ownership.c.created_at >= _entry.c.at,
        _ownership.c.created_at < until,
    )
    sent = exists().where(
        _request.c.complaint_no == func.substr(_entry.c.subject, len("request:") + 1),
        _event.c.service_request_id == _request.c.id,
        # Documents in an answer to a question count too.
        _event.c.details["documents"].as_string().is_not(None),
        _event.c.at >= _entry.c.at,
        _event.c.at < until,
    )
    return or_(
        and_(_entry.c.deed.in_(REGISTRATION_LINKS), registered),
        and_(_entry.c.deed.in_(DOCUMENTS_LINKS), sent),
    )


def _latest_freeze() -> Any:
    frozen = _event.alias()
    return (
        select(func.max(frozen.c.number))
        .where(frozen.c.service_request_id == _request.c.id, frozen.c.action == FREEZE)
        .scalar_subquery()
    )
