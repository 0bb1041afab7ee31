"""A bill is recomputed from the facts of its own time: without input it stays as issued."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_revision import BEGUN, RATES, TARIFF, a_bill, a_put, fault, used
from wss.domain.bill_lines import BillComponent, compare_bills
from wss.domain.billed import BillInput, EffectiveBill, FactSource, as_issued, facts_of
from wss.domain.calculation import TariffBasis
from wss.domain.proration import Period, Proration
from wss.domain.revision import disagreement, revise, table_difference, with_reading_basis
from wss.domain.tariff import Component, Rate, charge

BASES = ("MU", "MIN", "UM", "ASS", "CEIL", "CDF", "NA", "NR", "PROV", "IDF", "RDF", "ADF")
MONEY = st.integers(-100_000, 1_000_000)


@st.composite
def bills(draw: st.DrawFn) -> EffectiveBill:
    """Draw a bill as any billing system might issue it.

    It has any factor, load, basis and days, and its register may have passed its highest value.
    """
    first = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 300)))
    charges = [draw(st.integers(0, 10_000_000)) for _ in range(3)]
    other, arrears, surcharge = draw(MONEY), draw(MONEY), draw(st.none() | MONEY)
    rounding = draw(st.integers(-99, 99))
    return a_bill(
        period_from=first,
        period_to=first + timedelta(days=draw(st.integers(0, 200))),
        previous_reading=draw(st.integers(0, 99_999)),
        current_reading=draw(st.integers(0, 99_999)),
        units=draw(st.integers(0, 100_000)),
        bill_basis=draw(st.sampled_from(BASES)),
        fixed_charge_paise=charges[0],
        energy_charge_paise=charges[1],
        electricity_duty_paise=charges[2],
        other_charge_paise=other,
        arrears_paise=arrears,
        surcharge_paise=surcharge,
        amount_paise=sum(charges) + other + arrears + (surcharge or 0) + rounding,
        multiplying_factor_milli=draw(st.none() | st.integers(1, 1_000_000)),
        load_w=draw(st.none() | st.integers(0, 100_000)),
        category=draw(st.none() | st.sampled_from(["LMV-1U", "LMV-2", "LMV-9"])),
        at_import_factor_milli=draw(st.integers(1, 1_000_000)),
        at_import_load_w=draw(st.integers(0, 100_000)),
        at_import_category=draw(st.sampled_from(["LMV-1U", "LMV-2", "LMV-9"])),
    )


@given(bills(), st.integers(0, 1000))
def test_an_unchanged_bill_stays_to_the_paisa_whatever_the_tariff_is_now(bill: EffectiveBill, rate: int):
    basis = TariffBasis([*RATES, Rate("LMV-1U", date(2024, 4, 1), Component.ENERGY, rate)])

    revised = revise(bill, as_issued(bill, basis.rates), basis)

    assert not any(line.difference for line in compare_bills(bill, revised))
    assert disagreement(bill, revised) is None


@given(bills(), st.integers(0, 99_999), st.integers(0, 99_999))
def test_a_reading_that_is_typed_counts_or_is_refused(bill: EffectiveBill, previous: int, current: int):
    issued = as_issued(bill, RATES)
    typed = {"previous_reading": previous, "current_reading": current, "category": "LMV-1U"}
    put = dataclasses.replace(issued, **typed)  # type: ignore[arg-type]
    if (
        (previous, current) == (bill.previous_reading, bill.current_reading)
        or bill.bill_basis == "UM"
        or current < previous
    ):
        return

    revised = revise(
        bill, with_reading_basis(bill, dataclasses.replace(put, register_digits=None), issued), TARIFF
    )

    assert revised.put.basis == "MU"
    assert revised.units == (2 * (current - previous) * put.multiplying_factor_milli + 1000) // 2000
    assert disagreement(bill, revised) is None


def test_a_chosen_basis_is_kept_and_refused_together_with_a_reading():
    bill = a_bill(bill_basis="PROV", previous_reading=2003, current_reading=2003, units=142)
    issued = as_issued(bill, RATES)
    chosen = dataclasses.replace(issued, current_reading=2058)

    assert with_reading_basis(bill, chosen, issued, shown_basis="MU") == chosen
    assert fault(bill, chosen) == ("basis", "basis_without_reading")


def test_a_reading_without_a_meter_is_refused():
    bill = a_bill(bill_basis="UM", previous_reading=0, current_reading=0, units=90)
    issued = as_issued(bill, RATES)

    with pytest.raises(Exception, match="reading_without_meter"):
        with_reading_basis(bill, dataclasses.replace(issued, current_reading=50), issued)


def test_a_register_that_passed_its_end_counts_over_it():
    put = a_put(previous_reading=99_990, current_reading=40, register_digits=5)

    assert revise(a_bill(), put, TARIFF).units == 50
    assert fault(a_bill(), a_put(previous_reading=99_990, current_reading=40)) == (
        "current_reading",
        "reading_below_previous",
    )
    assert fault(a_bill(), a_put(previous_reading=99_990, current_reading=40, register_digits=4)) == (
        "register_digits",
        "reading_beyond_register",
    )


def test_the_old_meter_may_have_passed_its_end_before_it_was_replaced():
    put = a_put(
        previous_reading=9990, old_meter_reading=5, new_meter_initial=3, current_reading=10, register_digits=4
    )

    assert revise(a_bill(), put, TARIFF).units == 15 + 7


@pytest.mark.parametrize(
    ("changes", "factor", "source"),
    [
        ({"multiplying_factor_milli": 3000}, 3000, FactSource.EXTRACT),
        ({"multiplying_factor_milli": 3000, "revises": "1"}, 3000, FactSource.REVISION),
        ({}, 1000, FactSource.IMPORT),
        ({"at_import_factor_milli": 20_000}, 1000, FactSource.DERIVED),
        ({"units": 1212}, 1500, FactSource.DERIVED),
        # No transformer divides, or has a ratio with many decimals: these units do not follow from the readings.
        ({"units": 404}, 1000, FactSource.IMPORT),
        ({"units": 811}, 1000, FactSource.IMPORT),
        ({"bill_basis": "CEIL", "units": 1616}, 1000, FactSource.IMPORT),
    ],
)
def test_the_factor_is_that_of_the_bills_own_time(
    changes: dict[str, object], factor: int, source: FactSource
):
    facts = facts_of(a_bill(**changes), RATES)

    assert (facts.multiplying_factor_milli, facts.sources["multiplying_factor"]) == (factor, source)


@pytest.mark.parametrize(
    ("changes", "load", "category"),
    [
        ({}, 4000, "LMV-1U"),
        ({"at_import_load_w": 7000}, 4000, "LMV-1U"),
        ({"at_import_category": "LMV-2", "at_import_load_w": 7000}, 4000, "LMV-1U"),
        ({"load_w": 5000, "category": "LMV-2"}, 5000, "LMV-2"),
        ({"energy_charge_paise": 1, "at_import_load_w": 7000}, 7000, "LMV-1U"),
    ],
)
def test_load_and_category_are_those_that_give_the_issued_charges(
    changes: dict[str, object], load: int, category: str
):
    facts = facts_of(a_bill(**changes), RATES)

    assert (facts.load_w, facts.category) == (load, category)


def test_only_the_lines_that_something_changes_are_recomputed():
    bill = a_bill(fixed_charge_paise=400_00, amount_paise=5700_35)

    revised = revise(bill, a_put(current_reading=17088), TARIFF)

    assert revised.calculation is not None
    assert revised.calculation.recomputed == [
        BillComponent.UNITS,
        BillComponent.ENERGY_CHARGE,
        BillComponent.ELECTRICITY_DUTY,
    ]
    assert (revised.fixed_charge_paise, revised.electricity_duty_paise) == (400_00, 78_65)


def test_all_lines_are_recomputed_for_a_reason():
    bill = a_bill(fixed_charge_paise=400_00, amount_paise=5700_35)

    revised = revise(bill, a_put(recompute_reason="charges_wrong"), TARIFF)

    assert table_difference(bill, TARIFF) == 40_00
    assert (revised.fixed_charge_paise, revised.amount_paise) == (440_00, 5740_35)


@pytest.mark.parametrize(
    ("rule", "days", "months"),
    [
        (Proration.WHOLE_MONTH, 45, "1"),
        (Proration.WHOLE_MONTH, 46, "2"),
        (Proration.DAYS_30, 45, "3/2"),
        (Proration.BY_DAYS, 31, "1"),
        (Proration.BY_DAYS, 46, "3/2"),
    ],
)
def test_the_months_of_a_period_are_those_of_the_tariffs_rule(rule: Proration, days: int, months: str):
    first = date(2026, 10, 1)

    assert str(Period(first, first + timedelta(days=days - 1)).months(rule)) == months


def test_a_period_of_a_month_and_a_half_has_one_and_a_half_of_slabs_and_load():
    rates = [dataclasses.replace(rate, proration=Proration.DAYS_30) for rate in RATES[:5]]
    period = Period(date(2026, 10, 1), date(2026, 11, 14))

    charges = charge(rates, 301, 4000, period)

    assert charges.fixed == 660_00
    assert charges.energy == 225 * 550 + 76 * 600


def test_a_computation_shows_what_it_used():
    months = [used(7, 100), used(8, 100), used(9, 100)]

    revised = revise(a_bill(), a_put(current_reading=17880, load_w=5000), TariffBasis(RATES, months))

    used_for = revised.calculation
    assert used_for is not None
    assert (used_for.days, used_for.periods[0]) == (31, ["fixed", "whole_month", "1"])
    assert ["energy", BEGUN.isoformat(), 150, 300, 600] in used_for.rates
    assert dict(used_for.sources)["load_kw"] == "officer"
    assert (used_for.times_usual_tenths, used_for.is_unusual) == (100, True)


def test_units_that_are_not_of_the_readings_do_not_agree():
    revised = revise(a_bill(), a_put(current_reading=17088), TARIFF)

    assert disagreement(a_bill(), revised) is None
    assert disagreement(a_bill(), dataclasses.replace(revised, units=209)) == "units_not_of_readings"
    assert (
        disagreement(
            a_bill(), dataclasses.replace(revised, put=dataclasses.replace(revised.put, basis="PROV"))
        )
        == "basis_without_reading"
    )


def test_a_put_of_the_page_begins_with_what_the_bill_has():
    assert as_issued(a_bill(), RATES) == BillInput(16880, 17688, "MU", 4000, "LMV-1U")
