"""The revised bill: recomputed from the readings, compared line by line, identified by the hash of its figures."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.demo.synthetic import SyntheticWorld, bills, connection
from wss.domain.bill_lines import BillComponent, compare_bills
from wss.domain.billed import BillInput, EffectiveBill, as_issued
from wss.domain.calculation import TariffBasis
from wss.domain.consumption import MonthlyUnits
from wss.domain.extracts import EXTRACTS, KnownValues, row_rule
from wss.domain.meter_units import BillInputError
from wss.domain.revision import Revised, change, figures_hash, revise
from wss.domain.tariff import Component, Rate, charge

BEGUN = date(2023, 6, 1)
RATES = [
    Rate("LMV-1U", BEGUN, Component.FIXED, 11000),
    Rate("LMV-1U", BEGUN, Component.ENERGY, 550, 0, 150),
    Rate("LMV-1U", BEGUN, Component.ENERGY, 600, 150, 300),
    Rate("LMV-1U", BEGUN, Component.ENERGY, 650, 300),
    Rate("LMV-1U", BEGUN, Component.DUTY, 500),
    Rate("LMV-2", BEGUN, Component.FIXED, 33000),
    Rate("LMV-2", BEGUN, Component.ENERGY, 750),
    Rate("LMV-2", BEGUN, Component.DUTY, 750),
]
TARIFF = TariffBasis(RATES)
READINGS = st.integers(0, 10_000_000)


def a_bill(**changes: object) -> EffectiveBill:
    """Return the bill of the mock-up: 808 units, 4 kW, Rs 5,740.35."""
    facts: dict[str, object] = {
        "bill_no": "101000000058",
        "bill_month": "2026-10",
        "period_from": date(2026, 10, 1),
        "period_to": date(2026, 10, 31),
        "charged_on": date(2026, 11, 6),
        "previous_reading": 16880,
        "current_reading": 17688,
        "units": 808,
        "bill_basis": "MU",
        "fixed_charge_paise": 440_00,
        "energy_charge_paise": 5027_00,
        "electricity_duty_paise": 273_35,
        "other_charge_paise": 0,
        "arrears_paise": 0,
        "amount_paise": 5740_35,
        "at_import_factor_milli": 1000,
        "at_import_load_w": 4000,
        "at_import_category": "LMV-1U",
    }
    return EffectiveBill(**{**facts, **changes})  # type: ignore[arg-type]


def a_put(**changes: object) -> BillInput:
    return dataclasses.replace(BillInput(16880, 17688, "MU", 4000, "LMV-1U"), **changes)  # type: ignore[arg-type]


def used(month: int, units: int, basis: str = "MU") -> MonthlyUnits:
    first = date(2026, month, 1)
    return MonthlyUnits(f"B{month}", f"2026-{month:02}", first, date(2026, month, 30), 0, units, basis)


def fault(bill: EffectiveBill, put: BillInput, basis: TariffBasis = TARIFF) -> tuple[str, str]:
    with pytest.raises(BillInputError) as wrong:
        revise(bill, put, basis)
    return wrong.value.field, wrong.value.code


def test_a_lower_reading_brings_the_bill_down_to_the_paisa():
    revised = revise(a_bill(), a_put(current_reading=17088), TARIFF)

    assert (revised.units, revised.energy_charge_paise, revised.amount_paise) == (208, 1173_00, 1693_65)


def test_the_lines_differ_by_what_was_changed():
    lines = {each.line: each.difference for each in compare_bills(a_bill(), _mock_revised())}

    assert lines == {
        BillComponent.PREVIOUS_READING: 0,
        BillComponent.CURRENT_READING: -600,
        BillComponent.UNITS: -600,
        BillComponent.FIXED_CHARGE: 0,
        BillComponent.ENERGY_CHARGE: -3854_00,
        BillComponent.ELECTRICITY_DUTY: -192_70,
        BillComponent.OTHER_CHARGE: 0,
        BillComponent.ARREARS: 0,
        BillComponent.AMOUNT: -4046_70,
    }


def test_arrears_and_other_charges_stay_as_they_were():
    bill = a_bill(arrears_paise=-120_50, other_charge_paise=75_00, amount_paise=5694_85)

    revised = revise(bill, a_put(current_reading=17088), TARIFF)

    assert (revised.arrears_paise, revised.other_charge_paise) == (-120_50, 75_00)
    assert revised.amount_paise == 1693_65 - 120_50 + 75_00


MONTHS_USED = [used(5, 999), used(6, 100), used(7, 40, "PROV"), used(8, 110), used(9, 132), used(10, 808)]
UNMETERED = {"previous_reading": 0, "current_reading": 0}


@pytest.mark.parametrize(
    ("bill", "put", "months", "units"),
    [
        ({}, {"current_reading": 16981, "multiplying_factor_milli": 1500}, [], 152),
        ({}, {"basis": "PROV"}, MONTHS_USED, 114),
        ({"period_from": date(2026, 9, 1)}, {"basis": "ASS"}, [used(8, 115)], 230),
        ({"bill_basis": "PROV", "units": 55}, {"basis": "PROV", "load_w": 1000}, [], 55),
        ({"bill_basis": "UM", "units": 90, **UNMETERED}, {"basis": "UM", **UNMETERED}, [], 90),
    ],
    ids=[
        "a factor multiplies what the meter counted",
        "a provisional bill is the average of the last three months that were read",
        "an average for two months is twice that of one",
        "an unchanged average stays as billed",
        "without a meter they stay as they are",
    ],
)
def test_units_follow_from_basis_and_readings(bill, put, months, units):
    assert revise(a_bill(**bill), a_put(**put), TariffBasis(RATES, used=months)).units == units


@pytest.mark.parametrize(
    ("put", "fixed", "energy"),
    [({"load_w": 2500}, 275_00, 5027_00), ({"category": "LMV-2"}, 1320_00, 6060_00)],
    ids=["a lower load", "another category"],
)
def test_charges_follow_from_load_and_category(put, fixed, energy):
    revised = revise(a_bill(), a_put(**put), TARIFF)

    assert (revised.fixed_charge_paise, revised.energy_charge_paise) == (fixed, energy)


def test_a_bill_over_two_months_has_slabs_and_load_for_two_months():
    bill = a_bill(period_from=date(2026, 9, 1))

    revised = revise(bill, recomputed(a_put(current_reading=16880 + 300)), TARIFF)

    assert (revised.fixed_charge_paise, revised.energy_charge_paise) == (880_00, 300 * 550)


def test_an_average_without_a_month_that_was_read_is_a_fault_of_the_basis():
    assert fault(a_bill(), a_put(basis="NR"), TariffBasis(RATES, used=[used(9, 40, "PROV")])) == (
        "basis",
        "no_average",
    )


@pytest.mark.parametrize(
    ("changes", "where", "why"),
    [
        ({"current_reading": 16879}, "current_reading", "reading_below_previous"),
        ({"old_meter_reading": 16879, "new_meter_initial": 0}, "old_meter_reading", "reading_below_previous"),
        (
            {"old_meter_reading": 17000, "new_meter_initial": 9, "current_reading": 8},
            "current_reading",
            "reading_below_initial",
        ),
        ({"category": "LMV-9"}, "category", "no_tariff"),
        ({"current_reading": 9_999_999_999}, "current_reading", "beyond_reason"),
    ],
)
def test_an_impossible_value_is_shown_at_its_field(changes, where, why):
    assert fault(a_bill(), a_put(**changes)) == (where, why)


def test_the_tariff_is_that_of_the_day_the_bill_was_issued():
    bill = a_bill(charged_on=date(2023, 5, 31))

    assert fault(bill, a_put(current_reading=17000)) == ("category", "no_tariff")


def test_a_bill_that_rises_does_not_hide_one_that_falls():
    first, second = a_bill(), a_bill(bill_no="2")
    less = dataclasses.replace(_mock_revised(), amount_paise=5740_35 - 900)
    more = dataclasses.replace(_mock_revised(), bill_no="2", amount_paise=5740_35 + 900)

    assert change({"101000000058": first, "2": second}, [less, more]) == 1800


@given(READINGS, READINGS, st.integers(0, 1_000_000))
def test_a_metered_bill_is_the_tariffs_charge_for_what_was_counted(previous, steps, load):
    put = a_put(previous_reading=previous, current_reading=previous + steps, load_w=load)

    revised = revise(a_bill(), put, TARIFF)

    charges = charge(RATES[:5], steps, load)
    assert revised.units == steps
    assert revised.amount_paise == charges.total


@given(READINGS, READINGS, READINGS, READINGS)
def test_a_replacement_counts_as_both_meters_do(previous, old_steps, initial, new_steps):
    put = a_put(
        previous_reading=previous,
        old_meter_reading=previous + old_steps,
        new_meter_initial=initial,
        current_reading=initial + new_steps,
    )

    assert revise(a_bill(), put, TARIFF).units == old_steps + new_steps


@pytest.mark.parametrize("name", sorted({field.name for field in dataclasses.fields(Revised)} - {"put"}))
def test_every_revised_figure_is_in_the_hash(name):
    revised, bill = _mock_revised(), a_bill()
    other = dataclasses.replace(revised, **{name: f"{getattr(revised, name)}1"})

    bills = {"101000000058": bill, other.bill_no: bill}
    assert figures_hash(bills, [revised]) != figures_hash(bills, [other])


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(BillInput)])
def test_everything_put_in_is_in_the_hash(name):
    revised, bills = _mock_revised(), {"101000000058": a_bill()}
    other = dataclasses.replace(revised, put=dataclasses.replace(revised.put, **{name: 7}))

    assert figures_hash(bills, [revised]) != figures_hash(bills, [other])


@pytest.mark.parametrize("name", ["amount_paise", "units", "arrears_paise", "period_to", "bill_basis"])
def test_every_issued_figure_is_in_the_hash(name):
    changed = {"period_to": date(2026, 11, 1), "bill_basis": "PROV"}.get(name, 1)

    hashes = {
        figures_hash({"101000000058": bill}, [_mock_revised()])
        for bill in (a_bill(), a_bill(**{name: changed}))
    }

    assert len(hashes) == 2


def test_the_hash_is_the_same_in_whatever_order_the_bills_come():
    first, second = _mock_revised(), dataclasses.replace(_mock_revised(), bill_no="2")
    bills = {"101000000058": a_bill(), "2": a_bill(bill_no="2")}

    assert figures_hash(bills, [first, second]) == figures_hash(bills, [second, first])


def test_every_bill_of_six_hundred_connections_recomputes_exactly():
    categories = ("LMV-1U", "LMV-1R", "LMV-2", "LMV-6")
    rates = [dataclasses.replace(rate, category=category) for category in categories for rate in RATES[:5]]
    world = SyntheticWorld(7, ("A-S1", "A-S2"), rates, date(2026, 11, 24), date(2026, 10, 1))
    rule, fields = row_rule(EXTRACTS["bills"], KnownValues()), EXTRACTS["bills"].fields
    count = 0
    for index in range(600):
        of = connection(world, index)
        for row in bills(world, index, of):
            values = dict(zip(fields, rule(row)[0], strict=True))
            dates = {name: date.fromisoformat(values[name]) for name in ("period_from", "period_to")}
            values |= dates | {"charged_on": date.fromisoformat(values["issue_date"])}
            values |= {"at_import_load_w": int(of[9]) * 1000, "at_import_category": of[8]}
            names = [field.name for field in dataclasses.fields(EffectiveBill) if field.name in values]
            bill = EffectiveBill(**{name: values[name] for name in names})
            revised = revise(bill, recomputed(as_issued(bill, rates)), TariffBasis(rates))
            count += not any(line.difference for line in compare_bills(bill, revised))

    assert count == 7200


def recomputed(put: BillInput) -> BillInput:
    return dataclasses.replace(put, recompute_reason="charges_wrong")


def _mock_revised() -> Revised:
    return revise(a_bill(), a_put(current_reading=17088), TARIFF)
