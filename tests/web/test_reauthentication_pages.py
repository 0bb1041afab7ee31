"""A logged-in browser alone cannot change recovery data: each form asks for the password or an OTP first."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.factories import MOBILE, PASSWORD, Household, a_household, sign_in
from tests.fixtures.pages import Page
from tests.fixtures.registration import a_visitor, messages, otp_sent_to, rows, token_in
from tests.fixtures.site import Visitor
from wss.domain.ownership import KnowledgeFacts
from wss.models import Consumer, Proof, SignedIn
from wss.services.registration import recovery
from wss.services.registration.recovery import begin_recovery

NEW = "new@example.in"
# Every form of a logged-in consumer and why it asks or does not ask. A form in neither list fails the test below.
ASKS = {
    "consumer.save_settings": "a new e-mail address",
    "consumer.ask_for_connection": "a connection proves who owns the login",
    "consumer.export_data": "all data leave",
    "consumer.ask_erase": "all data go",
}
ASKS_NOT = {
    "consumer.try_connection": "goes on with what was confirmed, by a code to the number on record",
    "consumer.resend_connection_code": "the same code again",
    "consumer.change_alerts": "alerts by an address that is there: codes and warnings go out either way",
    "consumer.keep_data": "everything stays",
    "consumer.confirm_email": "a link to the address that is there, which whoever reads it has to follow",
    "consumer.end_sessions": "takes rights away, and must be quick where a phone was lost",
    "consumer.request_sent": "a request",
    "consumer.request_register": "a request",
    "consumer.held_request_sent": "a request",
    "consumer.act": "a request",
    "consumer.add_to_request": "a request",
    "consumer.ask_call_back": "a call to the mobile that is there already",
    "consumer.save_alerts": "chooses among addresses that are there already",
    "consumer.save_reading": "a reading",
    "consumer.self_bill_check": "computes, and stores nothing",
    "consumer.generate_self_bill": "a bill of the own reading, which the billing system decides about",
    "auth.logout": "takes rights away",
    "auth.try_held": "needs the code of the number on record",
    "auth.held_resend": "sends that code",
}


@pytest.fixture
def home(visitor: Visitor, frozen_clock: Any) -> Household:
    """Return a household whose consumer is logged in on the visitor's phone."""
    home = a_household()
    sign_in(visitor, home.consumer)
    return home


def give_email(visitor: Visitor) -> Page:
    return visitor.fill("/account/settings", email=NEW, language="en")


def add_connection(visitor: Visitor) -> Page:
    second = a_household("7950761955", registered=False)
    return visitor.fill("/account/connections/add", account_no=second.account_no, bill_no=second.bill_no)


def take_all(visitor: Visitor) -> Page:
    return visitor.fill("/account/data", form="/account/data/export")


def close(visitor: Visitor) -> Page:
    return visitor.fill("/account/data/erase", form="/account/data/erase")


def owner() -> Consumer:
    consumer: Consumer = rows(Consumer)[0]
    return consumer


def test_it_is_decided_of_every_form_of_who_is_signed_in_whether_it_asks(app: Flask):
    forms = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and (rule.endpoint.startswith("consumer.") or rule.endpoint in ASKS_NOT)
    }

    assert forms == {*ASKS, *ASKS_NOT}


@pytest.mark.parametrize("send", [give_email, add_connection, take_all, close])
def test_a_session_alone_is_asked_who_it_is_and_changes_nothing(
    visitor: Visitor, home: Household, send: Callable[[Visitor], Page]
):
    page = send(visitor)

    assert page.status == 422 and page.form(having="password") is not None
    assert (owner().email, owner().erasure_asked_at, rows(Proof), messages()) == (None, None, [], [])


def test_the_password_does_what_was_sent_with_what_was_typed(visitor: Visitor, home: Household):
    page = visitor.send(give_email(visitor), "/account/settings", password=PASSWORD, confirm="password")

    assert page.location == "/account/settings?saved=1"
    assert (owner().email, owner().language) == (NEW, "en")


def test_a_wrong_password_is_shown_at_its_field_and_keeps_what_was_typed(visitor: Visitor, home: Household):
    page = visitor.send(give_email(visitor), "/account/settings", password="wrong", confirm="password")

    assert page.status == 422 and page.form(having="password").fields["email"] == [NEW]
    assert owner().email is None


def test_an_otp_does_what_was_sent_where_there_is_no_password(visitor: Visitor, home: Household):
    asked = visitor.send(give_email(visitor), "/account/settings", email=NEW, confirm="send_otp")
    code = otp_sent_to(MOBILE, "confirm_otp")

    page = visitor.send(asked, "/account/settings", otp=code, confirm="otp")

    assert (page.status, owner().email) == (303, NEW)


def test_confirming_holds_for_five_minutes(visitor: Visitor, home: Household, frozen_clock: Any):
    visitor.send(give_email(visitor), "/account/settings", password=PASSWORD)
    frozen_clock.advance(minutes=4)
    within = visitor.fill("/account/settings", email="another@example.in")
    frozen_clock.advance(minutes=1)

    after = visitor.fill("/account/settings", email="third@example.in")

    assert (within.status, after.status, owner().email) == (303, 422, "another@example.in")


def test_confirming_for_the_copy_leads_back_to_its_button(visitor: Visitor, home: Household):
    page = visitor.send(take_all(visitor), "/account/data/export", password=PASSWORD)

    assert page.location == "/account/data?confirmed=1#copy"
    assert take_all(visitor).headers["Content-Type"] == "application/zip"


def test_settings_without_another_address_ask_for_nothing(visitor: Visitor, home: Household):
    page = visitor.fill("/account/settings", language="en", email="")

    assert (page.status, owner().language) == (303, "en")


def test_a_new_address_ends_other_sessions_and_keeps_this_one(
    visitor: Visitor, another_visitor: Visitor, home: Household
):
    sign_in(another_visitor, home.consumer)
    visitor.send(give_email(visitor), "/account/settings", password=PASSWORD)

    assert [visitor.get("/account").status, another_visitor.get("/account").status] == [200, 303]
    assert len(rows(SignedIn)) == 1


@pytest.mark.parametrize("change", ["email", "password"])
def test_the_link_shows_first_and_undoes_by_its_button(visitor: Visitor, home: Household, change: str):
    if change == "email":
        visitor.send(give_email(visitor), "/account/settings", password=PASSWORD)
    else:
        begin_recovery(a_visitor(), recovery.PASSWORD, KnowledgeFacts(home.account_no, home.bill_no))
        recovery.set_password_by_code(a_visitor(), otp_sent_to(MOBILE, "password_otp"), "eleven green doors")
    path = path_in(f"{change}_changed")
    for _ in range(3):
        assert visitor.get(path).status == 200

    page = visitor.fill(path, form=path)

    assert (page.status, owner().email, rows(SignedIn)) == (200, None, [])
    assert visitor.get(path).status == 404


def path_in(notice: str) -> str:
    return f"/not-me/{token_in(notice)}"
