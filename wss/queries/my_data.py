"""All data that is stored about one consumer, one page at a time, for display and for download."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, and_, func, select, true, tuple_

from wss.db import session
from wss.domain.sessions import IDLE
from wss.models import (
    Bill,
    CallBack,
    Connection,
    Consent,
    Consumer,
    Document,
    Draft,
    Event,
    GeneratedBill,
    Message,
    Ownership,
    ServiceRequest,
    SignedIn,
)

AT_A_TIME = 200
_bill = cast(Table, Bill.__table__)
_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_message = cast(Table, Message.__table__)
_document = cast(Table, Document.__table__)


def _columns(table: Table, names: str) -> list[Any]:
    """Return the named columns; columns that are not named are never exported."""
    return [table.c[name] for name in names.split()]


_REQUEST = _columns(
    _request,
    "id complaint_no account_no kind channel language fields estimate status resolution closing office_code"
    " holder_office_code holder_role escalation_level reopened_times registered_at promised_on status_since",
)
_EVENT = _columns(_event, "service_request_id number action status role office_code remark at")
_MESSAGE = _columns(
    _message,
    "id notice channel recipient language state attempts created_at settled_at service_request_id",
)
_DOCUMENT = _columns(
    _document,
    "id label media_type size storage_key scan created_at service_request_id draft_id generated_bill_id",
)


_CALL_BACK = _columns(
    cast(Table, CallBack.__table__),
    "account_no complaint_no call_reason asked_at expires_at attempts ended_at outcome",
)


@dataclass(frozen=True, slots=True)
class HeldCounts:
    """How much of each kind of data is stored."""

    requests: int
    generated_bills: int
    documents: int
    messages: int
    drafts: int
    sessions: int


def held_counts(consumer_id: int, at: datetime) -> HeldCounts:
    """Return how many requests, documents, messages, unsent forms and open sessions of a consumer are stored."""
    is_open = and_(SignedIn.expires_at > at, SignedIn.seen_at > at - IDLE)
    counted: tuple[tuple[Any, Any], ...] = (
        (ServiceRequest, true()),
        (GeneratedBill, true()),
        (Document, true()),
        (Message, true()),
        (Draft, Draft.lodged_at.is_(None)),
        (SignedIn, is_open),
    )
    counts = [
        select(func.count())
        .select_from(model)
        .where(model.consumer_id == consumer_id, condition)
        .scalar_subquery()
        for model, condition in counted
    ]
    return HeldCounts(*session().execute(select(*counts)).one())


def consents_of(consumer_id: int) -> list[Consent]:
    """Return a consumer's consents, oldest first, withdrawn or not."""
    statement = select(Consent).where(Consent.consumer_id == consumer_id).order_by(Consent.id)
    return list(session().execute(statement).scalars())


def call_backs_of(consumer_id: int) -> Sequence[Row[Any]]:
    """Return every call that a consumer has asked for, oldest first."""
    statement = select(*_CALL_BACK).where(CallBack.consumer_id == consumer_id).order_by(CallBack.id)
    return session().execute(statement).all()


def own_row(consumer_id: int) -> Row[Any]:
    """Return the consumer's record without the password."""
    columns = [column for column in cast(Table, Consumer.__table__).c if column.name != "password_hash"]
    return session().execute(select(*columns).where(Consumer.id == consumer_id)).one()


def ownerships_of(consumer_id: int) -> Sequence[Row[Any]]:
    """Return every connection that is or was the consumer's."""
    names = "account_no created_at held_until ended_at ended_because"
    columns = _columns(cast(Table, Ownership.__table__), names)
    statement = select(*columns).where(Ownership.consumer_id == consumer_id)
    return session().execute(statement.order_by(Ownership.id)).all()


def connections_now(consumer_id: int, at: datetime) -> Sequence[Row[Any]]:
    """Return the connections that the consumer owns now, as the billing system has them."""
    columns: list[Any] = list(cast(Table, Connection.__table__).c)
    statement = (
        select(*columns)
        .join(Ownership, Ownership.account_no == Connection.account_no)
        .where(Ownership.consumer_id == consumer_id, Ownership.is_active_at(at))
        .order_by(Ownership.id)
    )
    return session().execute(statement).all()


def all_bills(account_nos: Sequence[str]) -> Iterator[Row[Any]]:
    """Yield the bills of these connections, by connection and number."""
    last: tuple[str, str] = ("", "")
    while True:
        statement = (
            select(*_bill.c)
            .where(_bill.c.account_no.in_(account_nos), tuple_(_bill.c.account_no, _bill.c.bill_no) > last)
            .order_by(_bill.c.account_no, _bill.c.bill_no)
            .limit(AT_A_TIME)
        )
        page = session().execute(statement).all()
        yield from page
        if len(page) < AT_A_TIME:
            return
        last = (page[-1].account_no, page[-1].bill_no)


def all_requests(consumer_id: int) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    """Yield a consumer's requests, oldest first, each with its events."""
    for page in _pages(_request, _REQUEST, consumer_id):
        events = _events([row.id for row in page])
        yield from ((row, events.get(row.id, [])) for row in page)


def all_messages(consumer_id: int) -> Iterator[Row[Any]]:
    """Yield a consumer's messages without their texts."""
    for page in _pages(_message, _MESSAGE, consumer_id):
        yield from page


def generated_bills_of(consumer_id: int) -> Iterator[Row[Any]]:
    """Yield the bills that a consumer has generated."""
    table = cast(Table, GeneratedBill.__table__)
    for page in _pages(table, [column for column in table.c if column.name != "consumer_id"], consumer_id):
        yield from page


def all_documents(consumer_id: int) -> Iterator[Row[Any]]:
    """Yield a consumer's documents, those of requests and those of unsent forms."""
    for page in _pages(_document, _DOCUMENT, consumer_id):
        yield from page


def _pages(table: Table, columns: list[Any], consumer_id: int) -> Iterator[Sequence[Row[Any]]]:
    """Yield a table's rows of a consumer in batches of bounded size, in the order of the key."""
    beyond: Any = true()
    while True:
        statement = select(*columns).where(table.c.consumer_id == consumer_id, beyond)
        page = session().execute(statement.order_by(table.c.id).limit(AT_A_TIME)).all()
        yield page
        if len(page) < AT_A_TIME:
            return
        beyond = table.c.id > page[-1].id


def drafts_kept(consumer_id: int) -> Sequence[Row[Any]]:
    """Return a consumer's unsent forms."""
    statement = select(Draft.account_no, Draft.kind, Draft.fields, Draft.updated_at, Draft.expires_at)
    return (
        session()
        .execute(
            statement.where(Draft.consumer_id == consumer_id, Draft.lodged_at.is_(None)).order_by(Draft.id)
        )
        .all()
    )


def _events(request_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    statement = (
        select(*_EVENT)
        .where(_event.c.service_request_id.in_(request_ids))
        .order_by(_event.c.service_request_id, _event.c.number)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in session().execute(statement):
        found.setdefault(row.service_request_id, []).append(row)
    return found
