"""Readings that consumers type in the middle of a month, by login or by the link of a reminder, and the projection."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.alerts import Budget
from wss.domain.calculation import TariffBasis
from wss.domain.errors import NotFound
from wss.domain.projection import (
    Projection,
    ProjectionObstacle,
    obstacle_of_bill,
    project,
)
from wss.domain.quiet_hours import QuietHours
from wss.domain.suggestion.daily_use import MeterReading
from wss.models import AlertChoice, Connection
from wss.queries import alerts
from wss.queries.bills import consumption
from wss.queries.connections import visible_connection
from wss.queries.consumers import locked_active_consumer
from wss.queries.effective_bills import effective_bills, recent_bills
from wss.queries.reference import reference
from wss.services.shared import links
from wss.services.shared.audit import record

READING, _RESULT = "reading", "reading_result"
# How long the browser that typed the reading sees the result: the link itself can be used once.
_RESULT_LIFE = timedelta(minutes=30)
_MONTHS_KNOWN = 36


@dataclass(frozen=True, slots=True)
class NextBill:
    """The next bill of a connection: its projection, or what prevents one; neither before a reading was typed."""

    budget: Budget
    projection: Projection | None = None
    obstacle: ProjectionObstacle | None = None

    @property
    def is_above_budget(self) -> bool:
        """Return whether the bill will probably be above the budget."""
        found = self.projection
        return found is not None and self.budget.is_passed_by(found.expected.units, found.expected.paise)

    @property
    def may_be_above_budget(self) -> bool:
        """Return whether only the upper end of the range is above the budget."""
        found = self.projection
        is_high = found is not None and self.budget.is_passed_by(found.high.units, found.high.paise)
        return is_high and not self.is_above_budget


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """What a link of a reminder shows."""

    connection: Connection
    next_bill: NextBill
    language: str


def next_bill_of(account_no: str, choice: AlertChoice | None) -> NextBill:
    """Return the next bill as the consumer's last reading projects it, while it is for the present month."""
    budget = Budget(choice.budget_units, choice.budget_paise) if choice else Budget()
    obstacle = _obstacle(account_no, local_date(now()))
    if choice is None or choice.reading is None or choice.read_on is None:
        return NextBill(budget, obstacle=obstacle)
    found = _projected(account_no, MeterReading(choice.read_on, choice.reading))
    if isinstance(found, ProjectionObstacle):
        return NextBill(budget, obstacle=obstacle)
    return NextBill(budget, found, obstacle)


def type_reading(actor: Actor, account_no: str, reading: int) -> ProjectionObstacle | None:
    """Store a reading of today for a connection of the consumer's own; return why it cannot be used, if so."""
    with transaction():
        return _store(actor, account_no, reading)


def page_of_link(token: str) -> ReadingPage | None:
    """Return what the link of a reminder is about, without using it; None for an invalid link."""
    return _page(links.peek_link(token, READING))


def page_of_result(session_hash: str) -> ReadingPage | None:
    """Return the result of the reading that was typed by a link in this browser session."""
    return _page(links.shown_to_session(session_hash, _RESULT))


def type_reading_by_link(token: str, reading: int, session_hash: str) -> ProjectionObstacle | None:
    """Store the reading, use the link up and show the result to this session; return why a reading is refused.

    Raises NotFound for an invalid link.
    """
    with transaction():
        subject = links.peek_link(token, READING)
        whose = _whose(subject)
        if subject is None or whose is None:
            raise NotFound
        obstacle = _store(*whose, reading)
        if obstacle is not None:
            return obstacle
        if links.consume_link(token, READING) is None:
            raise NotFound
        links.show_to_session(session_hash, _RESULT, subject, _RESULT_LIFE)
        return None


def subject_of_reading(consumer_id: int, account_no: str) -> str:
    """Return the subject of a reminder's link: whose reading of which connection."""
    return f"{READING}:{consumer_id}:{account_no}"


def _whose(subject: str | None) -> tuple[Actor, str] | None:
    consumer_id = links.row_id_of(subject)
    if subject is None or consumer_id is None:
        return None
    return Actor(Role.CONSUMER, str(consumer_id)), subject.rpartition(":")[2]


def _page(subject: str | None) -> ReadingPage | None:
    whose = _whose(subject)
    if whose is None:
        return None
    actor, account_no = whose
    try:
        own = visible_connection(actor, account_no, now())
    except NotFound:
        return None
    consumer_id = int(actor.id)
    next_bill = next_bill_of(account_no, alerts.choice_of(consumer_id, account_no))
    return ReadingPage(own, next_bill, alerts.language_of(consumer_id) or "hi")


def _store(actor: Actor, account_no: str, reading: int) -> ProjectionObstacle | None:
    """Store the reading with its projection; the worker compares it with the budget at once."""
    at = now()
    owner = locked_active_consumer(actor.consumer_id) if actor.consumer_id else None
    if owner is None:
        raise NotFound
    visible_connection(actor, account_no, at)
    found = _projected(account_no, MeterReading(local_date(at), reading))
    if isinstance(found, ProjectionObstacle):
        return found
    alerts.store_choice(
        {"consumer_id": owner.id, "account_no": account_no, **_nothing_chosen(at)}, _columns(found, at)
    )
    record(actor, "reading_typed", f"connection:{account_no}")
    return None


def _columns(found: Projection, at: datetime) -> dict[str, object]:
    return {
        "reading": found.given.reading,
        "read_on": found.given.on,
        "projected_month": found.bill_month,
        "projected_units": found.expected.units,
        "projected_paise": found.expected.paise,
        "check_at": at,
    }


def _nothing_chosen(at: datetime) -> dict[str, object]:
    quiet = QuietHours()
    nothing = dict.fromkeys(("bill_issued", "due_soon", "overdue", "unusual"), False)
    return {**nothing, "quiet_from": quiet.start, "quiet_to": quiet.end, "updated_at": at}


def _obstacle(account_no: str, today: date) -> ProjectionObstacle | None:
    newest = recent_bills(account_no, 1)
    bills = effective_bills(account_no, [newest[0][0]]) if newest else []
    return obstacle_of_bill(bills[-1] if bills else None, today)


def _projected(account_no: str, given: MeterReading) -> Projection | ProjectionObstacle:
    newest = recent_bills(account_no, 1)
    if not newest:
        return ProjectionObstacle.NO_BILL
    [bill] = effective_bills(account_no, [newest[0][0]])
    return project(bill, TariffBasis(reference().rates, consumption(account_no, _MONTHS_KNOWN)), given)
