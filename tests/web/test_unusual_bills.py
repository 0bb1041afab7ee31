"""A bill far above the usual on the consumer's first pages, with the button to dispute it."""

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_connection, a_service_request, an_ownership, given
from tests.fixtures.high_bill import make_high
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.db import database

WORDS = "Bill for October 2026: 8.1 times your usual (about 100 units a month)."


def addresses(family: Household) -> list[str]:
    own = f"/account/{family.account_no}"
    return ["/account", own, f"{own}/bills/{family.bill_no}"]


def pages(visitor: Visitor, family: Household) -> list[Page]:
    return [visitor.get(address) for address in addresses(family)]


def disputes(page: Page, family: Household) -> int:
    return sum(link.endswith(f"&bill_no={family.bill_no}") for link in page.links)


def test_card_connection_and_bill_say_how_often_the_usual_and_offer_the_form(
    consumer_visitor: Visitor, family: Household
):
    make_high(family)

    for page in pages(consumer_visitor, family):
        assert WORDS in page.text
        assert disputes(page, family) == 1
        assert page.root.find(".//{*}rect[@class='odd']") is not None


def test_an_ordinary_bill_says_it_in_few_words_or_not_at_all(consumer_visitor: Visitor, family: Household):
    card, connection, bill = pages(consumer_visitor, family)

    assert not any("your usual" in page.text for page in (card, connection, bill))
    make_high(family)
    usual = consumer_visitor.get(f"/account/{family.account_no}/bills/{family.bills[0].bill_no}")
    assert "(your usual: about 100 a month)" in usual.text
    assert "times your usual" not in usual.text


def test_a_bill_in_a_complaint_is_not_offered_again(consumer_visitor: Visitor, family: Household):
    make_high(family)
    a_service_request(family)

    for page in pages(consumer_visitor, family):
        assert WORDS in page.text
        assert disputes(page, family) == 0


def test_all_connections_cost_one_statement(consumer_visitor: Visitor, family: Household):
    make_high(family)
    given(a_connection("7950761939"))
    given(an_ownership(family.consumer, "7950761939"))  # type: ignore[arg-type]
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(database().engine, "before_cursor_execute", count)
    try:
        page = consumer_visitor.get("/account")
    finally:
        sa.event.remove(database().engine, "before_cursor_execute", count)

    assert page.text.count("times your usual") == 1
    assert sum("row_number()" in statement for statement in seen) == 1


@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_pages_stay_small(consumer_visitor: Visitor, family: Household, language: str):
    make_high(family)
    consumer_visitor.client.set_cookie("wss_language", language)
    consumer_visitor.get("/account")

    for address in addresses(family):
        answer = consumer_visitor.client.get(address, headers={"Accept-Encoding": "gzip"})
        assert len(answer.data) + len(str(answer.headers)) <= 5_000
