"""Decisions on bills: before, after, and whether the billing system has accepted them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, or_, select

from wss.domain.lifecycle import Action
from wss.models import Bill, BillingPost, Event, RevisedBill
from wss.queries._driver_reads import DriverRead

_bill = cast(Table, Bill.__table__)
_after = _bill.alias("after")
_revised = cast(Table, RevisedBill.__table__)
_post = cast(Table, BillingPost.__table__)
_event = cast(Table, Event.__table__)


@dataclass(frozen=True, slots=True)
class DecidedBill:
    """A bill of a revision; without a number, due date and queue entry of its own until the revision is approved."""

    bill_no: str
    bill_month: str
    revised_bill_no: str | None
    issued_paise: int
    revised_paise: int
    arrears_paise: int
    paid_paise: int
    due_date: date | None
    post_state: str | None
    settled_at: datetime | None


_decided = DriverRead(
    select(
        _revised.c.bill_no,
        _bill.c.bill_month,
        _revised.c.revised_bill_no,
        _bill.c.amount_paise,
        _revised.c.amount_paise,
        _revised.c.arrears_paise,
        func.coalesce(_after.c.paid_amount_paise, _bill.c.paid_amount_paise, 0),
        _after.c.due_date,
        _post.c.state,
        _post.c.settled_at,
    )
    .select_from(_revised)
    .join(_bill, _bill.c.bill_no == _revised.c.bill_no)
    .outerjoin(_after, _after.c.bill_no == _revised.c.revised_bill_no)
    .outerjoin(_post, _post.c.revised_bill_no == _revised.c.revised_bill_no)
    .where(_revised.c.revision_id == bindparam("revision_id"))
    .order_by(_bill.c.bill_month, _revised.c.position),
    DecidedBill,
)

_decisions = DriverRead(
    select(_event.c.action, _event.c.remark)
    .where(
        _event.c.service_request_id == bindparam("request"),
        or_(_event.c.action == Action.PROPOSE.value, _event.c.action == Action.APPROVE.value),
    )
    .order_by(_event.c.number.desc())
    .limit(2),
    lambda action, remark: (action, remark),
)


def decided_bills(revision_id: int) -> list[DecidedBill]:
    """Return the bills of a revision, oldest month first."""
    return _decided.all(revision_id=revision_id)


def decision_notes(request_id: int) -> list[str]:
    """Return what the officers wrote to the consumer with the last decision: first the proposer, then the approver."""
    remarks: list[Any] = []
    for action, remark in _decisions.all(request=request_id):
        remarks.append(remark)
        if action == Action.PROPOSE:
            break
    return [words for words in reversed(remarks) if words]
