"""Bills recomputed from the tariff, to the paisa."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.errors import RuleBroken
from wss.domain.tariff import Charges, Component, Rate, charge, rates_on

BEGUN = date(2023, 6, 1)
DOMESTIC = [
    Rate("LMV-1U", BEGUN, Component.FIXED, 11000),
    Rate("LMV-1U", BEGUN, Component.ENERGY, 550, 0, 150),
    Rate("LMV-1U", BEGUN, Component.ENERGY, 600, 150, 300),
    Rate("LMV-1U", BEGUN, Component.ENERGY, 650, 300),
    Rate("LMV-1U", BEGUN, Component.DUTY, 500),
]


@pytest.mark.parametrize(
    ("units", "load_w", "months", "fixed", "energy"),
    [
        (78, 2000, 1, 22000, 42900),
        (301, 1000, 1, 11000, 150 * 550 + 150 * 600 + 650),
        (0, 1500, 1, 16500, 0),
        (300, 1000, 2, 22000, 300 * 550),
    ],
    ids=["first slab", "beyond a slab", "load by the watt", "two months have slabs twice as wide"],
)
def test_charges_are_those_of_slabs_load_and_months(units, load_w, months, fixed, energy):
    assert charge(DOMESTIC, units, load_w, months) == Charges(
        fixed, energy, (2 * (fixed + energy) + 20) // 40
    )


def test_half_a_paisa_is_rounded_up():
    rates = [Rate("X", BEGUN, Component.ENERGY, 1), Rate("X", BEGUN, Component.DUTY, 500)]

    assert charge(rates, units=10, load_w=0).duty == 1
    assert charge(rates, units=9, load_w=0).duty == 0


@pytest.mark.parametrize(("rates", "units", "code"), [([], 1, "no_tariff"), (DOMESTIC, -1, "not_chargeable")])
def test_without_a_tariff_or_with_negative_units_no_charge_is_made(rates, units, code):
    with pytest.raises(RuleBroken, match=code):
        charge(rates, units=units, load_w=1000)


def test_a_new_order_replaces_only_the_components_it_names():
    new = Rate("LMV-1U", date(2026, 4, 1), Component.FIXED, 12000)

    in_force = rates_on([*DOMESTIC, new], "LMV-1U", date(2026, 4, 1))

    assert charge(in_force, units=78, load_w=2000) == Charges(24000, 42900, 3345)


def test_a_tariff_that_has_not_begun_is_not_in_force():
    assert rates_on(DOMESTIC, "LMV-1U", date(2023, 5, 31)) == []


@given(st.integers(0, 10_000), st.integers(0, 100_000), st.integers(1, 12))
def test_more_units_never_cost_less(units, load_w, months):
    assert charge(DOMESTIC, units + 1, load_w, months).total > charge(DOMESTIC, units, load_w, months).total
