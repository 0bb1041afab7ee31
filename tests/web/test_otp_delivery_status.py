"""The OTP page says within half a minute that its SMS does not come, and reveals nothing."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.factories import (
    ACCOUNT_NO,
    PASSWORD,
    Household,
    a_household,
    a_message,
    an_ownership,
    given,
    sign_in,
    sign_in_staff,
)
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.helpdesk_calls import HELPDESK, opened
from tests.fixtures.pages import Page
from tests.fixtures.registration import messages
from tests.fixtures.registration_pages import (
    give_details,
    name_connection,
    walk_to_otp,
)
from tests.fixtures.site import Visitor
from tests.web.test_account_enumeration import same
from wss.db import transaction
from wss.domain.delivery import DeliveryState, Urgency
from wss.services.calls.verification import send_otp

UNKNOWN, UNKNOWN_BILL = "9999999990", "101000009999"
DELIVERY_STATES: tuple[dict[str, Any], ...] = (
    {"state": DeliveryState.WAITING, "attempts": 3},
    {"state": DeliveryState.DELIVERED},
    {"state": DeliveryState.PERMANENT_FAILURE},
    {"state": DeliveryState.DEAD, "reason": "temporary_failure"},
)
NOTICE_OF = {
    "/login/otp": "sign_in_otp",
    "/forgot-password": "password_otp",
    "/update-mobile": "old_mobile_otp",
    "/register": "registration_otp",
}
# Where codes are sent to visitors who have proved nothing: the form, and the page for the code.
UNPROVED = {
    "/login/otp": "/login/otp/verify",
    "/forgot-password": "/forgot-password/verify",
    "/update-mobile": "/update-mobile/verify",
}


@pytest.fixture
def english(visitor: Visitor) -> Visitor:
    visitor.client.set_cookie("wss_language", "en")
    return visitor


@pytest.fixture
def otp_page(english: Visitor, frozen_clock: FrozenClock) -> str:
    """Return the page for the code that a consumer has asked for in order to log in."""
    home = a_household()
    return ask(english, "/login/otp", home.account_no, home.bill_no)


def ask(visitor: Visitor, way: str, account_no: str, bill_no: str) -> str:
    """Have a code sent and return the page that asks for it."""
    if way == "/register":
        name_connection(visitor, account_no)
        give_details(visitor)
        return "/register/verify"
    mobile = (
        {"mobile": "9026114477" if account_no == ACCOUNT_NO else "9026115577"}
        if way == "/update-mobile"
        else {}
    )
    visitor.fill(way, account_no=account_no, bill_no=bill_no, **mobile)
    return UNPROVED[way]


def set_delivery(notice: str, **how: Any) -> None:
    """Set the delivery status of the newest SMS of this notice."""
    message = messages(notice)[-1]
    with transaction() as session:
        kept = session.merge(message)
        for name, value in how.items():
            setattr(kept, name, value)


def heading(page: Page) -> str:
    """Return what the page says about the SMS; an empty text while its delivery is in progress."""
    note = page.find("sms").find(".//b") if page.find("sms") is not None else page.root.find(".//b")
    return "" if note is None else "".join(note.itertext())


@pytest.mark.parametrize("way", [*UNPROVED, "/register"])
def test_after_twenty_seconds_the_other_ways_are_offered(
    english: Visitor, frozen_clock: FrozenClock, way: str
):
    home = a_household(registered=way != "/register")
    address = ask(english, way, home.account_no, home.bill_no)
    before = english.get(address)
    frozen_clock.advance(seconds=20)

    after = english.get(address)

    assert heading(before) == "" and heading(after) == "No SMS yet?"
    assert "Request a new OTP" in after.text and "Call 1912" in after.text


def test_the_password_is_offered_in_place_of_a_code_that_does_not_come(
    english: Visitor, frozen_clock: FrozenClock, otp_page: str
):
    frozen_clock.advance(seconds=20)

    assert "/login" in english.get(otp_page).links


def test_undelivered_sms_are_reported_to_every_visitor(
    english: Visitor, frozen_clock: FrozenClock, otp_page: str
):
    given(a_message(due_at=frozen_clock.now - timedelta(minutes=2)))

    assert heading(english.get(otp_page)) == "SMS are arriving late at the moment"


@pytest.mark.parametrize(
    "facts",
    [
        {"channel": "email"},
        {"state": DeliveryState.SENT},
        {"urgency": Urgency.REMINDER},
        {"notice": "sign_in_otp", "urgency": Urgency.CODE},
    ],
)
def test_irrelevant_or_strangers_messages_are_no_evidence_of_an_outage(
    english: Visitor, frozen_clock: FrozenClock, facts: dict[str, Any]
):
    home = a_household()
    address = ask(english, "/login/otp", home.account_no, home.bill_no)
    given(a_message(due_at=frozen_clock.now - timedelta(hours=1), **facts))

    assert heading(english.get(address)) == ""


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"attempts": 1}, "The SMS has not been sent yet"),
        ({"state": DeliveryState.SENT}, ""),
        ({"state": DeliveryState.DELIVERED}, "The SMS was delivered at 15:30"),
        (
            {"state": DeliveryState.DEAD, "reason": "temporary_failure"},
            "The phone is switched off or without signal",
        ),
        ({"state": DeliveryState.PERMANENT_FAILURE}, "This mobile number does not exist"),
        ({"state": DeliveryState.DEAD, "reason": "refused"}, "The SMS could not be sent"),
    ],
)
def test_who_gave_both_numbers_reads_the_status_of_their_own_sms(
    english: Visitor, frozen_clock: FrozenClock, how: dict[str, Any], words: str
):
    walk_to_otp(english, a_household(registered=False))
    set_delivery("registration_otp", settled_at=frozen_clock.now, **how)

    assert heading(english.get("/register/verify")) == words


@pytest.mark.parametrize("way", ["join", "hold"])
def test_a_logged_in_consumer_reads_the_status_of_the_sms_to_the_number_on_record(
    english: Visitor, frozen_clock: FrozenClock, way: str
):
    home, second = a_household(), a_household("7950761922", registered=False)
    sign_in(english, home.consumer)
    if way == "join":
        numbers = {"account_no": second.account_no, "bill_no": second.bill_no}
        asked = english.fill("/account/connections/add", **numbers)
        english.send(asked, "/account/connections/add", password=PASSWORD)
    else:
        assert home.consumer is not None
        until = frozen_clock.now + timedelta(hours=24)
        given(an_ownership(home.consumer, second.account_no, held_until=until))
        english.fill("/held", form="/held/resend")
    set_delivery(f"{way}_otp", state=DeliveryState.PERMANENT_FAILURE, settled_at=frozen_clock.now)

    page = english.get("/account/connections/verify" if way == "join" else "/held")

    assert heading(page) == "This mobile number does not exist"


@pytest.mark.parametrize("way", [*UNPROVED, "/register"])
def test_a_stranger_sees_the_same_whether_or_not_there_is_a_connection_and_whatever_became_of_its_sms(
    app: Flask, frozen_clock: FrozenClock, way: str
):
    home = a_household(registered=way != "/register")
    one, another = Visitor(app.test_client()), Visitor(app.test_client())
    address = ask(one, way, home.account_no, home.bill_no)
    ask(another, way, UNKNOWN, UNKNOWN_BILL)

    for _ in range(3):
        for how in DELIVERY_STATES:
            set_delivery(NOTICE_OF[way], settled_at=frozen_clock.now, **how)
            for seen in ("", "?seen=coming", "?seen=missing"):
                same(*(visitor.get(address + seen, htmx=bool(seen)) for visitor in (one, another)))
        frozen_clock.advance(seconds=25)


def test_the_help_desk_reads_the_status_of_the_callers_sms(english: Visitor, home_on_record: Household):
    call_id = opened(home_on_record)
    send_otp(HELPDESK, call_id)
    sign_in_staff(english, HELPDESK.id)
    before = english.get(f"/helpdesk/calls/{call_id}").text
    set_delivery("call_otp", state=DeliveryState.DEAD, reason="temporary_failure")

    after = english.get(f"/helpdesk/calls/{call_id}").text

    assert "Check SMS status" in before
    assert "The phone is switched off or without signal" in after
    assert ("is on its way to" in before, "is on its way to" in after) == (True, False)


def test_a_page_that_has_seen_all_there_is_gets_few_bytes(english: Visitor, frozen_clock: FrozenClock):
    walk_to_otp(english, a_household(registered=False))

    page = english.get("/register/verify?seen=coming", htmx=True)

    assert page.status == 204
    assert sum(len(name) + len(value) + 4 for name, value in page.headers.items()) <= 270


def test_after_a_minute_the_page_asks_no_more_by_itself(english: Visitor, frozen_clock: FrozenClock):
    walk_to_otp(english, a_household(registered=False))
    before = english.get("/register/verify").html
    frozen_clock.advance(seconds=60)

    after = english.get("/register/verify?seen=failing", htmx=True)

    assert "every 5s" in before
    assert after.status == 200 and "every" not in after.html and "<html" not in after.html
