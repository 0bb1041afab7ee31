"""Search for connections by a number that a caller gives: exact matches only, never partial ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select

from wss.db import core
from wss.domain.calls import CallerNumber, SearchKind
from wss.models import Bill, Connection, Consumer, Ownership, ServiceRequest


@dataclass(frozen=True, slots=True)
class ConnectionMatch:
    """A connection that a number matches, the kind of that number, and the complaint if it was a complaint number."""

    account_no: str
    looked_for: str
    complaint_no: str | None = None


_connection = cast(Table, Connection.__table__)
_consumer = cast(Table, Consumer.__table__)
_ownership = cast(Table, Ownership.__table__)
_request = cast(Table, ServiceRequest.__table__)
_bill = cast(Table, Bill.__table__)


def connections_by_number(keys: Iterable[CallerNumber], at: datetime) -> list[ConnectionMatch]:
    """Return the connections that have exactly one of these numbers, each once."""
    found: dict[str, ConnectionMatch] = {}
    for key in keys:
        for match in _FINDERS[key.kind](key.value, at):
            found.setdefault(match.account_no, match)
    return [found[account_no] for account_no in sorted(found)]


def _by_account(number: str, _at: datetime) -> Sequence[ConnectionMatch]:
    found = core().execute(select(_connection.c.account_no).where(_connection.c.account_no == number))
    return [ConnectionMatch(row.account_no, SearchKind.ACCOUNT) for row in found]


def _by_complaint(number: str, at: datetime) -> Sequence[ConnectionMatch]:
    is_owned = Ownership.is_whose(_request.c.account_no, _request.c.consumer_id, at)
    statement = select(_request.c.account_no).where(_request.c.complaint_no == number, is_owned)
    return [
        ConnectionMatch(row.account_no, SearchKind.COMPLAINT, number) for row in core().execute(statement)
    ]


def _by_mobile(number: str, at: datetime) -> Sequence[ConnectionMatch]:
    verified = (
        select(_ownership.c.account_no)
        .join(_consumer, _consumer.c.id == _ownership.c.consumer_id)
        .where(_consumer.c.mobile == number, Ownership.is_active_at(at))
    )
    on_record = select(_connection.c.account_no).where(_connection.c.mobile_on_record == number)
    return [
        ConnectionMatch(row.account_no, SearchKind.MOBILE)
        for row in core().execute(on_record.union(verified))
    ]


def _by_bill(number: str, _at: datetime) -> Sequence[ConnectionMatch]:
    by_number = select(_bill.c.account_no).where(_bill.c.bill_no == number)
    by_sbm = select(_bill.c.account_no).where(_bill.c.sbm_bill_no == number)
    return [
        ConnectionMatch(row.account_no, kind)
        for kind, statement in ((SearchKind.BILL, by_number), (SearchKind.SBM_BILL, by_sbm))
        for row in core().execute(statement)
    ]


_FINDERS = {
    SearchKind.ACCOUNT: _by_account,
    SearchKind.COMPLAINT: _by_complaint,
    SearchKind.MOBILE: _by_mobile,
    SearchKind.BILL: _by_bill,
}
