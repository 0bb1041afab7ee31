"""The made-up connections and bills: the same for the same seed, and valid rows of their extracts."""

import dataclasses
from datetime import date
from itertools import islice

from wss.demo.demo_size import DEMO_LOGINS
from wss.demo.synthetic import SyntheticWorld, account_no, bills, connection, last_billed_month
from wss.domain.extracts import EXTRACTS, KnownValues, row_rule
from wss.domain.tariff import Component, Rate

CATEGORIES = ("LMV-1U", "LMV-1R", "LMV-2", "LMV-6")
RATES = [
    Rate(category, date(2023, 6, 1), component, 100) for category in CATEGORIES for component in Component
]
WORLD = SyntheticWorld(1, ("A-S1", "A-S2"), RATES, date(2026, 11, 24), date(2026, 10, 1))
KNOWN = KnownValues({"subdivision": {"A-S1", "A-S2"}, "category": set(CATEGORIES)})


def test_the_same_seed_makes_the_same_rows():
    assert connection(WORLD, 17) == connection(dataclasses.replace(WORLD), 17)


def test_another_seed_makes_other_accounts():
    assert account_no(WORLD, 17) != account_no(dataclasses.replace(WORLD, seed=2), 17)


def test_every_row_is_good():
    check_connection, check_bill = (row_rule(EXTRACTS[table], KNOWN) for table in ("connections", "bills"))

    for index in range(300):
        row = connection(WORLD, index)
        assert check_connection(row)[1] == ()
        for bill in bills(WORLD, index, row):
            assert check_bill(bill)[1] == ()


def test_no_number_comes_twice():
    accounts = [account_no(WORLD, index) for index in range(20_000)]
    numbers = [bill[0] for index in range(50) for bill in bills(WORLD, index, connection(WORLD, index))]

    assert len(set(accounts)) == len(accounts)
    assert len(set(numbers)) == len(numbers) == 600


def test_urban_accounts_have_ten_digits_and_rural_ones_twelve():
    rows = [connection(WORLD, index) for index in range(40)]

    assert {(row[1], len(row[0])) for row in rows} == {("urban", 10), ("rural", 12)}


def test_the_connections_to_sign_in_with_have_a_mobile_and_a_bill_worth_disputing():
    for index in range(DEMO_LOGINS):
        row = connection(WORLD, index)
        assert row[6]
        assert [bill[9] for bill in islice(bills(WORLD, index, row), 10, None)] == ["PROV", "NR"]


def test_nothing_is_paid_in_the_future():
    for index in range(200):
        for bill in bills(WORLD, index, connection(WORLD, index)):
            assert bill[19] <= WORLD.today.isoformat()


def test_bills_reach_up_to_last_month_once_they_are_out():
    assert last_billed_month(date(2026, 11, 24)) == date(2026, 10, 1)
    assert last_billed_month(date(2026, 11, 3)) == date(2026, 9, 1)
    assert last_billed_month(date(2027, 1, 10)) == date(2026, 12, 1)
