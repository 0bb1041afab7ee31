"""Service requests: the access check of a single one, lists, and the statements that change them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Select, Table, and_, bindparam, exists, func, insert, select, text, update

from wss.db import core, database, session, write_later
from wss.db import insert as upsert
from wss.domain.actor import HANDLING_ROLES, STAFF_ROLES, Actor, Role
from wss.domain.deadlines import RequestDeadlines
from wss.domain.errors import NotFound
from wss.domain.identifiers import FIRST_COMPLAINT_COUNTER
from wss.domain.lifecycle import BEFORE_RESOLVED, OPEN, Closing, Resolution, Status
from wss.models import Connection, Counter, Office, Ownership, ReferenceVersion, ServiceRequest
from wss.models.reference import COMPLAINT_COUNTER, COMPLAINT_NUMBERS
from wss.prepared_statements import PreparedStatement, StatementCall
from wss.queries._driver_reads import DriverRead
from wss.queries._fragments import is_in_subtree, path_of_office

PAGE = 20


@dataclass(frozen=True, slots=True)
class RequestRow:
    """The state of a service request, with the version of the reference tables at that moment."""

    id: int
    complaint_no: str
    form_token: str
    account_no: str
    consumer_id: int | None
    kind: str
    channel: str
    language: str
    fields: dict[str, Any]
    estimate: dict[str, Any] | None
    status: str
    resolution: str | None
    closing: str | None
    frozen: bool
    office_code: str
    holder_office_code: str
    holder_role: str
    assignee_id: str | None
    proposed_by: str | None
    approved_by: str | None
    escalation_level: int
    reopened_times: int
    registered_at: datetime
    promised_on: date
    status_since: datetime
    version: int
    news: int
    clock_from: datetime | None
    clock_used_s: int
    other_clock_s: int
    returns_to_office: str | None
    returns_to_role: str | None
    clock_rules: int | None
    escalate_at: datetime | None
    call_id: int | None
    contact_mobile: str | None
    reference_version: int | None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A service request as lists show it."""

    id: int
    complaint_no: str
    account_no: str
    kind: str
    status: str
    registered_at: datetime
    promised_on: date
    status_since: datetime
    resolution: str | None


# Core columns instead of entities: every view of a timeline reads this, and the ORM would cost more than the rest.
_request = cast(Table, ServiceRequest.__table__)
_ownership = cast(Table, Ownership.__table__)
_office = cast(Table, Office.__table__)
_reference = cast(Table, ReferenceVersion.__table__)
_row = [_request.c[name] for name in RequestRow.__slots__ if name != "reference_version"]
_line = [_request.c[name] for name in RequestLine.__slots__]
_one = select(*_row, select(_reference.c.version).scalar_subquery()).where(
    _request.c.complaint_no == bindparam("complaint_no")
)
_now_owned = exists().where(
    _ownership.c.account_no == _request.c.account_no,
    _ownership.c.consumer_id == bindparam("consumer_id"),
    Ownership.is_active_at(bindparam("at")),
)
_own = and_(_request.c.consumer_id == bindparam("consumer_id"), _now_owned)
_their_path = path_of_office(bindparam("office_code"))
_in_their_offices = exists().where(
    _office.c.code == _request.c.office_code,
    is_in_subtree(_office.c.path, _their_path),
)
_add = PreparedStatement(lambda: insert(_request))
_read_any = DriverRead(_one, RequestRow)
_read_own = DriverRead(_one.where(_own), RequestRow)
_read_in_offices = DriverRead(_one.where(_in_their_offices), RequestRow)


def _next_complaint_counter() -> Any:
    """Return what counts the next complaint: of PostgreSQL a sequence, for which no registration waits."""
    if not database().is_sqlite:
        return select(COMPLAINT_NUMBERS.next_value())
    counter = cast(Table, Counter.__table__)
    counted = upsert(counter).values(name=COMPLAINT_COUNTER, value=FIRST_COMPLAINT_COUNTER)
    added = {"value": counter.c.value + 1}
    return counted.on_conflict_do_update(index_elements=["name"], set_=added).returning(counter.c.value)


def _next_id() -> Any:
    """Return what finds the next id; SQLite, with its one writer, would assign the same."""
    if not database().is_sqlite:
        return select(func.nextval(text("'service_request_id_seq'")))
    return select(func.coalesce(func.max(_request.c.id), 0) + 1)


# What assigns the id and the number of a new request, executed together.
NEXT_NUMBERS = [StatementCall(PreparedStatement(build), {}) for build in (_next_id, _next_complaint_counter)]


def visible_request(actor: Actor, complaint_no: str, at: datetime) -> RequestRow:
    """Return a request that the actor may see; the only way to get one.

    A consumer sees their own requests while they own the connection, an officer those that count in their office
    or one below it. Raises NotFound for everyone else.
    """
    found = None
    if actor.role is Role.CONSUMER:
        found = _read_own.first(complaint_no=complaint_no, consumer_id=actor.consumer_id, at=at)
    elif actor.role in HANDLING_ROLES:
        found = _read_in_offices.first(complaint_no=complaint_no, office_code=actor.office_code)
    elif actor.role is Role.SYSTEM or actor.role in STAFF_ROLES - {Role.ADMIN}:
        found = _read_any.first(complaint_no=complaint_no)
    if found is None:
        raise NotFound
    return found


def deadlines_of(seen: RequestRow) -> RequestDeadlines:
    """Return the fields of a request that deadlines depend on."""
    return RequestDeadlines(
        Status(seen.status),
        Closing(seen.closing) if seen.closing else None,
        Resolution(seen.resolution) if seen.resolution else None,
        seen.status_since,
        seen.promised_on,
        seen.reopened_times,
        seen.frozen,
    )


def request_of_link(request_id: int) -> tuple[str, int | None] | None:
    """Return the number and the consumer of the request that a link is about, if there is one."""
    statement = select(_request.c.complaint_no, _request.c.consumer_id).where(_request.c.id == request_id)
    found = core().execute(statement).one_or_none()
    return (found.complaint_no, found.consumer_id) if found is not None else None


def lock_request(complaint_no: str) -> None:
    """Lock a request against concurrent changes; SQLite has a single writer anyway."""
    if not database().is_sqlite:
        statement = select(_request.c.id).where(_request.c.complaint_no == complaint_no)
        core().execute(statement.with_for_update())


def complaint_of_form(form_token: str, consumer_id: int) -> str | None:
    """Return the complaint number that a form has become, if it has."""
    statement = select(_request.c.complaint_no).where(
        _request.c.form_token == form_token, _request.c.consumer_id == consumer_id
    )
    return session().execute(statement).scalar()


def complaint_of_call_form(form_token: str, account_no: str) -> str | None:
    """Return the complaint number that a form of a call about this connection has become, if it has."""
    statement = select(_request.c.complaint_no).where(
        _request.c.form_token == form_token,
        _request.c.account_no == account_no,
        _request.c.call_id.is_not(None),
    )
    return core().execute(statement).scalar()


def open_request_of_kind(account_no: str, kind: str, consumer_id: int | None) -> str | None:
    """Return the newest open request of this kind that the consumer has for the connection.

    Without a registered consumer (None), a request that belongs to no consumer.
    """
    is_open = _request.c.status.in_(OPEN)
    return core().execute(_of_kind(account_no, kind, consumer_id).where(is_open)).scalar()


def _of_kind(account_no: str, kind: str, consumer_id: int | None) -> Select[Any]:
    return (
        select(_request.c.complaint_no)
        .where(
            _request.c.account_no == account_no,
            _request.c.consumer_id == consumer_id,
            _request.c.kind == kind,
        )
        .order_by(_request.c.id.desc())
        .limit(1)
    )


def request_at_work(account_no: str, kind: str, consumer_id: int | None) -> str | None:
    """Return the newest request of this kind that an office has still to decide for the consumer and the
    connection.

    A request that its consumer disputes is not counted, as they did not make it.
    """
    at_work = _request.c.status.in_(BEFORE_RESOLVED), _request.c.frozen.is_(False)
    return core().execute(_of_kind(account_no, kind, consumer_id).where(*at_work)).scalar()


def requests_of(
    consumer_id: int, at: datetime, account_no: str | None = None, before_id: int | None = None
) -> list[RequestLine]:
    """Return a consumer's requests for the connections they own, newest first; `before_id` is the cursor."""
    statement = select(*_line).where(_own)
    if account_no is not None:
        statement = statement.where(_request.c.account_no == account_no)
    if before_id is not None:
        statement = statement.where(_request.c.id < before_id)
    statement = statement.order_by(_request.c.id.desc()).limit(PAGE)
    return _lines(statement, consumer_id, at)


def _lines(statement: Select[Any], consumer_id: int, at: datetime) -> list[RequestLine]:
    return [RequestLine(*row) for row in session().execute(statement, {"consumer_id": consumer_id, "at": at})]


def add_request(columns: dict[str, Any]) -> None:
    """Insert a new request."""
    write_later(_add, columns)


def lock_requests_of(account_no: str) -> None:
    """Let others who register what is allowed once for a connection wait until this transaction ends."""
    if not database().is_sqlite:
        statement = select(Connection.account_no).where(Connection.account_no == account_no)
        core().execute(statement.with_for_update(key_share=True))


def move_if(request_id: int, version: int, columns: dict[str, Any]) -> int:
    """Change a request if it still has the version that was read; return 1, or 0 when another change came first."""
    moved = (
        update(_request)
        .where(_request.c.id == request_id, _request.c.version == version)
        .values(version=_request.c.version + 1, news=_request.c.news + 1, **columns)
    )
    return core().execute(moved).rowcount
