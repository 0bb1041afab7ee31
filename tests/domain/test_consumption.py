"""Consumption: which readings are real, and which month is far above the others."""

from datetime import date

import pytest

from wss.domain.consumption import MonthlyUnits, UnitsBasis, peaks, recent_peak, times_usual


def a_month(number: int, units: int, basis: str = "MU", last: date | None = None) -> MonthlyUnits:
    first = date(2026, number, 1)
    return MonthlyUnits(
        f"B{number}", f"2026-{number:02}", first, last or date(2026, number, 28), 1000, units, basis
    )


@pytest.mark.parametrize(
    ("basis", "kind"),
    [
        ("MU", UnitsBasis.READING),
        ("MIN", UnitsBasis.READING),
        ("CEIL", UnitsBasis.READING),
        ("CDF", UnitsBasis.READING),
        ("UM", UnitsBasis.LOAD),
        *[(basis, UnitsBasis.AVERAGE) for basis in ("ASS", "NA", "NR", "PROV", "IDF", "RDF", "ADF")],
    ],
)
def test_every_basis_is_of_a_kind(basis: str, kind: UnitsBasis):
    assert a_month(1, 100, basis).units_basis is kind


def test_a_month_far_above_the_others_says_how_many_times_the_usual():
    used = [a_month(1, 220), a_month(2, 224), a_month(3, 230), a_month(4, 808)]

    [peak] = peaks(used)

    assert (peak.used.bill_month, peak.usual, peak.tenths) == ("2026-04", 224, 36)


def test_every_bill_is_so_many_times_the_usual_of_the_others():
    used = [a_month(1, 100), a_month(2, 100), a_month(3, 110), a_month(4, 130), a_month(5, 1790)]

    assert [times_usual(used, f"B{number}") for number in (4, 5)] == [12, 170]
    assert times_usual(used[1:4], "B4") is None
    assert times_usual(used, "OTHER") is None


def test_twice_the_usual_is_marked_and_a_little_less_is_not():
    others = [a_month(month, 100) for month in (1, 2, 3)]

    assert [peak.tenths for peak in peaks([*others, a_month(4, 200)])] == [20]
    assert peaks([*others, a_month(4, 199)]) == []


@pytest.mark.parametrize(
    "months",
    [
        [],
        [a_month(1, 100), a_month(2, 100), a_month(3, 900)],
        [a_month(1, 100), *[a_month(month, 10, "PROV") for month in (2, 3, 4)], a_month(5, 110)],
        [*[a_month(month, 100) for month in (1, 2, 3)], a_month(4, 300, last=date(2026, 6, 30))],
        [*[a_month(month, 0) for month in (1, 2, 3)], a_month(4, 5)],
    ],
    ids=["no bill", "too few months", "averages do not count", "a bill over three months", "an empty home"],
)
def test_such_months_have_no_peak(months: list[MonthlyUnits]):
    assert peaks(months) == []


def test_only_one_of_the_last_three_bills_is_pointed_out():
    used = [a_month(month, 100) for month in range(1, 8)]
    old, new = a_month(4, 900), a_month(6, 500)

    assert recent_peak([*used[:3], old, *used[4:]]) is None
    peak = recent_peak([*used[:3], old, used[4], new, used[6]])
    assert peak is not None and peak.used is new
