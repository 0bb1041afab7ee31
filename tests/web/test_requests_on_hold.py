"""A request written while a registration is on hold: stored unseen, and submitted when the hold succeeds."""

from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_household, address_correction, bill_correction, given
from tests.fixtures.pages import Page
from tests.fixtures.registration import ANOTHER_MOBILE, messages, otp_sent_to, rows, token_in
from tests.fixtures.registration_pages import give_details, name_connection
from tests.fixtures.site import Visitor
from wss.models import Draft, ServiceRequest
from wss.services.registration.activation import reject_registration
from wss.services.requests.held_requests import finish_holds

WANTED = "/account?request=BILL_CORRECTION"
FORM = "/held/request?request=BILL_CORRECTION"


@pytest.fixture
def home(visitor: Visitor, frozen_clock: Any) -> Household:
    """Return a connection with another number on record than the one used for the registration."""
    given(*bill_correction(), address_correction())
    return a_household(registered=False)


@pytest.fixture
def held(visitor: Visitor, home: Household) -> Page:
    """Register with a new number on the way to a bill correction; return the response to the OTP."""
    after = f"?next={WANTED}"
    visitor.fill(f"/register{after}", account_no=home.account_no, bill_no=home.bill_no)
    page = visitor.get(f"/register/details{after}")
    details = {"mobile": ANOTHER_MOBILE, "accept_terms": "1", "accept_privacy": "1"}
    visitor.send(page, f"/register/details{after}", **details)
    return visitor.fill(f"/register/verify{after}", otp=otp_sent_to(ANOTHER_MOBILE))


def write(visitor: Visitor, bill_no: str, **fields: str) -> Page:
    return visitor.fill(FORM, bill_no_typed=bill_no, reason="wrong_reading", remarks="Far too high", **fields)


def test_who_came_for_a_form_comes_to_it_though_held(visitor: Visitor, held: Page):
    assert held.location == WANTED

    assert visitor.get(WANTED).location == FORM


def test_who_came_to_dispute_a_bill_comes_to_the_form_of_a_bill(visitor: Visitor, held: Page):
    assert visitor.get("/account?dispute=1").location == "/held/request"


def test_the_form_shows_nothing_of_the_connection(visitor: Visitor, home: Household, held: Page):
    page = visitor.get(FORM)

    own = home.connection
    secrets = (own.consumer_name, "Sharma", own.address, own.meter_no, MOBILE, home.bill_no, own.account_no)
    assert [secret for secret in secrets if secret in page.html] == []


@pytest.mark.parametrize("which", ["own", "another"])
def test_a_consumer_on_hold_does_not_learn_whether_a_bill_is_right(
    visitor: Visitor, home: Household, held: Page, which: str
):
    answer = write(visitor, home.bill_no if which == "own" else "101000009999")

    assert (answer.status, answer.location) == (303, "/held")
    assert "We will submit it automatically" in visitor.get("/held?lang=en").text


def test_it_is_submitted_after_the_day_and_the_sms_has_its_number(
    visitor: Visitor, home: Household, held: Page, frozen_clock: Any
):
    write(visitor, home.bill_no)
    frozen_clock.advance(hours=23)
    assert finish_holds() == []
    frozen_clock.advance(hours=1)

    [number] = finish_holds()

    [lodged] = rows(ServiceRequest)
    assert (lodged.complaint_no, lodged.fields["bill_no"]) == (number, [home.bill_no])
    assert [message.recipient for message in messages("request_registered", "hold_over")] == [
        ANOTHER_MOBILE
    ] * 2
    assert finish_holds() == [] and len(messages("hold_over")) == 1


def test_the_code_of_the_old_number_sends_it_at_once(visitor: Visitor, home: Household, held: Page):
    write(visitor, home.bill_no)
    visitor.fill("/held", form="/held/resend")

    answer = visitor.fill("/held", otp=otp_sent_to(MOBILE, "hold_otp"))

    [lodged] = rows(ServiceRequest)
    assert answer.location == f"/requests/{lodged.complaint_no}/registered"


def test_who_says_that_it_was_not_they_ends_it_with_everything_else(
    visitor: Visitor, home: Household, held: Page, frozen_clock: Any
):
    write(visitor, home.bill_no)

    assert reject_registration(token_in("not_me"))

    frozen_clock.advance(hours=25)
    assert (rows(Draft), finish_holds(), rows(ServiceRequest)) == ([], [], [])
    assert messages("hold_over") == []


def test_a_bill_of_another_connection_waits_for_its_writer_as_a_draft(
    visitor: Visitor, held: Page, frozen_clock: Any
):
    write(visitor, "101000009999")
    frozen_clock.advance(hours=24)

    assert (finish_holds(), len(messages("hold_over"))) == ([], 1)
    assert [draft.lodged_at for draft in rows(Draft)] == [None]


def test_what_is_being_written_is_kept_but_not_sent(
    visitor: Visitor, home: Household, held: Page, frozen_clock: Any
):
    typed = {"remarks": "Far", "show": "keep", "bill_no_typed": home.bill_no}
    assert visitor.send(visitor.get(FORM), FORM, htmx=True, **typed).status == 204
    assert visitor.get(FORM).form(having="form_token").fields["remarks"] == ["Far"]
    frozen_clock.advance(hours=24)

    assert (finish_holds(), rows(ServiceRequest)) == ([], [])


def test_a_consumer_without_a_hold_has_no_such_form(visitor: Visitor, home: Household):
    name_connection(visitor, home.account_no, home.bill_no)
    give_details(visitor)
    visitor.fill("/register/verify", otp=otp_sent_to(MOBILE))

    assert visitor.get(FORM).location == WANTED
