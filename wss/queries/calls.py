"""Calls of the help-desk: stored, read again by the employee who took them, and the statements that change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, and_, exists, func, insert, select, update

from wss.db import core
from wss.domain.actor import Actor
from wss.domain.calls import HELPDESK_ROLES, IDLE, LIFE, is_expired, week_before
from wss.domain.errors import NotFound
from wss.domain.lifecycle import OPEN
from wss.domain.masking import masked_address, masked_meter, masked_mobile, masked_name
from wss.domain.ownership import RecordedContacts
from wss.models import Call, Connection, Consumer, Draft, Ownership, ServiceRequest, Staff


@dataclass(frozen=True, slots=True)
class CallRow:
    """The state of a call. `choices` are the stored matches: account, kind of number, complaint."""

    id: int
    employee_id: str
    office_code: str
    call_reason: str
    looked_for: str
    choices: list[list[str]]
    account_no: str | None
    complaint_no: str | None
    language: str
    began_at: datetime
    last_at: datetime
    ended_at: datetime | None
    outcome: str | None
    wrong_tries: int
    verified_at: datetime | None
    verified_by: str | None
    caller_mobile: str | None
    caller_mobile_verified_at: datetime | None
    relation: str | None
    consent_version: str | None
    consent_at: datetime | None
    script_version: str | None
    has_changed_hands: bool

    def is_expired(self, at: datetime) -> bool:
        """Return whether the call has ended, has been idle for too long, or its connection has a new owner.

        A caller who proved that they may speak for the former owner has not proved it for the new one.
        """
        is_ended = self.ended_at is not None or self.has_changed_hands
        return is_ended or is_expired(self.began_at, self.last_at, at)

    @property
    def is_verified(self) -> bool:
        """Return whether the caller has proved that they may speak for the consumer."""
        return self.verified_at is not None

    @property
    def has_consent(self) -> bool:
        """Return whether the caller has agreed to a request in the consumer's name."""
        return self.is_verified and self.consent_at is not None

    @property
    def own_mobile(self) -> str | None:
        """Return the caller's own number once it is verified."""
        return self.caller_mobile if self.caller_mobile_verified_at is not None else None

    @property
    def subject(self) -> str:
        """Return the subject that the OTPs of this call belong to."""
        return f"call:{self.id}"


@dataclass(frozen=True, slots=True)
class ConnectionChoice:
    """One of the connections that a number matches, with the details that an unverified caller may hear."""

    account_no: str
    locality: str
    initials: str


@dataclass(frozen=True, slots=True)
class RequestOfCall:
    """A request with the details that a caller may hear: nothing internal to officers."""

    id: int
    complaint_no: str
    kind: str
    status: str
    resolution: str | None
    frozen: bool
    holder_office_code: str
    holder_role: str
    registered_at: datetime
    promised_on: date
    status_since: datetime
    reopened_times: int
    escalation_level: int
    escalate_at: datetime | None
    call_id: int | None


@dataclass(frozen=True, slots=True)
class CallConnection:
    """A connection during a call.

    Before the caller is verified its texts are masked, and only open requests show. The mobile is always masked:
    OTPs go to it. `own` says that it is the caller's.
    """

    account_no: str
    network: str
    category: str
    sanctioned_load_w: int
    consumer_name: str
    address: str
    meter_no: str
    mobile: str
    consumer_id: int | None
    is_masked: bool
    calls_this_week: int
    requests: Sequence[RequestOfCall]
    draft_kind: str | None
    draft_at: datetime | None

    @property
    def is_registered(self) -> bool:
        """Return whether a consumer has registered the connection."""
        return self.consumer_id is not None


_call = cast(Table, Call.__table__)
_connection = cast(Table, Connection.__table__)
_consumer = cast(Table, Consumer.__table__)
_ownership = cast(Table, Ownership.__table__)
_request = cast(Table, ServiceRequest.__table__)
_draft = cast(Table, Draft.__table__)
_staff = cast(Table, Staff.__table__)
REQUESTS_SHOWN, GOING_SHOWN = 20, 5
_changed_hands = exists().where(
    _ownership.c.account_no == _call.c.account_no, _ownership.c.ended_at > _call.c.began_at
)
_columns = [_call.c[name] for name in CallRow.__slots__ if name != "has_changed_hands"]
_one: Any = select(*_columns, _changed_hands)


def own_call(actor: Actor, call_id: int) -> CallRow:
    """Return a call that this employee took, expired or not; raises NotFound for any other call, existing or not."""
    return _own(actor, call_id, lock=False)


def locked_call(actor: Actor, call_id: int) -> CallRow:
    """Return the same call, locked: other transactions that want to change it wait."""
    return _own(actor, call_id, lock=True)


def open_calls(actor: Actor, at: datetime) -> list[CallRow]:
    """Return the employee's calls that have neither been ended nor expired, newest first."""
    own = and_(_call.c.employee_id == actor.id, _call.c.ended_at.is_(None))
    going = _one.where(own, _call.c.began_at > at - LIFE, _call.c.last_at > at - IDLE)
    newest = going.order_by(_call.c.began_at.desc(), _call.c.id.desc()).limit(GOING_SHOWN)
    return [CallRow(*row) for row in core().execute(newest)]


def _own(actor: Actor, call_id: int, *, lock: bool) -> CallRow:
    if actor.role not in HELPDESK_ROLES:
        raise NotFound
    statement = _one.where(_call.c.id == call_id, _call.c.employee_id == actor.id)
    found: Any = core().execute(statement.with_for_update() if lock else statement).first()
    if found is None:
        raise NotFound
    return CallRow(*found)


def add_call(columns: dict[str, Any]) -> int:
    """Store a new call and return its id."""
    added: int = core().execute(insert(_call).returning(_call.c.id), columns).scalar_one()
    return added


def update_call(call_id: int, **columns: Any) -> None:
    """Store the changes of a locked call."""
    core().execute(update(_call).where(_call.c.id == call_id), columns)


def increment_wrong_answers(call_id: int) -> int:
    """Count one more wrong answer; return how many there are now."""
    statement = (
        update(_call)
        .where(_call.c.id == call_id)
        .values(wrong_tries=_call.c.wrong_tries + 1)
        .returning(_call.c.wrong_tries)
    )
    wrong: int = core().execute(statement).scalar_one()
    return wrong


def records_opened(employee_id: str, since: datetime) -> int:
    """Return how many records an employee has opened since a moment."""
    statement = select(func.count()).where(
        _call.c.employee_id == employee_id, _call.c.began_at >= since, _call.c.account_no.is_not(None)
    )
    opened: int = core().execute(statement).scalar_one()
    return opened


def is_mobile_of_staff(employee_id: str, mobile: str) -> bool:
    """Return whether a number is the employee's own."""
    statement = select(_staff.c.employee_id).where(
        _staff.c.employee_id == employee_id, _staff.c.mobile == mobile
    )
    return core().execute(statement).first() is not None


def choices_of(call: CallRow) -> list[ConnectionChoice]:
    """Return the connections that can be chosen on a call, masked."""
    numbers = [account_no for account_no, *_ in call.choices]
    columns = (_connection.c.account_no, _connection.c.address, _connection.c.consumer_name)
    statement = (
        select(*columns).where(_connection.c.account_no.in_(numbers)).order_by(_connection.c.account_no)
    )
    return [
        ConnectionChoice(row.account_no, masked_address(row.address), masked_name(row.consumer_name))
        for row in core().execute(statement)
    ]


def record_of(call: CallRow, at: datetime) -> CallConnection | None:
    """Return the call's connection as the help-desk may see it now; None until one is chosen."""
    if call.account_no is None:
        return None
    row: Any = core().execute(_connections(call.account_no, at)).one()
    draft: Any = _draft_left(call.account_no, at) if call.is_verified else None
    is_masked = not call.is_verified
    return CallConnection(
        account_no=row.account_no,
        network=row.network,
        category=row.category,
        sanctioned_load_w=row.sanctioned_load_w,
        consumer_name=masked_name(row.consumer_name) if is_masked else row.consumer_name,
        address=masked_address(row.address) if is_masked else row.address,
        meter_no=masked_meter(row.meter_no) if is_masked else row.meter_no,
        mobile=masked_mobile(row.mobile or RecordedContacts.as_of(row, at).asked),
        consumer_id=row.consumer_id,
        is_masked=is_masked,
        calls_this_week=_calls_about(call.account_no, week_before(at)),
        requests=_requests_of(call, at),
        draft_kind=draft.kind if draft else None,
        draft_at=draft.updated_at if draft else None,
    )


def _connections(account_no: str, at: datetime) -> Any:
    names = (
        *("account_no", "network", "category", "sanctioned_load_w"),
        *("consumer_name", "address", "meter_no", "mobile_on_record"),
        *("email_on_record", "former_mobile", "former_mobile_gone_at"),
    )
    is_owned = and_(_ownership.c.account_no == _connection.c.account_no, Ownership.is_active_at(at))
    return (
        select(
            *(_connection.c[name] for name in names),
            _consumer.c.id.label("consumer_id"),
            _consumer.c.mobile,
        )
        .outerjoin(_ownership, is_owned)
        .outerjoin(_consumer, _consumer.c.id == _ownership.c.consumer_id)
        .where(_connection.c.account_no == account_no)
    )


def _requests_of(call: CallRow, at: datetime) -> list[RequestOfCall]:
    statement = select(*(_request.c[name] for name in RequestOfCall.__slots__)).where(
        _request.c.account_no == call.account_no,
        Ownership.is_whose(_request.c.account_no, _request.c.consumer_id, at),
    )
    if not call.is_verified:
        statement = statement.where(_request.c.status.in_(sorted(OPEN)))
    statement = statement.order_by(_request.c.id.desc()).limit(REQUESTS_SHOWN)
    return [RequestOfCall(*row) for row in core().execute(statement)]


def _calls_about(account_no: str, since: datetime) -> int:
    statement = select(func.count()).where(_call.c.account_no == account_no, _call.c.began_at > since)
    calls: int = core().execute(statement).scalar_one()
    return calls


def _draft_left(account_no: str, at: datetime) -> Any:
    """Return the newest unsent form that a call about this connection has left."""
    statement = (
        select(_draft.c.kind, _draft.c.updated_at)
        .where(Draft.is_left_by_calls(account_no, at))
        .order_by(_draft.c.updated_at.desc(), _draft.c.id.desc())
        .limit(1)
    )
    return core().execute(statement).first()
