"""Whether a connection can generate a bill now, and the bill that a reading would give."""

from dataclasses import dataclass
from datetime import date

from wss.clock import local_date, now
from wss.domain.actor import Actor
from wss.domain.billed import EffectiveBill
from wss.domain.calculation import TariffBasis
from wss.domain.self_bill import (
    ReadingRefused,
    SelfBill,
    SelfBillObstacle,
    SelfBillRule,
    SelfBillSupply,
    first_day,
    obstacle_of,
    self_bill,
)
from wss.models import Connection
from wss.queries.bills import consumption
from wss.queries.connections import visible_connection
from wss.queries.effective_bills import effective_bills, recent_bills
from wss.queries.reference import reference
from wss.queries.self_bills import GeneratedBillRow, generated_bills, self_bill_rule

# How many bills of before may be needed to find the usual consumption.
_MONTHS_KNOWN = 36


@dataclass(frozen=True, slots=True)
class SelfBillOffer:
    """What a connection can generate: `obstacle` says why nothing, `current` is the bill that it has already."""

    connection: Connection
    rule: SelfBillRule | None
    last: EffectiveBill | None
    obstacle: SelfBillObstacle | None
    earlier: list[GeneratedBillRow]
    today: date

    @property
    def current(self) -> GeneratedBillRow | None:
        """Return the generated bill that no real bill has replaced."""
        return next((one for one in self.earlier if one.is_current), None)

    @property
    def is_on(self) -> bool:
        """Return whether the discom offers it at all."""
        return self.obstacle is not SelfBillObstacle.OFF

    @property
    def from_day(self) -> date | None:
        """Return the first day on which the next bill can be generated."""
        return first_day(self.rule, self.last) if self.rule and self.last else None

    @property
    def is_open(self) -> bool:
        """Return whether a reading can be given now."""
        return self.obstacle is None and self.current is None


def self_bill_offer(actor: Actor, account_no: str) -> SelfBillOffer:
    """Return what a consumer's connection can generate; raises NotFound for any other."""
    at = now()
    own, today = visible_connection(actor, account_no, at), local_date(at)
    newest = recent_bills(own.account_no, 1)
    last = effective_bills(own.account_no, [newest[0][0]])[0] if newest else None
    rule = rule_of(own.subdivision_code)
    obstacle = obstacle_of(rule, _supply(own), last, reference().rates, today)
    return SelfBillOffer(own, rule, last, obstacle, list(generated_bills(own.account_no)), today)


def rule_of(office_code: str) -> SelfBillRule | None:
    """Return the rule of the nearest office at or above one."""
    office = reference().offices.get(office_code)
    return self_bill_rule(office.path.split("/")[::-1]) if office else None


def bill_by_reading(offer: SelfBillOffer, reading: int, read_on: date | None) -> SelfBill:
    """Return the bill that a reading of today gives, for an offer that is open.

    Raises ReadingRefused, also for a reading of any other day.
    """
    if offer.rule is None or offer.last is None:
        raise ValueError("nothing is offered")
    if read_on != offer.today:
        raise ReadingRefused("not_today", offer.last.current_reading)
    own = offer.connection
    basis = TariffBasis(reference().rates, consumption(own.account_no, _MONTHS_KNOWN))
    return self_bill(offer.rule, _supply(own), offer.last, basis, reading, offer.today)


def _supply(own: Connection) -> SelfBillSupply:
    return SelfBillSupply(
        own.status,
        own.billing_unit,
        own.category,
        own.sanctioned_load_w,
        own.meter_no,
        own.multiplying_factor_milli,
    )
