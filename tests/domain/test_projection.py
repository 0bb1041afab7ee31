"""The projection of the next bill, by examples that can be checked by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from wss.domain.billed import EffectiveBill
from wss.domain.calculation import TariffBasis
from wss.domain.consumption import MonthlyUnits
from wss.domain.projection import Projection, ProjectionObstacle, project
from wss.domain.suggestion.daily_use import MeterReading
from wss.domain.tariff import Component, Rate

# Fixed Rs 110 for a kW, Rs 5 for a unit, 5 % duty on both.
SINCE = date(2026, 4, 1)
RATES = (
    Rate("LMV-1", SINCE, Component.FIXED, 110_00),
    Rate("LMV-1", SINCE, Component.ENERGY, 5_00),
    Rate("LMV-1", SINCE, Component.DUTY, 500),
)
# October: 31 days, 93 units: 220 + 465 + 34.25.
BILL = EffectiveBill(
    "B3",
    "2026-10",
    date(2026, 10, 1),
    date(2026, 10, 31),
    date(2026, 11, 6),
    1000,
    1093,
    93,
    "MU",
    220_00,
    465_00,
    34_25,
    0,
    0,
    719_25,
    load_w=2000,
    category="LMV-1",
    multiplying_factor_milli=1000,
)
TARIFF = TariffBasis(RATES)


def at(day: int, reading: int) -> MeterReading:
    """Return a reading of November."""
    return MeterReading(date(2026, 11, day), reading)


def projected(basis: TariffBasis, given: MeterReading, bill: EffectiveBill = BILL) -> Projection:
    found = project(bill, basis, given)
    assert isinstance(found, Projection)
    return found


def test_the_rest_of_the_month_is_used_at_the_present_rate_with_a_fifth_more_or_less():
    # 60 units in 15 of 31 days: 4 a day; 16 days are left. 60 + 64 = 124; 60 + 51.2; 60 + 76.8.
    found = projected(TARIFF, at(15, 1153))

    assert (found.used, found.days, found.days_left) == (60, 15, 16)
    assert (found.low.units, found.expected.units, found.high.units) == (111, 124, 137)


def test_the_rupees_are_those_of_the_tariff_for_the_period():
    # 220 + 124 * 5 = 840, and 5 % duty.
    assert projected(TARIFF, at(15, 1153)).expected.paise == 882_00


def test_the_usual_rate_counts_as_much_as_the_present_one():
    # Three bills of 93 units in 31 days: 3 a day. Mean 3.5: 60 + 56; 60 + 16 * 3 * 0.8; 60 + 16 * 4 * 1.2.
    used = [
        MonthlyUnits(f"B{number}", f"2026-{number:02}", end - timedelta(days=30), end, 0, 93, "MU")
        for number, end in ((8, date(2026, 8, 30)), (9, date(2026, 9, 30)), (10, date(2026, 10, 31)))
    ]

    found = projected(TariffBasis(RATES, used), at(15, 1153))

    assert (found.low.units, found.expected.units, found.high.units) == (98, 116, 137)


def test_a_month_that_is_over_has_no_range():
    found = projected(TARIFF, MeterReading(date(2026, 12, 5), 1200))

    assert (found.days_left, found.low, found.high) == (0, found.expected, found.expected)
    assert found.expected.units == 107


def test_the_factor_of_the_meter_multiplies_the_steps():
    bill = replace(BILL, multiplying_factor_milli=2000, current_reading=1046, units=92)

    assert projected(TARIFF, at(15, 1076), bill).used == 60


def test_there_are_units_only_where_the_tariff_does_not_give_the_last_bill():
    bill = replace(BILL, energy_charge_paise=999_00)

    assert projected(TARIFF, at(15, 1153), bill).expected.paise is None
    assert projected(TariffBasis(()), at(15, 1153)).expected.paise is None


@pytest.mark.parametrize(
    ("given", "basis", "obstacle"),
    [
        (at(15, 1092), "MU", ProjectionObstacle.BELOW_LAST),
        (at(15, 11530), "MU", ProjectionObstacle.DOUBTFUL),
        (at(15, 1153), "NR", ProjectionObstacle.NOT_READ),
        (at(15, 1153), "UM", ProjectionObstacle.NOT_READ),
        (MeterReading(date(2026, 10, 31), 1093), "MU", ProjectionObstacle.TOO_EARLY),
        (MeterReading(date(2027, 1, 2), 1153), "MU", ProjectionObstacle.TOO_LATE),
    ],
)
def test_a_reading_that_cannot_be_used_says_why(
    given: MeterReading, basis: str, obstacle: ProjectionObstacle
):
    assert project(replace(BILL, bill_basis=basis), TARIFF, given) is obstacle
