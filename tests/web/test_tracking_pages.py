"""Tracking without login: one answer for wrong numbers and wrong digits, and nothing personal on the page."""

import re
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import MOBILE, Household
from tests.fixtures.complaint_handling import NUMBER, path_of, resolve, rows, the_request
from tests.fixtures.consumer_session import lodge
from tests.fixtures.pages import Page
from tests.fixtures.registration_pages import without_what_changes
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import Connection, Consumer, Event, ServiceRequest

NO_SUCH = complaint_no_from(1_000_000_955)
PERSONAL = ("Pooja", "Kumarpur", "258534", "7950761921", "101000009213", MOBILE, "750", "UP32550680")


@pytest.fixture
def anonymous_visitor(complainant: Household, visitor: Visitor) -> Visitor:
    """Return an anonymous visitor, reading English."""
    visitor.client.set_cookie("wss_language", "en")
    return visitor


def look(visitor: Visitor, complaint_no: str = NUMBER, last4: str = MOBILE[-4:]) -> Page:
    return visitor.fill("/track", complaint_no=complaint_no, mobile_last4=last4)


def wrong() -> str:
    return f"{(int(MOBILE[-4:]) + 1) % 10_000:04}"


def test_number_and_digits_show_status_dates_and_office(anonymous_visitor: Visitor):
    resolve()

    page = look(anonymous_visitor)

    assert page.status == 200
    assert "Resolved" in page.text and "24-11-2026" in page.text and "Billing clerk" in page.text


def test_spaces_and_devanagari_digits_are_read(anonymous_visitor: Visitor):
    devanagari = str.maketrans("0123456789", "०१२३४५६७८९")

    page = look(
        anonymous_visitor, f"{NUMBER[:3]} {NUMBER[3:7]} {NUMBER[7:]}", MOBILE[-4:].translate(devanagari)
    )

    assert page.status == 200


def test_nothing_personal_is_on_the_page(anonymous_visitor: Visitor):
    resolve()
    with transaction() as session:
        session.execute(sa.update(Event).values(remark="Pooja of Kumarpur, call me"))

    page = look(anonymous_visitor)

    main = page.html[page.html.index("<section") :]
    assert [word for word in PERSONAL if word in main] == []


def test_a_wrong_number_and_wrong_digits_are_one_answer(anonymous_visitor: Visitor):
    of_number = look(anonymous_visitor, NO_SUCH, "1234")
    of_digits = look(anonymous_visitor, NUMBER, wrong())

    assert of_number.status == of_digits.status == 422
    assert without_what_changes(of_number, NO_SUCH, "1234") == without_what_changes(
        of_digits, NUMBER, wrong()
    )


def test_the_sixth_miss_waits_for_either_alike(anonymous_visitor: Visitor):
    misses = [look(anonymous_visitor, number, wrong()) for number in (NUMBER, NO_SUCH) for _ in range(6)]

    assert [page.status for page in misses] == [422] * 5 + [429] + [422] * 5 + [429]
    assert {page.headers.get("Retry-After") for page in (misses[5], misses[11])} == {"3600"}
    assert without_what_changes(misses[5], NUMBER) == without_what_changes(misses[11], NO_SUCH)


def test_after_five_misses_the_right_digits_wait_too(anonymous_visitor: Visitor):
    for _ in range(5):
        look(anonymous_visitor, last4=wrong())

    assert look(anonymous_visitor).status == 429


def test_looking_often_at_ones_own_is_no_miss(anonymous_visitor: Visitor):
    assert [look(anonymous_visitor).status for _ in range(12)] == [200] * 12


def test_an_address_has_so_many_misses_an_hour(anonymous_visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(ALLOWANCES, Limit.TRACK_ADDRESS, replace(ALLOWANCES[Limit.TRACK_ADDRESS], times=3))
    for number in range(3):
        look(anonymous_visitor, complaint_no_from(1_000_001_000 + number), "1234")

    assert look(anonymous_visitor).status == 429


def test_a_typing_error_is_reported_at_once_and_counts_nothing(anonymous_visitor: Visitor):
    mistyped = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)

    pages = [look(anonymous_visitor, mistyped) for _ in range(7)]

    assert {page.status for page in pages} == {422}
    assert "Check the complaint number" in pages[-1].text
    assert look(anonymous_visitor).status == 200


@pytest.mark.parametrize(("verified", "digits"), [("9876501234", "1234"), (None, MOBILE[-4:])])
def test_the_verified_mobile_counts_else_the_one_on_record(
    anonymous_visitor: Visitor, verified: str | None, digits: str
):
    with transaction() as session:
        session.execute(sa.update(Consumer).values(mobile=verified))

    assert look(anonymous_visitor, last4=digits).status == 200


def test_the_record_does_not_count_if_there_is_a_verified_mobile(anonymous_visitor: Visitor):
    with transaction() as session:
        session.execute(sa.update(Connection).values(mobile_on_record="9876501234"))

    assert look(anonymous_visitor, last4="1234").status == 422


def test_without_any_mobile_nothing_is_shown(anonymous_visitor: Visitor):
    with transaction() as session:
        session.execute(sa.update(Consumer).values(mobile=None))
        session.execute(sa.update(Connection).values(mobile_on_record=None))

    assert [look(anonymous_visitor, last4=last4).status for last4 in ("----", "0000", "")] == [422] * 3


def test_the_home_page_leads_to_the_status(anonymous_visitor: Visitor):
    page = anonymous_visitor.fill("/", complaint_no=NUMBER, mobile_last4=MOBILE[-4:])

    assert page.status == 200 and "Track a complaint" in page.title


def short_link(consumer_visitor: Visitor, family: Household) -> str:
    lodge(consumer_visitor, family)
    return path_of("request_registered")


def test_the_short_link_of_the_sms_shows_the_status(
    consumer_visitor: Visitor, family: Household, another_visitor: Visitor
):
    path = short_link(consumer_visitor, family)

    page = another_visitor.get(path)

    assert re.fullmatch(r"/t/[A-Z2-7]{10}", path)
    assert page.status == 200 and "दर्ज हुई" in page.text
    assert [form.action for form in page.forms if "/t/" in form.action or "actions" in form.action] == []


def test_the_short_link_can_do_nothing(
    app: Any, consumer_visitor: Visitor, family: Household, another_visitor: Visitor
):
    code = short_link(consumer_visitor, family).rpartition("/")[2]

    [rule] = [rule for rule in app.url_map.iter_rules() if rule.endpoint == "tracking.by_link"]

    assert "POST" not in (rule.methods or ())
    assert another_visitor.get(f"/confirm/{code}").status == 404


def test_wrong_codes_are_limited_by_address(anonymous_visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(ALLOWANCES, Limit.TRACK_ADDRESS, replace(ALLOWANCES[Limit.TRACK_ADDRESS], times=3))

    pages = [anonymous_visitor.get(f"/t/AAAAAAAAA{last}") for last in "ABCD"]

    assert [page.status for page in pages] == [404] * 3 + [429]


def link() -> str:
    return path_of("resolved")


def test_the_confirming_link_asks_and_looking_changes_nothing(anonymous_visitor: Visitor):
    resolve()

    pages = [anonymous_visitor.get(link()) for _ in range(10)]

    assert {page.status for page in pages} == {200}
    assert "Do you agree with this decision?" in pages[0].text
    # The person who is asked to agree reads the decision: the amount, and no other data of the consumer.
    assert [word for word in PERSONAL if word in pages[0].html] == ["750"]
    assert the_request().status == "resolved"


def test_the_confirming_link_works_signed_out_and_once(anonymous_visitor: Visitor):
    resolve()
    path = link()
    open_page = anonymous_visitor.get(path)

    first = anonymous_visitor.send(open_page, path, form=path, action="confirm")
    second = anonymous_visitor.send(open_page, path, form=path, action="confirm")

    assert (first.status, first.location) == (303, "/confirmed?now=confirmed")
    assert second.status == 404 and "This link has expired" in second.text
    assert the_request().closing == "confirmed"


def test_refusing_by_link_needs_a_reason_and_keeps_the_link(anonymous_visitor: Visitor):
    resolve()

    refused = anonymous_visitor.fill(link(), form=link(), action="refuse")
    answered = anonymous_visitor.fill(link(), form=link(), action="refuse", remark="Still wrong.")

    assert refused.status == 422 and "Tell us what is not right" in refused.text
    assert answered.location == "/confirmed?now=reopened"
    assert rows(Event)[-1].remark == "Still wrong."


def test_after_the_last_reopening_no_other_one_is_offered(anonymous_visitor: Visitor):
    resolve()
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(reopened_times=2))
    open_page = anonymous_visitor.get(link())

    answered = anonymous_visitor.send(open_page, link(), form=link(), action="confirm")

    assert answered.location == "/confirmed?now=final"
    assert "It cannot be reopened again." in anonymous_visitor.get(answered.location).text


@pytest.mark.parametrize("now", ["confirmed", "final", "reopened", "disputed", "<b>"])
def test_what_came_of_the_answer_is_said(anonymous_visitor: Visitor, now: str):
    page = anonymous_visitor.get(f"/confirmed?now={now}")

    assert page.status == 200 and "<b>complaint" not in page.html
