"""The events of a request with the states of their messages, and the bills it disputes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, exists, func, insert, select, update

from wss.db import core, run, session, write_later
from wss.db import insert as upsert
from wss.domain.lifecycle import Action
from wss.models import Bill, Connection, Consumer, DisputedBill, Event, Message, ServiceRequest
from wss.prepared_statements import PREPARE, PreparedStatement, StatementCall
from wss.queries._driver_reads import DriverRead
from wss.queries._fragments import EARLIER_BILLS


@dataclass(frozen=True, slots=True)
class DisputableBill:
    """A bill, the bill that was issued first of its chain of revisions, and whether it was itself revised."""

    bill_no: str
    first_bill_no: str
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message as the timeline shows it: its channel, and its delivery state."""

    channel: str
    recipient: str
    state: str
    attempts: int
    reason: str
    due_at: datetime
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event of the timeline."""

    number: int
    action: str
    status: str
    role: str
    office_code: str | None
    remark: str
    details: dict[str, Any]
    at: datetime
    messages: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class NoticeRecipient:
    """The recipient of notices about a request: its consumer, and the mobile on record.

    For a request from a call about a connection without any number: the caller, by the number they verified.
    """

    id: int | None
    language: str | None
    mobile: str | None
    email: str | None
    email_alerts: bool | None
    email_verified_at: datetime | None
    email_bounced_at: datetime | None
    mobile_on_record: str | None
    contact_mobile: str | None = None

    @property
    def reached_by(self) -> str | None:
        """Return the number to which messages and OTPs go."""
        return self.mobile or self.mobile_on_record or self.contact_mobile


_event = cast(Table, Event.__table__)
_message = cast(Table, Message.__table__)
_disputed = cast(Table, DisputedBill.__table__)
_later = cast(Table, Bill.__table__).alias()
_disputable = (
    select(
        EARLIER_BILLS.c.asked,
        EARLIER_BILLS.c.bill_no,
        exists().where(_later.c.revises == EARLIER_BILLS.c.asked),
    )
    .where(EARLIER_BILLS.c.revises.is_(None))
    .execution_options(**{PREPARE: True})
)
_add = PreparedStatement(lambda: insert(_event))
_dispute = PreparedStatement(
    lambda: upsert(_disputed).on_conflict_do_nothing().returning(_disputed.c.service_request_id)
)
_disputed_bills = (
    select(Bill)
    .join(DisputedBill, DisputedBill.bill_no == Bill.bill_no)
    .where(DisputedBill.service_request_id == bindparam("request_id"))
    .order_by(Bill.bill_month, Bill.bill_no)
)
_of_event = ("number", "action", "status", "role", "office_code", "remark", "details", "at")
_of_message = MessageLine.__slots__
_timeline = DriverRead(
    select(*(_event.c[name] for name in _of_event), *(_message.c[name] for name in _of_message))
    .outerjoin(
        _message,
        and_(
            _message.c.service_request_id == _event.c.service_request_id,
            _message.c.event_number == _event.c.number,
        ),
    )
    .where(_event.c.service_request_id == bindparam("request_id"))
    .order_by(_event.c.number, _message.c.channel.desc(), _message.c.id),
    lambda *row: row,
)


def timeline(request_id: int) -> list[EventLine]:
    """Return all events of a request that the caller may see (already checked), oldest first; one statement."""
    width = len(_of_event)
    events: dict[int, tuple[Any, list[MessageLine]]] = {}
    for row in _timeline.all(request_id=request_id):
        messages = events.setdefault(row[0], (row[:width], []))[1]
        if row[width] is not None:
            messages.append(MessageLine(*row[width:]))
    return [EventLine(*(*event, tuple(messages))) for event, messages in events.values()]


def decisions_of(events: Sequence[EventLine]) -> dict[int, str]:
    """Return for each approval, by its number, what it decided: the proposal before it."""
    decided, proposed = {}, ""
    for event in events:
        if event.action == Action.PROPOSE:
            proposed = event.details.get("resolution", "")
        elif event.action == Action.APPROVE and proposed:
            decided[event.number] = proposed
    return decided


def add_event(columns: dict[str, Any]) -> None:
    """Add an event to a timeline."""
    write_later(_add, columns)


def actions_of(request_id: int) -> set[str]:
    """Return the actions that have happened to a request."""
    statement = select(_event.c.action).where(_event.c.service_request_id == request_id).distinct()
    return set(core().execute(statement).scalars())


def has_forwarded(employee_id: str, complaint_no: str) -> bool:
    """Return whether this employee has forwarded the request with this number."""
    about = select(ServiceRequest.id).where(ServiceRequest.complaint_no == complaint_no).scalar_subquery()
    of_employee = (Event.service_request_id == about) & (Event.employee_id == employee_id)
    return (
        session().execute(select(Event.id).where(of_employee, Event.action == Action.FORWARD)).first()
        is not None
    )


def question_version(request_id: int) -> int:
    """Return the version of a request in which its newest question was asked; 0 when nothing was ever asked."""
    statement = select(func.max(_event.c.number)).where(
        _event.c.service_request_id == request_id, _event.c.action == Action.ASK
    )
    return core().execute(statement).scalar() or 0


def last_suggestion(request_id: int) -> str:
    """Return what the last proposal for a request made of a suggestion; empty without one."""
    statement = (
        select(_event.c.details)
        .where(_event.c.service_request_id == request_id, _event.c.action == Action.PROPOSE)
        .order_by(_event.c.number.desc())
        .limit(1)
    )
    details = core().execute(statement).scalar() or {}
    return str(details.get("suggestion", ""))


def disputed_bills(request_id: int) -> Sequence[Bill]:
    """Return the bills that a request disputes, oldest month first."""
    return session().execute(_disputed_bills, {"request_id": request_id}).scalars().all()


def disputable_bills(bill_nos: Sequence[str]) -> list[DisputableBill]:
    """Return these bills as a new request disputes them."""
    rows: Any = core().execute(_disputable, {"bill_nos": bill_nos}) if bill_nos else ()
    return [DisputableBill(*row) for row in rows]


def dispute_bills(request_id: int, bills: Sequence[DisputableBill]) -> int:
    """Add disputed bills to a new request; return how many were added.

    A bill that another open request disputes, by any number of the same bill, is skipped.
    """
    added = run(
        *(
            StatementCall(
                _dispute,
                {
                    "service_request_id": request_id,
                    "bill_no": bill.bill_no,
                    "is_open": True,
                    "first_bill_no": bill.first_bill_no,
                },
            )
            for bill in bills
        )
    )
    return sum(one is not None for one in added)


def end_dispute(request_id: int) -> None:
    """Free the bills of a request that has ended, so that another request may dispute them."""
    session().execute(
        update(_disputed).where(_disputed.c.service_request_id == request_id).values(is_open=False)
    )


def restore_dispute(request_id: int) -> None:
    """Dispute the bills of a reopened request again, except those that another open request disputes now."""
    other = _disputed.alias()
    taken = select(other.c.first_bill_no).where(other.c.is_open, other.c.service_request_id != request_id)
    session().execute(
        update(_disputed)
        .where(_disputed.c.service_request_id == request_id, _disputed.c.first_bill_no.not_in(taken))
        .values(is_open=True)
    )


def recipient_of(
    consumer_id: int | None, account_no: str, contact_mobile: str | None = None
) -> NoticeRecipient:
    """Return the recipient of the notices about a request; `contact_mobile` is the request's own."""
    statement = (
        select(
            Consumer.id,
            Consumer.language,
            Consumer.mobile,
            Consumer.email,
            Consumer.email_alerts,
            Consumer.email_verified_at,
            Consumer.email_bounced_at,
            Connection.mobile_on_record,
        )
        .select_from(Connection)
        .outerjoin(Consumer, Consumer.id == consumer_id)
        .where(Connection.account_no == account_no)
    )
    return NoticeRecipient(*session().execute(statement).one(), contact_mobile)
