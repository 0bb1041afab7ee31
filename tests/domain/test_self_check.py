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


@pytest.mark.parametrize(
    ("reading", "supply", "code", "units"),
    [
        (17246, FOUR_KW, SelfCheckCode.READING_BELOW_BILL, 442),
        (17700, FOUR_KW, SelfCheckCode.READING_ABOVE_BILL, 12),
        (17688, FOUR_KW, SelfCheckCode.READING_AS_BILLED, 0),
        (17686, SelfCheckSupply(40_000, factor_milli=20_000), SelfCheckCode.READING_BELOW_BILL, 40),
    ],
    ids=["below the bill", "above the bill", "as billed", "behind transformers its factor counts"],
)
def test_the_meter_is_compared_with_the_bill(reading: int, supply: SelfCheckSupply, code: str, units: int):
    [found] = self_check([a_bill()], reading, supply)

    assert (found.sight, found.billed, found.units or 0) == (code, 17688, units)


@pytest.mark.parametrize(
    ("basis", "code", "reason"),
    [
        ("MU", SelfCheckCode.METER_READ, None),
        ("MIN", SelfCheckCode.MINIMUM_CHARGE, None),
        ("UM", SelfCheckCode.WITHOUT_METER, None),
        ("ASS", SelfCheckCode.ASSESSED, "defective_meter"),
        ("CEIL", SelfCheckCode.OVER_CEILING, "wrong_reading"),
        ("CDF", SelfCheckCode.OVER_CEILING, "wrong_reading"),
        ("NA", SelfCheckCode.NOT_REACHED, "reading_not_taken"),
        ("NR", SelfCheckCode.NOT_READ, "reading_not_taken"),
        ("PROV", SelfCheckCode.PROVISIONAL, "reading_not_taken"),
        ("IDF", SelfCheckCode.FOUND_DEFECTIVE, "defective_meter"),
        ("RDF", SelfCheckCode.READING_DOES_NOT_FIT, "wrong_reading"),
        ("ADF", SelfCheckCode.SEEMS_DEFECTIVE, "defective_meter"),
    ],
)
def test_the_basis_of_the_bill_is_seen_with_the_reason_that_fits_it(
    basis: str, code: str, reason: str | None
):
    found = self_check([a_bill(basis)], None, FOUR_KW)

    assert ([one.sight for one in found], suggested_reason(found, REASONS)) == ([code], reason)


def test_every_basis_that_an_extract_may_have_says_something():
    assert set(OF_BASIS) == {basis.value for basis in BillBasis}


@pytest.mark.parametrize(
    ("load_w", "months", "ceiling"),
    [(4000, 1, 3200), (4000, 2, 6400), (500, 1, 800)],
    ids=["800 units a kilowatt", "twice as many in two months", "less than a kilowatt counts as one"],
)
def test_more_units_than_the_ceiling_are_seen(load_w: int, months: int, ceiling: int):
    supply = SelfCheckSupply(load_w)

    assert sights(a_bill(units=ceiling, months=months), supply=supply) == [SelfCheckCode.METER_READ]
    assert sights(a_bill(units=ceiling + 1, months=months), supply=supply) == [SelfCheckCode.OVER_CEILING]


def test_an_unknown_basis_shows_nothing():
    assert sights(a_bill("XX")) == []


def test_a_reading_and_an_average_are_both_shown():
    assert sights(a_bill("PROV"), 17000) == [SelfCheckCode.READING_BELOW_BILL, SelfCheckCode.PROVISIONAL]


def test_the_reading_is_compared_with_the_newest_bill():
    bills = [SelfCheckBill("1", "MU", 100, 50), SelfCheckBill("2", "MU", 150, 50)]

    assert self_check(bills, 140, FOUR_KW)[0].bill_no == "2"


def test_no_bill_shows_nothing():
    assert self_check([], 140, FOUR_KW) == []


def test_a_meter_below_the_bill_outweighs_the_basis():
    assert suggested_reason(self_check([a_bill("PROV")], 17000, FOUR_KW), REASONS) == "wrong_reading"


def test_a_reason_that_is_not_offered_is_not_chosen():
    assert suggested_reason([SelfCheckFinding(SelfCheckCode.ASSESSED, "1")], ("other",)) is None
