"""My data: what is stored, who looked at it, withdrawn consents, and erasure."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import MOBILE, OFFICE, PASSWORD, Household, a_household, a_service_request
from tests.fixtures.consumer_session import fill, lodge
from tests.fixtures.my_data import agree, change, kept, looked, me
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss import clock
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.models import Ownership, ServiceRequest, SignedIn

CONSUMPTION = "/account/7950761921/consumption"
ADDRESSES = ["/account/data", "/account/access", "/account/data/erase", CONSUMPTION]


def long_ago(family: Household) -> None:
    """Make the registration so old that nothing has to be kept."""
    change(family, created_at=clock.now() - timedelta(days=400))
    with transaction() as session:
        session.query(Ownership).one().created_at = clock.now() - timedelta(days=400)


def erase(consumer_visitor: Visitor, password: str = PASSWORD) -> Page:
    return consumer_visitor.fill("/account/data/erase", form="/account/data/erase", password=password)


def test_ones_own_data_are_shown_in_full_but_the_password(consumer_visitor: Visitor, family: Household):
    agree(family)
    change(family, email="pooja@example.in", user_name="pooja.sharma")

    page = consumer_visitor.get("/account/data")

    for value in (
        MOBILE,
        "pooja@example.in",
        "pooja.sharma",
        "Pooja Sharma",
        "406, Ward Kumarpur",
        "UP32550680",
    ):
        assert value in page.text
    assert "argon2" not in page.html


def test_a_form_that_was_sent_is_not_counted_as_waiting(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family)
    waiting = consumer_visitor.get("/account/data").text
    lodge(consumer_visitor, family)

    sent = consumer_visitor.get("/account/data").text

    assert ("Unsent forms 1" in squeezed(waiting), "Unsent forms 0" in squeezed(sent)) == (
        True,
        True,
    )


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_number_on_record_may_be_anothers_and_is_not_shown(consumer_visitor: Visitor, family: Household):
    change(family, mobile="9876543210")

    assert MOBILE not in consumer_visitor.get("/account/data").html


def test_consents_are_shown_with_version_time_and_the_way_out(consumer_visitor: Visitor, family: Household):
    agree(family)
    page = consumer_visitor.get("/account/data")

    assert page.text.count("Version 2026-11") == 2 and "given " in page.text
    assert "/account/data/erase" in page.links and "/account/settings" in page.links


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_consent_to_alerts_is_withdrawn_and_given_again_with_one_press(
    consumer_visitor: Visitor, family: Household, channel: str
):
    change(family, email="pooja@example.in", sms_alerts=True, email_alerts=True)
    states = []

    for wanted in ("0", "1"):
        page = consumer_visitor.get("/account/data")
        token = page.form(action="/account/data/alerts").fields["csrf_token"]
        sent = {"csrf_token": token, "channel": channel, "wanted": wanted}
        assert consumer_visitor.post("/account/data/alerts", sent).location == "/account/data#consents"
        states.append(getattr(kept(family), f"{channel}_alerts"))

    assert states == [False, True]


def test_alerts_by_email_without_an_address_lead_to_the_settings(
    consumer_visitor: Visitor, family: Household
):
    page = consumer_visitor.fill("/account/data", form="/account/data/alerts", channel="email", wanted="1")

    assert page.location == "/account/settings"
    assert not kept(family).email_alerts


def test_a_consumer_sees_that_there_was_no_access(consumer_visitor: Visitor):
    assert "No staff member has opened your data." in consumer_visitor.get("/account/access").text


def test_accesses_are_shown_by_post_office_reason_and_time(consumer_visitor: Visitor, family: Household):
    looked(f"connection:{family.account_no}", reason="Caller asked about the bill")

    text = consumer_visitor.get("/account/access").text

    for words in (
        "Helpdesk 1912",
        f"Office {OFFICE}",
        "Opened",
        "7950 761 921",
        "Caller asked about the bill",
    ):
        assert words in text
    assert re.search(r"\d\d-\d\d-\d{4}, \d\d:\d\d", text)
    assert "HD-0001" not in consumer_visitor.get("/account/access").html


def test_what_officers_did_with_a_complaint_is_shown(consumer_visitor: Visitor, family: Household):
    a_service_request(family)
    looked("request:10000000016", "take_up", Actor(Role.SDO, "E-1", OFFICE))

    text = consumer_visitor.get("/account/access").text

    assert "Started work" in text and "Complaint number 100 0000 0016" in text
    assert "Work on your complaint or request" in text


def test_what_concerns_others_is_not_shown(consumer_visitor: Visitor):
    other = a_household("7950761939")
    looked(f"connection:{other.account_no}")
    looked(f"consumer:{me(other)}")
    looked("request:10000000024")

    assert "No staff member has opened your data." in consumer_visitor.get("/account/access").text


def test_what_concerned_the_owner_before_is_not_shown(consumer_visitor: Visitor, family: Household):
    looked(f"connection:{family.account_no}", reason="of the owner before")
    with transaction() as session:
        session.query(Ownership).one().created_at = clock.now() + timedelta(seconds=1)

    assert "of the owner before" not in consumer_visitor.get("/account/access").text


def test_the_consumers_own_actions_are_in_a_separate_list(consumer_visitor: Visitor, family: Household):
    own = Actor(Role.CONSUMER, str(me(family)))
    looked(f"consumer:{me(family)}", "sign_in", own)
    looked(f"consumer:{me(family)}", "mobile_objected", Actor(Role.VISITOR))

    text = consumer_visitor.get("/account/access").text

    assert text.index("You") < text.index("Logged in")
    assert "New mobile number stopped without logging in" in text


def test_what_another_consumer_did_with_the_connection_is_not_ones_own(
    consumer_visitor: Visitor, family: Household
):
    looked(f"connection:{family.account_no}", "own", Actor(Role.CONSUMER, "999"))

    assert "Connection added" not in consumer_visitor.get("/account/access").text


def test_fifty_entries_make_a_page_and_none_is_left_out(consumer_visitor: Visitor, family: Household):
    for number in range(70):
        looked(f"consumer:{me(family)}", reason=f"reason {number:02}")

    first = consumer_visitor.get("/account/access")
    [older] = [link for link in first.links if "?before=" in link]
    second = consumer_visitor.get(older)

    shown = [re.findall(r"reason (\d\d)", page.text) for page in (first, second)]
    assert [int(each) for page in shown for each in page] == list(range(69, -1, -1))
    assert len(shown[0]) == 50


def test_entries_are_sorted_by_their_time_whenever_they_were_recorded(
    consumer_visitor: Visitor, family: Household, frozen_clock: Any
):
    looked(f"consumer:{me(family)}", reason="reason 02")
    frozen_clock.advance(days=-1)
    for _number in range(51):
        looked(f"consumer:{me(family)}", reason="reason 01")
    frozen_clock.advance(days=1)

    first = consumer_visitor.get("/account/access")
    [older] = [link for link in first.links if "?before=" in link]
    shown = [re.findall(r"reason (\d\d)", page.text) for page in (first, consumer_visitor.get(older))]
    assert shown == [["02", *["01"] * 49], ["01"] * 2]


def test_a_wrong_password_erases_nothing(consumer_visitor: Visitor, family: Household):
    long_ago(family)

    page = erase(consumer_visitor, "not my password")

    assert page.status == 422 and "Incorrect password" in page.text
    assert kept(family).closed_at is None and kept(family).erasure_asked_at is None


def test_five_wrong_passwords_stop_asking(consumer_visitor: Visitor, family: Household):
    long_ago(family)
    pages = [erase(consumer_visitor, "not my password") for _ in range(5)]

    page = erase(consumer_visitor)

    assert {each.status for each in pages} == {422}
    assert page.status == 429 and int(page.headers["Retry-After"]) > 0
    assert kept(family).closed_at is None


def test_an_open_complaint_delays_the_erasure_and_the_request_is_stored(
    consumer_visitor: Visitor, family: Household
):
    long_ago(family)
    a_service_request(family)
    assert "100 0000 0016" in consumer_visitor.get("/account/data/erase").text

    page = erase(consumer_visitor)

    assert page.location == "/account/data/erase"
    assert "You requested this on" in consumer_visitor.get(page.location).text
    assert kept(family).erasure_asked_at is not None and kept(family).closed_at is None


def test_a_complaint_closed_a_month_ago_says_until_when(consumer_visitor: Visitor, family: Household):
    long_ago(family)
    closed = clock.now() - timedelta(days=30)
    a_service_request(family, status="closed", status_since=closed)

    text = consumer_visitor.get("/account/data/erase").text

    assert f"{clock.to_local(closed + timedelta(days=366)):%d-%m-%Y}" in text


def test_the_erasure_can_be_withdrawn(consumer_visitor: Visitor, family: Household):
    erase(consumer_visitor)

    page = consumer_visitor.fill("/account/data/erase", form="/account/data/keep")

    assert page.location == "/account/data/erase"
    assert kept(family).erasure_asked_at is None


def test_an_erased_consumer_is_logged_out_with_a_message(consumer_visitor: Visitor, family: Household):
    long_ago(family)

    page = erase(consumer_visitor)

    assert page.location == "/account/erased"
    assert "Your online registration has ended" in consumer_visitor.get(page.location).text
    assert consumer_visitor.get("/account").location.startswith("/login")
    with reading() as session:
        assert session.query(SignedIn).count() == 0
        assert session.query(ServiceRequest).count() == 0


def test_a_consumer_with_an_account_does_not_read_that_it_is_closed(consumer_visitor: Visitor):
    assert consumer_visitor.get("/account/erased").location == "/account"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_page_stays_small_and_is_kept_nowhere(consumer_visitor: Visitor, address: str, language: str):
    consumer_visitor.client.delete_cookie("wss_seen")
    answer = consumer_visitor.client.get(f"{address}?lang={language}", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) <= 14_000
