"""The pages of a call by 1912 that a consumer asks for: asking, its state, the desk's list, the employee's call."""

import pytest

from tests.factories import MOBILE, Household, a_service_request, sign_in, sign_in_staff, update_rows
from tests.fixtures.complaint_handling import NUMBER
from tests.fixtures.pages import Page
from tests.fixtures.registration import rows
from tests.fixtures.site import Visitor
from wss.models import CallBack, Consumer

PAGE = "/account/call-back"
TIMELINE = f"/requests/{NUMBER}"


@pytest.fixture
def asker(visitor: Visitor, home_on_record: Household) -> Visitor:
    """Provide the household's consumer with a complaint, logged in, reading English."""
    a_service_request(home_on_record, NUMBER)
    sign_in(visitor, home_on_record.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return visitor


@pytest.fixture
def desk(another_visitor: Visitor) -> Visitor:
    """Provide an employee of the help desk, reading English."""
    sign_in_staff(another_visitor, "H1")
    another_visitor.client.set_cookie("wss_language", "en")
    return another_visitor


def send(visitor: Visitor, page: str, action: str, at: str = "", **typed: str) -> Page:
    token = visitor.get(page).form(having="csrf_token").fields["csrf_token"][0]
    return visitor.post(at or page, {"csrf_token": token, "action": action, **typed})


def ask(asker: Visitor) -> str:
    """Ask on the timeline, and return the text of the page that follows."""
    return asker.get(send(asker, TIMELINE, "call_back", f"{TIMELINE}/actions").location).text


def test_one_press_on_the_timeline_asks_for_a_call_about_it(asker: Visitor):
    page = ask(asker)

    [wish] = rows(CallBack)
    assert wish.complaint_no == NUMBER
    assert "You asked for a call on 24-11-2026, 15:30" in page
    assert " ".join(wish.code) in page and MOBILE not in page


@pytest.mark.parametrize("page", [TIMELINE, f"{TIMELINE}/registered"])
def test_afterwards_the_pages_of_the_complaint_say_so(asker: Visitor, page: str):
    ask(asker)

    assert "1912 will call you. You asked on 24-11-2026, 15:30." in asker.get(page).text


def test_without_a_reason_the_form_says_what_is_missing(asker: Visitor, home_on_record: Household):
    page = send(asker, PAGE, "", account_no=home_on_record.account_no)

    assert (page.status, "Choose what the call is about" in page.text) == (422, True)


def test_a_cancelled_call_is_said_to_be_cancelled(asker: Visitor):
    ask(asker)

    send(asker, PAGE, "cancel")

    assert "You cancelled the call" in asker.get(PAGE).text


def test_beyond_the_calls_of_a_day_the_page_says_when_to_ask_again(asker: Visitor):
    for _ in range(3):
        ask(asker)
        send(asker, PAGE, "cancel")

    page = send(asker, TIMELINE, "call_back", f"{TIMELINE}/actions")

    assert (page.status, "Ask again in 24 hours" in page.text) == (429, True)


def test_without_a_verified_mobile_no_call_is_offered(asker: Visitor):
    update_rows(Consumer, mobile=None)

    assert "Ask 1912 to call me" not in asker.get(TIMELINE).text
    assert "only a mobile that you have confirmed" in asker.get(PAGE).text


def test_the_desk_lists_the_call_masked_and_the_call_has_the_number(asker: Visitor, desk: Visitor):
    ask(asker)
    listed = desk.get("/helpdesk")

    call = desk.get(desk.send(listed, at="/helpdesk", form="/helpdesk/call-backs/1/take").location)

    assert (
        f"Status of a complaint, {NUMBER[:3]} {NUMBER[3:7]} {NUMBER[7:]}" in listed.text
        and MOBILE not in listed.html
    )
    assert f"Dial: {MOBILE}" in call.text and "\u00a0".join(rows(CallBack)[0].code) in call.html


def test_who_is_second_hears_that_the_call_is_taken(asker: Visitor, desk: Visitor):
    ask(asker)
    listed = desk.get("/helpdesk")
    send(asker, PAGE, "cancel")

    refused = desk.send(listed, at="/helpdesk", form="/helpdesk/call-backs/1/take")

    assert (refused.status, "A colleague has taken this call" in refused.text) == (409, True)


def test_a_miss_ends_the_call_and_the_consumer_reads_of_it(asker: Visitor, desk: Visitor):
    ask(asker)
    call = desk.send(desk.get("/helpdesk"), at="/helpdesk", form="/helpdesk/call-backs/1/take").location

    missed = send(desk, call, "call_back", answer="missed").location

    assert "comes back to the list in 30 minutes" in desk.get(missed).text
    assert (
        "We called 1 time and did not reach you. The next attempt is from 16:00 on." in asker.get(PAGE).text
    )


def test_once_reached_the_call_goes_on(asker: Visitor, desk: Visitor):
    ask(asker)
    call = desk.send(desk.get("/helpdesk"), at="/helpdesk", form="/helpdesk/call-backs/1/take").location

    page = desk.get(send(desk, call, "call_back", answer="reached").location)

    assert "Recorded: reached" in page.text and "Dial:" not in page.text
    assert "1912 reached you on 24-11-2026" in asker.get(PAGE).text


def test_the_supervisor_sees_how_long_the_oldest_waits(asker: Visitor, another_visitor: Visitor):
    ask(asker)
    sign_in_staff(another_visitor, "V1")
    another_visitor.client.set_cookie("wss_language", "en")

    page = another_visitor.get("/helpdesk/supervisor").text

    assert "Waiting now: 1, the oldest since 24-11-2026, 15:30" in page
