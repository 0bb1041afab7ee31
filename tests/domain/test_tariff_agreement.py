"""All computations of a bill agree: the same readings, load, days and tariff give the same paise.

`COMPUTATIONS` has a row for each function of the site that computes the charges of a bill: a function here that
returns the total of fixed charge, energy charge and duty for a TariffCase, and what of the case is fixed for it.
"""

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_bill_facts import bills
from tests.domain.test_revision import a_bill
from tests.domain.test_self_bill import RULE
from tests.fixtures import reference_bills
from wss.domain.appliance_use import ApplianceUse, estimate_use
from wss.domain.bill_estimate import estimate
from wss.domain.bill_explanation import AS_BILLED, difference, explain
from wss.domain.billed import EffectiveBill, as_issued
from wss.domain.calculation import TariffBasis
from wss.domain.consumption import MonthlyUnits
from wss.domain.projection import Projection, project
from wss.domain.proration import Period, Proration
from wss.domain.revision import revise
from wss.domain.self_bill import ReadingRefused, SelfBillSupply, self_bill
from wss.domain.suggestion.daily_use import MeterReading
from wss.domain.suggestion.evidence import Evidence
from wss.domain.suggestion.suggest import suggest
from wss.domain.tariff import Component, Rate, charge, rates_on

DAY = timedelta(days=1)
FIRST, CATEGORY = date(2026, 4, 1), "LMV-1U"


@dataclass(frozen=True)
class TariffCase:
    """A supply, a period, what the meter counts in a day, and rows of a tariff; some may begin within the period.

    `issued_after`: the days from the end of the period to the day whose rows of the tariff count.
    """

    rates: list[Rate]
    load_w: int
    days: int
    daily: int
    factor_milli: int = 1000
    issued_after: int = 5

    @property
    def period(self) -> Period:
        """Return the billing period."""
        return Period(FIRST, FIRST + (self.days - 1) * DAY)

    @property
    def units(self) -> int:
        """Return the units of the period."""
        return reference_bills.counted(0, self.days * self.daily, None, self.factor_milli)

    @property
    def issued(self) -> date:
        """Return the day of the bill."""
        return self.period.last + self.issued_after * DAY

    def bill(self, steps: int, units: int, basis: str = "MU") -> EffectiveBill:
        """Return the bill for so many units, from reading 5000 on by so many steps of the register."""
        return self._bill_of(self.period, self.issued, (5000, 5000 + steps), units, basis)

    @property
    def bill_before(self) -> EffectiveBill:
        """Return the bill of the week before the period, which ends with reading 5000."""
        week, steps = Period(FIRST - 7 * DAY, FIRST - DAY), 7 * self.daily
        units = reference_bills.counted(0, steps, None, self.factor_milli)
        return self._bill_of(week, week.last, (5000 - steps, 5000), units, "MU")

    def _bill_of(
        self, period: Period, issued: date, readings: tuple[int, int], units: int, basis: str
    ) -> EffectiveBill:
        charges = charge(rates_on(self.rates, CATEGORY, issued), units, self.load_w, period)
        return a_bill(
            period_from=period.first,
            period_to=period.last,
            charged_on=issued,
            previous_reading=readings[0],
            current_reading=readings[1],
            units=units,
            bill_basis=basis,
            load_w=self.load_w,
            category=CATEGORY,
            fixed_charge_paise=charges.fixed,
            energy_charge_paise=charges.energy,
            electricity_duty_paise=charges.duty,
            amount_paise=charges.total,
            multiplying_factor_milli=self.factor_milli,
        )

    @property
    def used(self) -> list[MonthlyUnits]:
        """Return six months of the same use before the period, up to reading 5000."""
        found = []
        for place in range(6):
            end = FIRST - DAY - 30 * place * DAY
            reading, units = 5000 - 30 * self.daily * place, 30 * self.daily * self.factor_milli // 1000
            found.append(MonthlyUnits(f"U{place}", f"{end:%Y-%m}", end - 29 * DAY, end, reading, units, "MU"))
        return found[::-1]

    def read_on(self, day: date) -> MeterReading:
        """Return the reading of a day by the same use per day."""
        return MeterReading(day, 5000 + ((day - FIRST).days + 1) * self.daily)


@st.composite
def tariffs(draw: st.DrawFn) -> list[Rate]:
    """Draw two sets of rows with any slabs and proration; the second may begin within the period, or after it."""
    rows = []
    begins = FIRST + draw(st.integers(-30, 120)) * DAY
    for begun in (date(2023, 6, 1), begins):
        rule = draw(st.sampled_from(Proration))
        bounds = sorted(draw(st.sets(st.integers(1, 900), max_size=3)))
        rows.append(Rate(CATEGORY, begun, Component.FIXED, draw(st.integers(0, 45_000)), proration=rule))
        rows += [
            Rate(CATEGORY, begun, Component.ENERGY, draw(st.integers(0, 1_300)), low, high, rule)
            for low, high in zip([0, *bounds], [*bounds, None], strict=True)
        ]
        rows.append(Rate(CATEGORY, begun, Component.DUTY, draw(st.integers(0, 2_000))))
    return rows


CASES = st.builds(
    TariffCase,
    tariffs(),
    st.integers(500, 75_000),
    days=st.integers(7, 95),
    daily=st.integers(1, 13),
    factor_milli=st.sampled_from([1000, 1500, 20_000]),
)


def explained(case: TariffCase) -> int:
    found = explain(case.bill(case.days * case.daily, case.units), case.rates)
    assert not found.unexplained
    return sum(one.paise for one in found.lines)


def revised(case: TariffCase) -> int:
    issued = case.bill(0, 0)
    put = dataclasses.replace(
        as_issued(issued, case.rates),
        current_reading=5000 + case.days * case.daily,
        recompute_reason="charges_wrong",
    )
    return revise(issued, put, TariffBasis(case.rates)).amount_paise


def estimated(case: TariffCase) -> int | None:
    """Return the estimate from the reading 11 days after the period; none where the load is too small for the use."""
    bill = case.bill(0, case.units + 50, "PROV")
    found = estimate([bill], TariffBasis(case.rates, case.used), case.read_on(case.period.last + 11 * DAY))
    return found.paise if found.bills else None


def suggested(case: TariffCase) -> int | None:
    """Return the suggestion from the same reading; none where the use is too small to be sure."""
    bill = case.bill(0, case.units + 50, "PROV")
    given_reading = case.read_on(case.period.last + 11 * DAY)
    found = suggest(
        Evidence([bill], TariffBasis(case.rates, case.used), given_reading.reading, given_reading.on)
    )
    return found.bills[0].revised.amount_paise if found.bills else None


def generated(case: TariffCase) -> int | None:
    """Return the bill that a reading of the last day gives; none where the load is too small for the use."""
    supply = SelfBillSupply("active", "kWh", CATEGORY, case.load_w, "", case.factor_milli)
    reading = 5000 + case.days * case.daily
    with suppress(ReadingRefused):
        found = self_bill(RULE, supply, case.bill_before, TariffBasis(case.rates), reading, case.issued)
        return found.amount_paise - found.arrears_paise
    return None


def projected(case: TariffCase) -> int | None:
    """Return the projection from a reading of the last day, which leaves nothing to project."""
    found = project(case.bill_before, TariffBasis(case.rates, case.used), case.read_on(case.period.last))
    return found.expected.paise if isinstance(found, Projection) else None


def calculated(case: TariffCase) -> int:
    """Return the month of appliances that use the units of the case: each one unit."""
    in_force = rates_on(case.rates, CATEGORY, case.issued)
    found = estimate_use([ApplianceUse("iron", 1000, 2, case.units)], in_force, case.load_w)
    assert found.charges
    return found.charges.total


Computation = tuple[Callable[[TariffCase], int | None], dict[str, int]]
COMPUTATIONS: list[Computation] = [
    (explained, {}),
    (revised, {}),
    (estimated, {}),
    (suggested, {}),
    (generated, {"issued_after": 0}),
    (projected, {"issued_after": 0}),
    # April, which is a month by every rule of proration.
    (calculated, {"days": 30}),
]
each_computation = pytest.mark.parametrize(
    ("compute", "always"), COMPUTATIONS, ids=[compute.__name__ for compute, _always in COMPUTATIONS]
)


@each_computation
@given(CASES)
def test_every_computation_gives_the_paise_of_the_independent_formulae(
    compute: Callable[[TariffCase], int | None], always: dict[str, int], case: TariffCase
):
    case = dataclasses.replace(case, **always)
    rows = [
        reference_bills.TariffRow(
            rate.category,
            rate.effective_from,
            rate.component.value,
            rate.slab_from,
            rate.slab_to,
            rate.rate_paise,
            rate.proration.value,
        )
        for rate in case.rates
    ]
    supply = reference_bills.Supply(CATEGORY, case.load_w, case.factor_milli, "")

    found = compute(case)

    by_hand = sum(reference_bills.charges(rows, supply, case.units, FIRST, case.period.last, case.issued))
    assert found in (by_hand, None)


@each_computation
def test_every_computation_has_a_figure_for_an_ordinary_case(
    compute: Callable[[TariffCase], int | None], always: dict[str, int]
):
    rates = [
        Rate(CATEGORY, date(2023, 6, 1), Component.ENERGY, 550),
        Rate(CATEGORY, FIRST + 9 * DAY, Component.ENERGY, 600),
    ]

    assert compute(TariffCase(rates, 2000, **{"days": 30, "daily": 4, **always})) == 120 * 600


@given(bills(), bills(), tariffs())
def test_any_bill_is_explained_to_the_paisa_and_so_is_any_difference(
    bill: EffectiveBill, before: EffectiveBill, rates: list[Rate]
):
    found, why = explain(bill, rates), difference(bill, before, rates)

    assert sum(one.paise for one in found.lines) == bill.amount_paise
    assert {one.line for one in found.lines if one.by_tariff} & set(AS_BILLED) == set()
    assert sum(one.paise for one in (*why.factors, *why.others)) == bill.amount_paise - before.amount_paise
