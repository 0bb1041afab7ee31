"""Tips that follow from bills; every amount is computed by hand in a comment."""

from calendar import monthrange
from datetime import date

import pytest

from tests.domain.test_tariff import DOMESTIC
from wss.domain.consumption import MonthlyUnits
from wss.domain.saving_tips import SavingTip, TipCode, saving_tips, tip_basis


def a_year(*units: int, basis: str = "MU") -> list[MonthlyUnits]:
    """Return the bills of a year from November 2025 on, with the units of each month."""
    months = [divmod(2025 * 12 + 10 + number, 12) for number in range(len(units))]
    return [
        MonthlyUnits(
            f"B{year}{month + 1:02}",
            f"{year}-{month + 1:02}",
            date(year, month + 1, 1),
            date(year, month + 1, monthrange(year, month + 1)[1]),
            1000,
            used,
            basis,
        )
        for (year, month), used in zip(months, units, strict=True)
    ]


def tips(used: list[MonthlyUnits], load_w: int = 1000) -> dict[str, SavingTip]:
    return {tip.code: tip for tip in saving_tips(tip_basis(used, DOMESTIC, load_w))}


def test_a_standing_load_is_the_lowest_use_of_a_day_and_a_fifth_of_it_is_saved():
    # Six months of 120 units. The lowest day is that of a month with 31 days: 120 / 31 = 3.871 units, 161 W.
    # A fifth of it is 23.2 units in 30 days, 24 in 31, 21.7 in 28: 23, 24, 24, 22, 24, 23 units at 5.50 and 5 % duty.
    # 120 units and 1 kW are 770.00 and 38.50 duty; 97 units 643.50 and 32.18 (rounded up): 132.82 less.
    found = tips(a_year(120, 120, 120, 120, 120, 120))[TipCode.STANDING_LOAD]

    assert (found.bill_month, found.figure, found.other) == ("2025-12", 161, 116)
    assert found.paise == sum([13282, 13860, 13860, 12705, 13860, 13282])


def test_a_small_standing_load_is_no_tip():
    # 36 units in 31 days are 48 W.
    assert TipCode.STANDING_LOAD not in tips(a_year(36, 36, 36, 36, 36, 36))


def test_a_lowest_month_below_half_of_the_average_is_no_standing_load():
    assert TipCode.STANDING_LOAD not in tips(a_year(50, 140, 140, 140, 140, 140))


def test_a_summer_above_the_winter_names_how_many_times_and_a_fifth_of_the_difference_is_saved():
    # Winter, November to February: 240 units in 120 days, 2 a day. Summer, April to June: 364 in 91 days, 4 a day.
    # A fifth of 2 units a day: 12 in April and June, 12.4 in May (12), at 5.50 and 5 % duty.
    used = a_year(60, 62, 62, 56, 90, 120, 124, 120)

    found = tips(used)[TipCode.SUMMER]

    assert (found.figure, found.other, found.bills, found.bill_month) == (20, 120, 3, "2026-06")
    assert found.paise == 3 * 12 * 550 * 105 // 100


def test_a_winter_above_the_summer_is_named_as_such():
    used = a_year(120, 124, 124, 112, 90, 60, 62, 60)

    assert tips(used)[TipCode.WINTER].figure == 20


def test_seasons_that_differ_less_are_no_tip():
    assert not {TipCode.SUMMER, TipCode.WINTER} & set(tips(a_year(60, 62, 62, 56, 60, 86, 88, 86)))


def test_a_few_units_above_a_border_cost_what_the_bill_has_more_than_at_the_border():
    # 158 units are 8 above 150, at 6.00 and 5 % duty: 50.40. 166 units are more than a tenth above.
    found = tips(a_year(100, 100, 158, 100, 166, 158))[TipCode.SLAB]

    assert (found.figure, found.other, found.bills, found.bill_month) == (8, 150, 2, "2026-04")
    assert found.paise == 2 * 5040


def test_at_the_border_nothing_is_passed():
    assert TipCode.SLAB not in tips(a_year(100, 100, 150, 100, 100, 150))


def test_a_load_that_the_highest_month_uses_for_minutes_a_day_is_oversized():
    # 60 units in 30 days on 10 kW: 12 minutes a day. 1 kW less: 110.00 and 5 % duty in each of 12 months.
    found = tips(a_year(*[50] * 11, 60), load_w=10_000)[TipCode.SANCTIONED_LOAD]

    assert (found.figure, found.other, found.paise) == (12, 10_000, 12 * 11550)


@pytest.mark.parametrize(
    ("used", "load_w"),
    [(a_year(*[50] * 10), 10_000), (a_year(*[50] * 12), 1000), (a_year(*[200] * 12), 10_000)],
    ids=["too few bills", "no more than 1 kW", "used for longer"],
)
def test_such_bills_allow_no_conclusion_about_the_load(used: list[MonthlyUnits], load_w: int):
    assert TipCode.SANCTIONED_LOAD not in tips(used, load_w)


def test_averages_and_too_few_readings_give_no_tips():
    assert tips(a_year(*[120] * 12, basis="ASS")) == {}
    assert tips(a_year(120, 120, 158, 120, 120)) == {}
    assert saving_tips(tip_basis(a_year(*[120] * 12), [], 1000)) == []


def test_the_largest_saving_is_first():
    found = saving_tips(tip_basis(a_year(120, 120, 158, 120, 120, 120), DOMESTIC, 1000))

    assert [tip.code for tip in found] == [TipCode.STANDING_LOAD, TipCode.SLAB]
