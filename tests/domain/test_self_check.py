"""The comparison of bill and meter before a complaint is sent."""

import pytest

from wss.domain.self_check import Billed, Sight, self_check


def a_bill(basis: str = "MU", reading: int = 17688, units: int = 100) -> Billed:
    return Billed("1", basis, reading, units)


def sights(bill: Billed, reading: int | None = None, load_w: int = 4000) -> list[Sight]:
    return [seen.sight for seen in self_check([bill], reading, load_w)]


def test_a_meter_below_the_bill_is_seen_with_the_difference():
    [seen] = self_check([a_bill()], 17246, 4000)

    assert (seen.sight, seen.billed, seen.units) == (Sight.READING_BELOW_BILL, 17688, 442)


def test_a_meter_above_the_bill_says_how_much_came_since():
    [seen] = self_check([a_bill()], 17700, 4000)

    assert (seen.sight, seen.units) == (Sight.READING_ABOVE_BILL, 12)


@pytest.mark.parametrize(
    ("basis", "sight"),
    [
        ("PROV", Sight.NOT_READ),
        ("NR", Sight.NOT_READ),
        ("IDF", Sight.DEFECTIVE),
        ("RDF", Sight.DEFECTIVE),
        ("CDF", Sight.OVER_CEILING),
    ],
)
def test_the_basis_of_the_bill_is_seen(basis: str, sight: Sight):
    assert sights(a_bill(basis)) == [sight]


@pytest.mark.parametrize(("units", "expected"), [(3200, []), (3201, [Sight.OVER_CEILING])])
def test_more_than_eight_hundred_units_for_a_kilowatt_are_over_the_ceiling(units: int, expected: list[Sight]):
    assert sights(a_bill(units=units)) == expected


def test_an_ordinary_bill_without_a_reading_shows_nothing():
    assert sights(a_bill()) == []


def test_the_reading_is_compared_with_the_newest_bill():
    bills = [Billed("1", "MU", 100, 50), Billed("2", "MU", 150, 50)]

    assert self_check(bills, 140, 4000)[0].bill_no == "2"
