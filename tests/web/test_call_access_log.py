"""The consumer's log of the help desk's actions on a call: post, office, reason and time; never the employee."""

import re

import pytest

from tests.factories import Household, sign_in
from tests.fixtures.helpdesk_calls import HELPDESK, SUPERVISOR, agreed, drafted, opened, otp_of, wrong
from tests.fixtures.registration import messages, values_of
from tests.fixtures.site import Visitor
from wss.services.calls.caller_links import send_documents_link, start_mobile_change
from wss.services.calls.submission import register_for_caller
from wss.services.calls.verification import CallerProof, send_otp, verify
from wss.services.requests.disputes import cancel, dispute

ACCESS = "/account/access"
REASONS = {
    "bill": "A call about a bill",
    "status": "A call about the status of a complaint",
    "registration": "A call about registering on the website",
    "mobile": "A call about the mobile number",
    "other": "A call about something else",
}


@pytest.fixture
def home(home_on_record: Household) -> Household:
    """Return a registered household that calls are about, and the help desk."""
    return home_on_record


@pytest.fixture
def consumer(visitor: Visitor, home: Household) -> Visitor:
    """Return the household's consumer, logged in, reading English."""
    sign_in(visitor, home.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return visitor


def lodged(home: Household) -> tuple[int, str]:
    """Lodge a request on a call; return the call's id and the complaint number."""
    call_id = agreed(home)
    return call_id, register_for_caller(HELPDESK, call_id, drafted(home, call_id))


@pytest.mark.parametrize("reason", REASONS)
def test_an_opened_record_is_listed_with_post_office_reason_and_time(
    consumer: Visitor, home: Household, reason: str
):
    opened(home, reason=reason)

    page = consumer.get(ACCESS)

    for words in ("24-11-2026", "Helpdesk 1912", "Office PVVNL", "Opened", REASONS[reason]):
        assert words in page.text


def test_a_complaint_found_by_its_number_is_listed_too(consumer: Visitor, home: Household):
    _call, number = lodged(home)
    opened(home, q=number, reason="status")

    page = consumer.get(ACCESS)

    assert f"Complaint number {number[:3]} {number[3:7]} {number[7:]}" in page.text


def test_the_employee_on_the_call_is_never_shown(consumer: Visitor, home: Household):
    lodged(home)

    for address in (ACCESS, "/account"):
        assert not re.search(r"\bH1\b", consumer.get(address).text)


def test_every_action_on_calls_is_described_in_words(consumer: Visitor, home: Household):
    call_id, number = lodged(home)
    send_documents_link(HELPDESK, call_id, number)
    start_mobile_change(HELPDESK, call_id)
    path = values_of(messages("request_registered_1912")[-1])["dispute_path"]
    dispute(path.rpartition("/")[2], "")
    cancel(SUPERVISOR, number, "Nobody had called.")

    text = consumer.get(ACCESS).text

    for words in (
        "The caller was verified",
        "The caller agreed to register it in your name",
        "Registered a complaint or request",
        "Link for sending documents sent by SMS",
        "Link for changing the mobile number sent by SMS",
        "Helpdesk supervisor",
        "Closed: you did not ask for it",
    ):
        assert words in text
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", text) == []


def test_a_closed_call_is_listed(consumer: Visitor, home: Household):
    call_id = opened(home)
    send_otp(HELPDESK, call_id)
    for _ in range(3):
        verify(HELPDESK, call_id, CallerProof(otp=wrong(otp_of("call_otp"))))

    assert "Call closed: the caller could not be verified" in consumer.get(ACCESS).text


def test_the_timeline_says_who_had_called(consumer: Visitor, home: Household):
    _call, number = lodged(home)

    page = consumer.get(f"/requests/{number}")

    assert "By phone through 1912. Caller: someone in your family." in page.text


def test_the_timeline_shows_what_the_supervisor_found_out(consumer: Visitor, home: Household):
    _call, number = lodged(home)
    path = values_of(messages("request_registered_1912")[-1])["dispute_path"]
    dispute(path.rpartition("/")[2], "I never called.")
    cancel(SUPERVISOR, number, "Nobody at your place had called.")

    text = consumer.get(f"/requests/{number}").text

    assert "I never called." in text and "Nobody at your place had called." in text


def test_while_it_is_disputed_both_pages_say_that_it_is_stopped(
    consumer: Visitor, another_visitor: Visitor, home: Household
):
    _call, number = lodged(home)
    values = values_of(messages("request_registered_1912")[-1])
    dispute(values["dispute_path"].rpartition("/")[2], "")

    for page in (consumer.get(f"/requests/{number}"), another_visitor.get(f"{values['track_path']}?lang=en")):
        assert "on hold" in page.text and "The helpdesk is finding out who registered it" in page.text
        assert "The office will look at it" not in page.text
