"""Alerts about bills and the budget: which of them are due for a connection today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from wss.domain.consumption import AVERAGES, WITHOUT_METER

# A bill that is imported later than this after its issue is history, not news.
NEWS_DAYS = 30
DUE_SOON_DAYS = 3
# A reminder of a bill that is overdue for longer than this comes too late to be of use.
OVERDUE_DAYS = 30
# The days after the last reading in which the consumer is asked for one: from the middle of a month on.
READING_DAYS = range(15, 41)


class AlertKind(StrEnum):
    """The alerts. Consumers choose the first four; the last two follow from a budget."""

    BILL_ISSUED = "bill_issued"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    UNUSUAL = "unusual"
    READING = "reading"
    BUDGET = "budget"


CHOSEN_KINDS = (AlertKind.BILL_ISSUED, AlertKind.DUE_SOON, AlertKind.OVERDUE, AlertKind.UNUSUAL)


@dataclass(frozen=True, slots=True)
class Budget:
    """A monthly budget, in units or in paise; without either there is none."""

    units: int | None = None
    paise: int | None = None

    @property
    def is_set(self) -> bool:
        """Return whether there is a budget."""
        return self.units is not None or self.paise is not None

    def is_passed_by(self, units: int | None, paise: int | None) -> bool:
        """Return whether a bill of so many units and paise is above the budget; not without the figure it is in."""
        if self.units is not None:
            return units is not None and units > self.units
        return self.paise is not None and paise is not None and paise > self.paise


@dataclass(frozen=True, slots=True)
class Expectation:
    """The next bill as projected from the consumer's last reading."""

    bill_month: str
    read_on: date
    units: int
    paise: int | None


@dataclass(frozen=True, slots=True)
class AlertBill:
    """The newest bill of a connection that is in force; `times_tenths`: how often the usual, where far above."""

    bill_no: str
    bill_month: str
    period_to: date
    bill_basis: str
    issue_date: date
    due_date: date
    amount_paise: int
    unpaid_paise: int
    is_revision: bool = False
    is_disputed: bool = False
    times_tenths: int | None = None


@dataclass(frozen=True, slots=True)
class DueAlert:
    """An alert that is due; `about` is the bill or month of which it is sent once."""

    kind: AlertKind
    about: str


def due_alerts(
    chosen: frozenset[AlertKind],
    budget: Budget,
    expected: Expectation | None,
    bill: AlertBill,
    today: date,
) -> list[DueAlert]:
    """Return the alerts about a connection that are due today, sent already or not."""
    found = [DueAlert(kind, bill.bill_no) for kind in chosen_kinds_of(bill, today) if kind in chosen]
    month = month_after(bill.bill_month)
    is_current = expected is not None and expected.bill_month == month and expected.read_on > bill.period_to
    if budget.is_set and not is_current and asks_for_reading(bill, today):
        found.append(DueAlert(AlertKind.READING, month))
    if is_current and expected is not None and budget.is_passed_by(expected.units, expected.paise):
        found.append(DueAlert(AlertKind.BUDGET, month))
    return found


def chosen_kinds_of(bill: AlertBill, today: date) -> list[AlertKind]:
    """Return the alerts about a bill itself.

    A revised bill has a notice of its own. Of a bill in a complaint no one is reminded to pay, and what is paid
    closes the reminders.
    """
    found = []
    is_news = timedelta() <= today - bill.issue_date <= timedelta(days=NEWS_DAYS)
    if is_news and not bill.is_revision:
        found.append(AlertKind.BILL_ISSUED)
        if bill.times_tenths is not None and not bill.is_disputed:
            found.append(AlertKind.UNUSUAL)
    if bill.unpaid_paise > 0 and not bill.is_disputed:
        left = (bill.due_date - today).days
        if 0 <= left <= DUE_SOON_DAYS:
            found.append(AlertKind.DUE_SOON)
        elif -OVERDUE_DAYS <= left < 0:
            found.append(AlertKind.OVERDUE)
    return found


def asks_for_reading(bill: AlertBill, today: date) -> bool:
    """Return whether it is time to ask for a reading, from which the next bill can be projected."""
    is_read = bill.bill_basis not in AVERAGES | WITHOUT_METER
    return is_read and (today - bill.period_to).days in READING_DAYS


def month_after(bill_month: str) -> str:
    """Return the month after one, both as "YYYY-MM"."""
    year, month = map(int, bill_month.split("-"))
    return f"{year + month // 12}-{month % 12 + 1:02}"
