"""The comparison of bill and meter before a complaint is lodged."""

import pytest

from wss.domain.extracts.billing import BillBasis
from wss.domain.self_check import (
    OF_BASIS,
    SelfCheckBill,
    SelfCheckCode,
    SelfCheckFinding,
    SelfCheckSupply,
    self_check,
    suggested_reason,
)

FOUR_KW = SelfCheckSupply(4000)
REASONS = ("wrong_reading", "reading_not_taken", "defective_meter", "other")


def a_bill(basis: str = "MU", reading: int = 17688, units: int = 100, months: int = 1) -> SelfCheckBill:
    return SelfCheckBill("1", basis, reading, units, months)


def sights(
    bill: SelfCheckBill, reading: int | None = None, supply: SelfCheckSupply = FOUR_KW
) -> list[SelfCheckCode]:
    return [seen.sight for seen in self_check([bill], reading, supply)]


def test_a_meter_below_the_bill_is_seen_with_the_difference():
    [seen] = self_check([a_bill()], 17246, FOUR_KW)

    assert (seen.sight, seen.billed, seen.units) == (SelfCheckCode.READING_BELOW_BILL, 17688, 442)


def test_a_meter_above_the_bill_says_how_much_came_since():
    [seen] = self_check([a_bill()], 17700, FOUR_KW)

    assert (seen.sight, seen.units) == (SelfCheckCode.READING_ABOVE_BILL, 12)


def test_a_meter_that_says_what_the_bill_says_is_seen():
    assert sights(a_bill(), 17688) == [SelfCheckCode.READING_AS_BILLED]


def test_a_meter_behind_transformers_counts_its_factor():
    [seen] = self_check([a_bill()], 17686, SelfCheckSupply(40_000, factor_milli=20_000))

    assert seen.units == 40


@pytest.mark.parametrize(
    ("basis", "sight"),
    [
        ("MU", SelfCheckCode.METER_READ),
        ("MIN", SelfCheckCode.MINIMUM_CHARGE),
        ("UM", SelfCheckCode.WITHOUT_METER),
        ("ASS", SelfCheckCode.ASSESSED),
        ("CEIL", SelfCheckCode.OVER_CEILING),
        ("CDF", SelfCheckCode.OVER_CEILING),
        ("NA", SelfCheckCode.NOT_REACHED),
        ("NR", SelfCheckCode.NOT_READ),
        ("PROV", SelfCheckCode.PROVISIONAL),
        ("IDF", SelfCheckCode.FOUND_DEFECTIVE),
        ("RDF", SelfCheckCode.READING_DOES_NOT_FIT),
        ("ADF", SelfCheckCode.SEEMS_DEFECTIVE),
    ],
)
def test_the_basis_of_the_bill_is_seen(basis: str, sight: SelfCheckCode):
    assert sights(a_bill(basis)) == [sight]


def test_every_basis_that_an_extract_may_have_says_something():
    assert set(OF_BASIS) == {basis.value for basis in BillBasis}


@pytest.mark.parametrize(
    ("units", "sight"), [(3200, SelfCheckCode.METER_READ), (3201, SelfCheckCode.OVER_CEILING)]
)
def test_more_than_eight_hundred_units_for_a_kilowatt_are_over_the_ceiling(units: int, sight: SelfCheckCode):
    assert sights(a_bill(units=units)) == [sight]


@pytest.mark.parametrize(
    ("units", "sight"), [(6400, SelfCheckCode.METER_READ), (6401, SelfCheckCode.OVER_CEILING)]
)
def test_a_bill_over_two_months_has_twice_the_ceiling(units: int, sight: SelfCheckCode):
    assert sights(a_bill(units=units, months=2)) == [sight]


def test_less_than_a_kilowatt_counts_as_one():
    assert sights(a_bill(units=800), supply=SelfCheckSupply(500)) == [SelfCheckCode.METER_READ]


def test_an_unknown_basis_shows_nothing():
    assert sights(a_bill("XX")) == []


def test_a_reading_and_an_average_are_both_shown():
    assert sights(a_bill("PROV"), 17000) == [SelfCheckCode.READING_BELOW_BILL, SelfCheckCode.PROVISIONAL]


def test_the_reading_is_compared_with_the_newest_bill():
    bills = [SelfCheckBill("1", "MU", 100, 50), SelfCheckBill("2", "MU", 150, 50)]

    assert self_check(bills, 140, FOUR_KW)[0].bill_no == "2"


def test_no_bill_shows_nothing():
    assert self_check([], 140, FOUR_KW) == []


@pytest.mark.parametrize(
    ("basis", "reason"),
    [
        ("MU", None),
        ("MIN", None),
        ("UM", None),
        ("ASS", "defective_meter"),
        ("CEIL", "wrong_reading"),
        ("CDF", "wrong_reading"),
        ("NA", "reading_not_taken"),
        ("NR", "reading_not_taken"),
        ("PROV", "reading_not_taken"),
        ("IDF", "defective_meter"),
        ("RDF", "wrong_reading"),
        ("ADF", "defective_meter"),
    ],
)
def test_a_reason_fits_the_basis(basis: str, reason: str | None):
    assert suggested_reason(self_check([a_bill(basis)], None, FOUR_KW), REASONS) == reason


def test_a_meter_below_the_bill_outweighs_the_basis():
    assert suggested_reason(self_check([a_bill("PROV")], 17000, FOUR_KW), REASONS) == "wrong_reading"


def test_a_reason_that_is_not_offered_is_not_chosen():
    assert suggested_reason([SelfCheckFinding(SelfCheckCode.ASSESSED, "1")], ("other",)) is None
