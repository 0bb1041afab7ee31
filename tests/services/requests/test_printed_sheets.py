"""Printed sheets of a consumer: a limit per hour, one at a time, and none rendered twice in a row."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.factories import a_household, sign_in
from tests.fixtures.site import Visitor
from wss.domain.actor import Actor, Role
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.domain.uploads import UploadRefused
from wss.services.requests import printed_sheets
from wss.services.requests.printed_sheets import PLACES, print_sheet
from wss.services.shared.kept_bytes import ByteCache

CONSUMER = Actor(Role.CONSUMER, "7")


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test find a sheet that another one has printed in this process."""
    monkeypatch.setattr(printed_sheets, "_kept", ByteCache(printed_sheets.KEPT_SHEETS))


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    narrow = replace(ALLOWANCES[Limit.PRINTED_SHEETS], times=2)
    monkeypatch.setitem(ALLOWANCES, Limit.PRINTED_SHEETS, narrow)
    return lambda words: words.encode()


def test_beyond_an_hours_sheets_none_is_drawn_for_this_consumer(database, draw):
    printed = [print_sheet(CONSUMER, draw, words) for words in "abc"]

    assert [sheet.content for sheet in printed] == [b"a", b"b", b""]
    assert printed[-1].retry_after > 0


def test_the_same_words_are_drawn_and_counted_once(database, draw):
    printed = [print_sheet(CONSUMER, draw, "a") for _ in range(3)]

    assert [sheet.content for sheet in printed] == [b"a"] * 3


def test_while_one_is_drawn_and_one_waits_a_third_of_the_same_consumer_is_refused(
    database, draw, monkeypatch
):
    monkeypatch.setattr(PLACES, "_waiting", ["consumer 7"])
    with PLACES.taken("consumer 7"), pytest.raises(UploadRefused):
        print_sheet(CONSUMER, draw, "a")


def test_of_what_is_kept_the_oldest_goes():
    kept = ByteCache(2)
    for words in "abc":
        kept.keep(words, words.encode())

    assert [kept.find(words) for words in "abc"] == [None, b"b", b"c"]


def test_who_has_printed_too_much_reads_when_to_come_again(visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    household = a_household()
    sign_in(visitor, household.consumer)
    one_left = replace(ALLOWANCES[Limit.PRINTED_SHEETS], times=1)
    monkeypatch.setitem(ALLOWANCES, Limit.PRINTED_SHEETS, one_left)

    pages = [
        visitor.get(f"/account/{household.account_no}/bills/{bill.bill_no}.pdf") for bill in household.bills
    ]

    assert [page.status for page in pages] == [200, 429, 429]
    assert "Retry-After" in pages[-1].headers and "60 मिनट" in pages[-1].text
