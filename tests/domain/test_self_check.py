"""The comparison of bill and meter before a complaint is lodged."""

from datetime import date

import pytest

from wss.domain.consumption import MonthlyUnits
from wss.domain.extracts.billing import BillBasis
from wss.domain.self_check import (
    OF_BASIS,
    LastReading,
    SelfCheckBill,
    SelfCheckCode,
    SelfCheckFinding,
    SelfCheckSupply,
    last_reading,
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


def a_month(month: int, basis: str, units: int, reading: int = 2420) -> MonthlyUnits:
    day = date(2026, month, 1)
    return MonthlyUnits(str(month), f"2026-{month:02}", day, day.replace(day=30), reading, units, basis)


HISTORY = [a_month(8, "MU", 150), a_month(9, "PROV", 190), a_month(10, "PROV", 199)]
AUGUST = LastReading("2026-08", 2420, 3, ("2026-09", "2026-10"), 389)


@pytest.mark.parametrize(
    ("used", "disputed", "expected"),
    [
        (HISTORY, "2026-10", AUGUST),
        (HISTORY, "2026-09", AUGUST),
        (HISTORY[1:], "2026-10", None),
        ([*HISTORY, a_month(11, "MU", 9)], "2026-10", None),
    ],
    ids=["known", "also for an earlier bill", "never read", "read after the disputed bill"],
)
def test_the_last_actual_reading_is_found(
    used: list[MonthlyUnits], disputed: str, expected: LastReading | None
):
    assert last_reading(used, disputed, date(2026, 11, 30)) == expected


def test_bills_after_the_reading_do_not_count():
    assert last_reading([*HISTORY, a_month(12, "MU", 9)], "2026-10", date(2026, 11, 30)) == AUGUST


@pytest.mark.parametrize(
    ("reading", "code", "units"),
    [
        (2500, SelfCheckCode.MOVED_SINCE_READING, 80),
        (2420, SelfCheckCode.MOVED_SINCE_READING, 0),
        (2419, SelfCheckCode.READING_DOUBTFUL, 0),
        (2420 + 3 * 3 * 3200, SelfCheckCode.MOVED_SINCE_READING, 28_800),
        (2420 + 3 * 3 * 3200 + 1, SelfCheckCode.READING_DOUBTFUL, 0),
    ],
    ids=["moved", "not moved", "below", "much for the load", "too much for the load"],
)
def test_an_average_bill_is_compared_with_the_last_actual_reading(reading: int, code: str, units: int):
    found = self_check([a_bill("PROV", 2420)], reading, FOUR_KW, AUGUST)

    assert [one.sight for one in found] == [code, SelfCheckCode.PROVISIONAL]
    assert (found[0].billed, found[0].units) == (2420, units)


@pytest.mark.parametrize("basis", ["PROV", "UM"])
def test_without_a_known_reading_a_bill_that_was_not_read_is_not_compared(basis: str):
    assert sights(a_bill(basis), 17000) == [OF_BASIS[basis]]


def test_a_reading_far_above_a_read_bill_is_doubtful():
    found = self_check([a_bill(reading=2420)], 99_999, FOUR_KW, AUGUST)

    assert [one.sight for one in found] == [SelfCheckCode.READING_DOUBTFUL]


def test_the_reading_is_compared_with_the_newest_bill():
    bills = [SelfCheckBill("1", "MU", 100, 50), SelfCheckBill("2", "MU", 150, 50)]

    assert self_check(bills, 140, FOUR_KW)[0].bill_no == "2"


def test_no_bill_shows_nothing():
    assert self_check([], 140, FOUR_KW) == []


def test_a_meter_below_the_bill_suggests_a_wrong_reading():
    assert suggested_reason(self_check([a_bill()], 17000, FOUR_KW), REASONS) == "wrong_reading"


def test_a_bill_by_average_suggests_that_no_reading_was_taken():
    assert suggested_reason(self_check([a_bill("PROV")], 17000, FOUR_KW), REASONS) == "reading_not_taken"


def test_a_reason_that_is_not_offered_is_not_chosen():
    assert suggested_reason([SelfCheckFinding(SelfCheckCode.ASSESSED, "1")], ("other",)) is None
