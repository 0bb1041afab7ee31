"""Appliances: their units, and what a month and a year of them cost."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_tariff import DOMESTIC
from wss.domain.appliance_use import (
    ApplianceUse,
    billed_use,
    categories_on,
    category_network,
    estimate_use,
)
from wss.domain.consumption import MonthlyUnits
from wss.domain.tariff import charge

TODAY = date(2026, 11, 30)
# 2 fans of 75 W for 12 hours are 1.8 units a day, 54 a month; a bulb of 9 W for 5.5 hours 1.485 a month.
FANS, BULB = ApplianceUse("ceiling_fan", 75, 720, 2), ApplianceUse("led_bulb", 9, 330)


def test_units_are_watts_times_hours_times_count_times_thirty_days():
    assert (FANS.units, float(BULB.units)) == (54, 1.485)


def test_a_month_and_a_year_are_charged_as_bills_are():
    found = estimate_use([FANS, BULB], DOMESTIC, 2000)

    # 55 units at 5.50 and 2 kW at 110.00 are 302.50 and 220.00; 5 % duty is 26.125, rounded up.
    assert found.charges is not None
    assert (found.units, found.charges.total, found.units_a_year, found.paise_a_year) == (
        55,
        54863,
        660,
        658356,
    )
    assert sum(line.paise for line in found.lines) == found.charges.total


def test_without_a_tariff_there_are_units_only():
    assert estimate_use([FANS], [], 2000).charges is None


@given(st.integers(0, 5000), st.integers(0, 1440), st.integers(0, 99), st.integers(0, 100_000))
def test_the_charges_are_those_of_a_bill_for_the_same_units(
    watts: int, minutes: int, count: int, load_w: int
):
    found = estimate_use([ApplianceUse("", watts, minutes, count)], DOMESTIC, load_w)

    assert found.charges == charge(DOMESTIC, found.units, load_w)


def test_own_bills_are_averaged_by_their_months():
    used = [
        MonthlyUnits("B1", "2026-08", date(2026, 8, 1), date(2026, 8, 31), 1, 100, "MU"),
        MonthlyUnits("B2", "2026-10", date(2026, 9, 1), date(2026, 10, 31), 1, 275, "MU"),
    ]

    found = billed_use(used, DOMESTIC, "LMV-1U", 2000, TODAY)

    assert found is not None
    assert (found.bills, found.units_a_month, found.units_a_year) == (2, 125, 1500)
    assert found.charges == charge(DOMESTIC, 125, 2000)
    assert billed_use([], DOMESTIC, "LMV-1U", 2000, TODAY) is None


def test_a_category_is_offered_once_it_is_in_force_and_its_letter_names_its_network():
    assert categories_on(DOMESTIC, TODAY) == ["LMV-1U"]
    assert categories_on(DOMESTIC, date(2020, 1, 1)) == []
    assert [category_network(code) for code in ("LMV-1U", "LMV-1R", "LMV-2")] == ["urban", "rural", None]
