"""The bill that a consumer's own reading gives: who may, figures computed by hand, and what is asked or refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_revision import RATES, a_bill, used
from wss.domain.billed import BillInput
from wss.domain.calculation import TariffBasis
from wss.domain.proration import Proration
from wss.domain.revision import revise
from wss.domain.self_bill import (
    ReadingRefused,
    SelfBill,
    SelfBillDoubt,
    SelfBillObstacle,
    SelfBillRule,
    SelfBillSupply,
    obstacle_of,
    self_bill,
)
from wss.domain.tariff import Rate

TODAY = date(2026, 11, 30)
RULE = SelfBillRule("PVVNL", True, 5000, "kWh", "LMV-1U", "MU", 20, 3, "[placeholder]")
SUPPLY = SelfBillSupply("active", "kWh", "LMV-1U", 4000, "UP1", 1000)
# The bill of October ends at 17688 and is paid.
LAST = a_bill(paid_amount_paise=5740_35)
USED = [used(month, 100) for month in (8, 9, 10)]


def generated(reading: int, **changes: object) -> SelfBill:
    last = replace(LAST, **changes)  # type: ignore[arg-type]
    return self_bill(RULE, SUPPLY, last, TariffBasis(RATES, USED), reading, TODAY)


def test_units_charges_and_arrears_follow_from_the_reading():
    bill = generated(17888, paid_amount_paise=5000_00)

    # 200 units: 150 at 5.50 and 50 at 6.00 are 1,125.00; with the fixed charge 1,565.00, and 5 % duty 78.25.
    assert (bill.units, bill.energy_charge_paise, bill.fixed_charge_paise) == (200, 1125_00, 440_00)
    assert (bill.arrears_paise, bill.amount_paise) == (740_35, 1565_00 + 78_25 + 740_35)
    assert bill.steps == [
        ["fixed", 4000, 11000, "1"],
        ["energy", 150, 550, "1"],
        ["energy", 50, 600, "1"],
        ["duty", 0, 500, "1"],
    ]


@pytest.mark.parametrize(
    ("today", "month"),
    [(date(2026, 11, 21), "2026-11"), (date(2026, 12, 3), "2026-11"), (date(2026, 12, 31), "2026-12")],
)
def test_the_month_is_the_one_of_which_most_is_billed(today: date, month: str):
    assert self_bill(RULE, SUPPLY, LAST, TariffBasis(RATES), 17700, today).bill_month == month


@pytest.mark.parametrize(
    ("supply", "rule", "last", "obstacle"),
    [
        ({}, {"switched_on": False}, {}, SelfBillObstacle.OFF),
        ({"status": "disconnected"}, {}, {}, SelfBillObstacle.NOT_ACTIVE),
        ({"billing_unit": "kVAh"}, {}, {}, SelfBillObstacle.UNIT),
        ({"category": "LMV-2"}, {}, {}, SelfBillObstacle.CATEGORY),
        ({"load_w": 5001}, {}, {}, SelfBillObstacle.LOAD),
        ({"category": "LMV-9"}, {"categories": "LMV-9"}, {}, SelfBillObstacle.NO_TARIFF),
        ({}, {}, {"bill_basis": "PROV"}, SelfBillObstacle.NOT_READ),
        ({}, {}, {"meter_no": "UP2"}, SelfBillObstacle.METER_REPLACED),
        ({}, {"least_days": 31}, {}, SelfBillObstacle.TOO_EARLY),
        ({}, {"least_days": 30}, {}, None),
    ],
)
def test_each_condition_of_the_rule_is_kept(
    supply: dict[str, object],
    rule: dict[str, object],
    last: dict[str, object],
    obstacle: SelfBillObstacle | None,
):
    given_rule, given_supply = replace(RULE, **rule), replace(SUPPLY, **supply)  # type: ignore[arg-type]
    newest = replace(LAST, **last)  # type: ignore[arg-type]

    assert obstacle_of(given_rule, given_supply, newest, RATES, TODAY) is obstacle


def test_without_a_rule_or_an_earlier_bill_there_is_none():
    assert obstacle_of(None, SUPPLY, LAST, RATES, TODAY) is SelfBillObstacle.OFF
    assert obstacle_of(RULE, SUPPLY, None, RATES, TODAY) is SelfBillObstacle.NO_BILL


@pytest.mark.parametrize(("units", "doubts"), [(299, []), (300, [SelfBillDoubt.FAR_ABOVE])])
def test_many_times_the_usual_is_asked_about(units: int, doubts: list[str]):
    assert generated(17688 + units).doubts == doubts


def test_a_register_past_its_end_is_asked_about():
    bill = generated(40, current_reading=99950)

    assert (bill.units, bill.register_digits, bill.doubts) == (90, 5, [SelfBillDoubt.OVER_THE_END])


@pytest.mark.parametrize(("reading", "code"), [(17687, "below_last"), (17688 + 9601, "too_much")])
def test_a_reading_that_cannot_be_gives_no_bill(reading: int, code: str):
    with pytest.raises(ReadingRefused, match=code):
        generated(reading)


@given(
    st.integers(0, 9_000), st.integers(1, 50), st.integers(20, 400), st.sampled_from(Proration), st.booleans()
)
def test_it_agrees_with_a_revision_to_the_same_reading(
    units: int, load: int, days: int, rule: Proration, has_new_tariff: bool
):
    rates = [replace(rate, proration=rule) for rate in RATES]
    if has_new_tariff:
        begun = LAST.period_to + timedelta(days=10)
        rates += [replace(rate, effective_from=begun, rate_paise=rate.rate_paise + 7) for rate in rates]
    today, supply = LAST.period_to + timedelta(days=days), replace(SUPPLY, load_w=load * 1000)
    try:
        bill = self_bill(RULE, supply, LAST, TariffBasis(rates), 17688 + units, today)
    except ReadingRefused:
        return

    assert _revised(bill, rates) == (
        bill.units,
        bill.fixed_charge_paise,
        bill.energy_charge_paise,
        bill.electricity_duty_paise,
    )


def _revised(bill: SelfBill, rates: list[Rate]) -> tuple[int, int, int, int]:
    """Return units and charges of an average bill of the same period, revised to the reading."""
    issued = a_bill(
        bill_basis="PROV",
        charged_on=bill.period_to,
        period_from=bill.period_from,
        period_to=bill.period_to,
        previous_reading=bill.previous_reading,
        current_reading=bill.previous_reading,
        units=1,
    )
    put = BillInput(
        bill.previous_reading,
        bill.current_reading,
        "MU",
        bill.load_w,
        "LMV-1U",
        recompute_reason="charges_wrong",
    )
    revised = revise(issued, put, TariffBasis(rates))
    charges = (revised.fixed_charge_paise, revised.energy_charge_paise, revised.electricity_duty_paise)
    return revised.units, *charges
