"""Leaving a phone that is not one's own, and sending a status on: what stays behind, and what is sent."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories import MOBILE, Household, a_service_request
from tests.fixtures.complaint_handling import NUMBER
from tests.fixtures.consumer_session import lodge
from tests.fixtures.registration import rows
from tests.fixtures.site import Visitor
from wss.models import SignedIn


def finish(visitor: Visitor, page: str = "/account/settings") -> None:
    visitor.client.set_cookie("wss_phone", "sealed")
    visitor.send(visitor.get(page), at=page, form="/finish")


def test_finishing_ends_the_session_and_deletes_the_cookies_of_the_person(consumer_visitor: Visitor):
    finish(consumer_visitor)

    assert rows(SignedIn) == []
    assert {"wss", "wss_phone"} & set(consumer_visitor.cookies()) == set()
    assert consumer_visitor.cookies()["wss_language"] == "en"


def test_finishing_has_the_browser_clear_its_storage(consumer_visitor: Visitor):
    answer = consumer_visitor.send(
        consumer_visitor.get("/account/settings"), at="/account/settings", form="/finish"
    )

    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert "Next person" in consumer_visitor.get(answer.location).text


def test_a_phone_is_called_clear_only_once_it_is(consumer_visitor: Visitor):
    before = consumer_visitor.get("/finish").title
    finish(consumer_visitor)
    consumer_visitor.client.set_cookie("wss_phone", "sealed")

    assert "This phone is clear" not in before + consumer_visitor.get("/finish").title


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("page", ["/requests/{}/registered", "/requests/{}"])
def test_a_shared_status_has_number_day_and_a_link_that_shows_it(
    consumer_visitor: Visitor, another_visitor: Visitor, family: Household, page: str
):
    number = lodge(consumer_visitor, family)

    [address] = [link for link in consumer_visitor.get(page.format(number)).links if "wa.me" in link]

    [text] = parse_qs(urlsplit(address).query)["text"]
    assert f"{number[:3]} {number[3:7]} {number[7:]}" in text and "24-11-2026" in text
    assert [word for word in ("Pooja", MOBILE, family.account_no) if word in text] == []
    link = urlsplit(text.split()[-1]).path
    assert link.startswith("/t/") and another_visitor.get(link).status == 200


def test_a_request_whose_link_only_its_message_has_shares_the_page_that_asks_for_its_number(
    consumer_visitor: Visitor, family: Household
):
    a_service_request(family, NUMBER)

    [address] = [link for link in consumer_visitor.get(f"/requests/{NUMBER}").links if "wa.me" in link]

    assert parse_qs(urlsplit(address).query)["text"][0].endswith("/track")
