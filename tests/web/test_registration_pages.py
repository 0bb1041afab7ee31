"""The registration pages: codes, errors at their fields, the input that is kept and the input that never is."""

from typing import Any

import pytest

from tests.factories import MOBILE, PASSWORD, Household, a_household
from tests.fixtures.registration import ANOTHER_MOBILE, otp_sent_to, owners_of, rows, token_in, wrong
from tests.fixtures.registration_pages import (
    error_at,
    give_details,
    name_connection,
    walk_to_otp,
    walk_to_the_end,
)
from tests.fixtures.site import Visitor
from wss.models import Consumer, Ownership


def test_every_accepted_step_leads_on_with_303(visitor: Visitor, home: Household):
    pages = [name_connection(visitor, home.account_no, home.bill_no), give_details(visitor)]
    pages.append(visitor.fill("/register/verify", form="/register/verify", otp=otp_sent_to(MOBILE)))

    assert [(page.status, page.location) for page in pages] == [
        (303, "/register/details"),
        (303, "/register/verify"),
        (303, "/account?registered=1"),
    ]


@pytest.mark.parametrize("account_no", ["7950 7619 21", "7950-761-921", "७९५०७६१९२१", " 7950761921 "])
def test_numbers_are_taken_as_people_type_them(visitor: Visitor, home: Household, account_no: str):
    assert name_connection(visitor, account_no, home.bill_no).status == 303


def test_typed_numbers_stay_in_the_form(visitor: Visitor, home: Household):
    page = name_connection(visitor, home.account_no, "NOSUCH")

    fields = page.form(having="account_no").fields
    assert (fields["account_no"], fields["bill_no"]) == ([home.account_no], ["NOSUCH"])


def test_with_both_numbers_the_connection_is_shown_masked(visitor: Visitor, home: Household):
    name_connection(visitor, home.account_no, home.bill_no)

    page = visitor.get("/register/details")

    secrets = ("Pooja", "Sharma", "406", home.connection.meter_no, MOBILE, home.connection.pincode)
    assert "P•••• S••••" in page.text and f"••••••{home.connection.meter_no[-3:]}" in page.text
    assert [secret for secret in secrets if secret in page.html] == []


def test_with_one_number_nothing_of_the_connection_is_shown_and_no_mobile_asked(
    visitor: Visitor, home: Household
):
    name_connection(visitor, home.account_no)

    page = visitor.get("/register/details")

    assert "P••••" not in page.text and "mobile" not in page.form(having="password").names
    give_details(visitor)
    assert f"••••••••{MOBILE[-2:]}" not in visitor.get("/register/verify").text


def test_after_the_code_the_connection_is_shown_to_the_logged_in_consumer(visitor: Visitor, home: Household):
    name_connection(visitor, home.account_no)
    give_details(visitor)
    before = visitor.cookies()["wss"]

    visitor.fill("/register/verify", form="/register/verify", otp=otp_sent_to(MOBILE))

    page = visitor.get("/account?registered=1&lang=en")
    assert "Pooja Sharma" in page.text and "You are registered and logged in." in page.text
    assert visitor.cookies()["wss"] != before


def test_who_registered_without_a_bill_can_set_a_password_from_the_first_page(
    visitor: Visitor, home: Household
):
    name_connection(visitor, home.account_no)
    give_details(visitor)
    before = visitor.get("/forgot-password").form(having="bill_no").fields["bill_no"]

    visitor.fill("/register/verify", form="/register/verify", otp=otp_sent_to(MOBILE))

    page = visitor.get("/account?registered=1&lang=en")
    assert 'href="/forgot-password"' in page.html
    fields = visitor.get("/forgot-password").form(having="bill_no").fields
    assert before == [""]
    assert (fields["account_no"], fields["bill_no"]) == ([home.account_no], [home.bill_no])


def test_what_was_typed_stays_but_never_a_password(visitor: Visitor, home: Household):
    name_connection(visitor, home.account_no, home.bill_no)

    page = give_details(visitor, mobile="98", email="pooja@example.in", user_name="pooja", email_alerts="1")

    fields = page.form(having="password").fields
    expected = {
        "mobile": ["98"],
        "email": ["pooja@example.in"],
        "user_name": ["pooja"],
        "email_alerts": ["1"],
        "accept_terms": ["1"],
        "sms_alerts": ["1"],
    }
    assert {name: fields[name] for name in expected} == expected
    assert PASSWORD not in page.html


def test_the_page_of_the_code_names_the_masked_mobile_and_the_reference_number(
    visitor: Visitor, home: Household
):
    page = walk_to_otp(visitor, home)

    assert f"••••••••{MOBILE[-2:]}" in page.text and MOBILE not in page.html
    assert "otp" in page.form(having="otp").names


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_cannot_be_a_code_costs_no_try(visitor: Visitor, home: Household, typed: str):
    walk_to_otp(visitor, home)
    statuses = {visitor.fill("/register/verify", form="/register/verify", otp=typed).status for _ in range(7)}

    right = visitor.fill("/register/verify", form="/register/verify", otp=otp_sent_to(MOBILE))

    assert (statuses, right.status) == ({422}, 303)


def test_the_sixth_wrong_code_is_429_with_the_seconds_to_wait(visitor: Visitor, home: Household):
    walk_to_otp(visitor, home)
    otp = wrong(otp_sent_to(MOBILE))

    pages = [visitor.fill("/register/verify", form="/register/verify", otp=otp) for _ in range(6)]

    assert [page.status for page in pages] == [422] * 5 + [429]
    assert pages[-1].headers["Retry-After"] == "60" and error_at(pages[-1], "otp")


def test_pressing_twice_after_the_right_code_ends_at_the_same_page(visitor: Visitor, home: Household):
    page = walk_to_otp(visitor, home)
    otp = otp_sent_to(MOBILE)

    ends = [visitor.send(page, "/register/verify", form="/register/verify", otp=otp) for _ in range(2)]

    assert [(end.status, end.location) for end in ends] == [(303, "/account?registered=1"), (303, "/account")]
    assert len(rows(Consumer)) == 1


def test_fields_that_a_form_does_not_have_change_nothing(visitor: Visitor, home: Household):
    columns = {c.key: "999" for model in (Consumer, Ownership) for c in model.__table__.columns}
    extra = columns | {
        "role": "admin",
        "held_until": "",
        "both_given": "1",
        "consumer_id": "1",
        "channel": "done",
    }
    typed = {"mobile": ANOTHER_MOBILE, "email": "", "user_name": ""}
    name_connection(
        visitor, home.account_no, home.bill_no, **{k: v for k, v in extra.items() if k != "account_no"}
    )
    give_details(visitor, **{**extra, **typed, "sms_alerts": None, "email_alerts": None})

    visitor.fill("/register/verify", form="/register/verify", otp=otp_sent_to(ANOTHER_MOBILE), **columns)

    [consumer], [ownership] = rows(Consumer), rows(Ownership)
    assert ownership.held_until is not None and ownership.account_no == home.account_no
    assert (consumer.mobile, consumer.email, consumer.user_name, consumer.closed_at) == (
        ANOTHER_MOBILE,
        None,
        None,
        None,
    )
    assert consumer.email_verified_at is None and consumer.id != 999


def test_a_registered_connection_offers_sign_in(visitor: Visitor, frozen_clock: Any):
    home = a_household()

    page = name_connection(visitor, home.account_no, home.bill_no)

    assert page.status == 422 and "/login" in page.links


def test_a_link_opened_ten_times_is_still_unused_and_works_once(visitor: Visitor, home: Household):
    walk_to_the_end(visitor, home, mobile=ANOTHER_MOBILE)
    address = f"/not-me/{token_in('not_me')}"

    shown = [visitor.get(address).status for _ in range(10)]
    page = visitor.get(address)
    pressed = [visitor.send(page, address, form=address).status for _ in range(2)]

    assert (shown, pressed) == ([200] * 10, [200, 404])
    assert owners_of(home.account_no) == []
    assert visitor.get(address).status == 404


def test_the_activation_link_leads_to_sign_in(visitor: Visitor, another_visitor: Visitor, frozen_clock: Any):
    home = a_household(registered=False, mobile_on_record=None)
    name_connection(visitor, home.account_no, home.bill_no)
    give_details(visitor, mobile="", email="pooja@example.in")
    address = f"/activate/{token_in('activation')}"

    page = another_visitor.fill(address, form=address)

    assert page.status == 303 and page.location.startswith("/login")
    assert owners_of(home.account_no) != []


def test_a_letter_that_is_opened_elsewhere_says_that_another_browser_began_the_registration(
    visitor: Visitor, another_visitor: Visitor
):
    home = a_household(registered=False, mobile_on_record=None, email_on_record="owner@example.in")
    name_connection(visitor, home.account_no, home.bill_no)
    give_details(visitor, mobile="")
    link = f"/activate/{token_in('activation')}"

    assert ('id="begun"' in visitor.get(link).html, 'id="begun"' in another_visitor.get(link).html) == (
        False,
        True,
    )


def test_the_optional_details_are_folded_until_one_of_them_is_wrong(visitor: Visitor, home: Household):
    name_connection(visitor, home.account_no, home.bill_no)
    assert "<details open" not in visitor.get("/register/details").html

    refused = give_details(visitor, email="no address")

    assert refused.status == 422 and "<details open" in refused.html
