"""Bills that consumers have generated: stored once per connection and period, and where they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, func, select

from wss.db import core, insert, session
from wss.domain.identifiers import FIRST_COMPLAINT_COUNTER, complaint_no_from
from wss.domain.self_bill import SelfBillRule, SelfBillState, state_of
from wss.models import Bill, BillingPost, Counter, Document, GeneratedBill, SelfBillRuleRow

_COUNTER = "generated_bill"
# No bill number of the billing system begins like this; RV is a revised bill.
_PREFIX = "SG"
_bill = cast(Table, Bill.__table__)
_post = cast(Table, BillingPost.__table__)
_document = cast(Table, Document.__table__)
_generated = cast(Table, GeneratedBill.__table__)
# A bill that the billing system has made for any day of the period takes the place of the generated one.
_is_real_one: ColumnElement[bool] = (
    (_bill.c.account_no == _generated.c.account_no)
    & _bill.c.revises.is_(None)
    & (_bill.c.period_to >= _generated.c.period_from)
)
_replaced_by = (
    select(_bill.c.bill_no)
    .where(_is_real_one)
    .order_by(_bill.c.period_to, _bill.c.bill_no)
    .limit(1)
    .correlate(_generated)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class GeneratedBillRow:
    """A generated bill with its lines, and where it is."""

    id: int
    number: str
    consumer_id: int | None
    bill_month: str
    period_from: date
    period_to: date
    previous_reading: int
    current_reading: int
    units: int
    multiplying_factor_milli: int
    fixed_charge_paise: int
    energy_charge_paise: int
    electricity_duty_paise: int
    arrears_paise: int
    amount_paise: int
    steps: list[Any]
    confirmed_at: datetime
    post_state: str
    attempts: int
    reason: str
    replaced_by: str | None

    @property
    def state(self) -> SelfBillState:
        """Return where the bill is."""
        return state_of(self.post_state, self.attempts, self.replaced_by)

    @property
    def is_current(self) -> bool:
        """Return whether no real bill has taken its place."""
        return self.state is not SelfBillState.REPLACED


_columns = [_generated.c[name] for name in GeneratedBillRow.__slots__ if name in _generated.c]


def generated_bills(account_no: str, how_many: int = 13) -> Sequence[GeneratedBillRow]:
    """Return the generated bills of a connection that the caller owns (already checked), newest first."""
    statement = (
        select(*_columns, _post.c.state, _post.c.attempts, _post.c.reason, _replaced_by)
        .join(_post, _post.c.generated_bill_id == _generated.c.id)
        .where(_generated.c.account_no == account_no)
        .order_by(_generated.c.period_from.desc())
        .limit(how_many)
    )
    rows: Any = session().execute(statement)
    return [GeneratedBillRow(*row) for row in rows]


def self_bill_rule(office_codes: Sequence[str]) -> SelfBillRule | None:
    """Return the rule on generated bills of the first of these offices that has one."""
    columns = [getattr(SelfBillRuleRow, name) for name in SelfBillRule.__slots__]
    statement = select(*columns).where(SelfBillRuleRow.office_code.in_(office_codes))
    rules = {row[0]: SelfBillRule(*row) for row in session().execute(statement)}
    return next((rules[code] for code in office_codes if code in rules), None)


def next_generated_bill_no() -> str:
    """Take the next number for a generated bill; its check digit is that of a complaint number."""
    value = Counter.__table__.c.value
    statement = (
        insert(Counter.__table__)
        .values(name=_COUNTER, value=FIRST_COMPLAINT_COUNTER)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value + 1})
        .returning(value)
    )
    return _PREFIX + complaint_no_from(core().execute(statement).scalar_one())


def add_generated_bill(columns: dict[str, Any]) -> int | None:
    """Insert a generated bill; None where the connection has one for the period already."""
    statement = (
        insert(_generated)
        .values(columns)
        .on_conflict_do_nothing(index_elements=["account_no", "period_from"])
        .returning(_generated.c.id)
    )
    return core().execute(statement).scalar()


def is_replaced(generated_bill_id: int) -> bool:
    """Return whether the real bill of the period has arrived."""
    statement = select(_replaced_by).where(_generated.c.id == generated_bill_id)
    return core().execute(statement).scalar() is not None


def bytes_stored_since(consumer_id: int, since: datetime) -> int:
    """Return how many bytes of documents a consumer has stored since a moment."""
    stored = select(func.coalesce(func.sum(_document.c.size), 0))
    statement = stored.where(_document.c.consumer_id == consumer_id, _document.c.created_at >= since)
    return int(core().execute(statement).scalar_one())
