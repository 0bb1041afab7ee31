"""Which connections a number leads to that a caller gives: exactly that number, never a part of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select

from wss.db import core
from wss.domain.calls import Key, LookedFor
from wss.models import Bill, Connection, Consumer, Ownership, ServiceRequest


@dataclass(frozen=True, slots=True)
class Match:
    """A connection that a number leads to, by which kind of number, and by which complaint, if it was one."""

    account_no: str
    looked_for: str
    complaint_no: str | None = None


_connection = cast(Table, Connection.__table__)
_consumer = cast(Table, Consumer.__table__)
_ownership = cast(Table, Ownership.__table__)
_request = cast(Table, ServiceRequest.__table__)
_bill = cast(Table, Bill.__table__)


def found_by(keys: Iterable[Key], at: datetime) -> list[Match]:
    """The connections that have exactly one of these numbers, each once."""
    found: dict[str, Match] = {}
    for key in keys:
        for match in _FINDERS[key.kind](key.value, at):
            found.setdefault(match.account_no, match)
    return [found[account_no] for account_no in sorted(found)]


def _by_account(number: str, _at: datetime) -> Sequence[Match]:
    found = core().execute(select(_connection.c.account_no).where(_connection.c.account_no == number))
    return [Match(row.account_no, LookedFor.ACCOUNT) for row in found]


def _by_complaint(number: str, at: datetime) -> Sequence[Match]:
    whose = Ownership.is_whose(_request.c.account_no, _request.c.consumer_id, at)
    statement = select(_request.c.account_no).where(_request.c.complaint_no == number, whose)
    return [Match(row.account_no, LookedFor.COMPLAINT, number) for row in core().execute(statement)]


def _by_mobile(number: str, at: datetime) -> Sequence[Match]:
    verified = (
        select(_ownership.c.account_no)
        .join(_consumer, _consumer.c.id == _ownership.c.consumer_id)
        .where(_consumer.c.mobile == number, Ownership.is_active_at(at))
    )
    on_record = select(_connection.c.account_no).where(_connection.c.mobile_on_record == number)
    return [Match(row.account_no, LookedFor.MOBILE) for row in core().execute(on_record.union(verified))]


def _by_bill(number: str, _at: datetime) -> Sequence[Match]:
    by_number = select(_bill.c.account_no).where(_bill.c.bill_no == number)
    by_sbm = select(_bill.c.account_no).where(_bill.c.sbm_bill_no == number)
    return [
        Match(row.account_no, kind)
        for kind, statement in ((LookedFor.BILL, by_number), (LookedFor.SBM_BILL, by_sbm))
        for row in core().execute(statement)
    ]


_FINDERS = {
    LookedFor.ACCOUNT: _by_account,
    LookedFor.COMPLAINT: _by_complaint,
    LookedFor.MOBILE: _by_mobile,
    LookedFor.BILL: _by_bill,
}
