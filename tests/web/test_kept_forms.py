"""A form that is sent after the session has expired: kept for the same consumer, shown to no other."""

from typing import Any

import pytest

from tests.factories import Household, a_consumer, given, sign_in
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import NUMBER, ask, rows
from tests.fixtures.consumer_session import a_photo, check_of, fill, form_of
from tests.fixtures.housekeeping import run_housekeeping
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.models import Document, Draft

TIMELINE = f"/requests/{NUMBER}"
FIELDS = {"reason": "wrong_reading", "reading_kwh": "1050", "remarks": "The meter is outside."}


def send_too_late(
    frozen_clock: FrozenClock, consumer_visitor: Visitor, family: Household, minutes: int = 31, **fields: Any
) -> Page:
    """Open the form, wait for half an hour and send it."""
    page = consumer_visitor.get(form_of(family))
    frozen_clock.advance(minutes=minutes)
    return consumer_visitor.send(page, form_of(family), bill_no=[family.bill_no], **{**FIELDS, **fields})


def answer_too_late(frozen_clock: FrozenClock, visitor: Visitor) -> Page:
    """Open a timeline with a question, wait for half an hour and answer."""
    page = visitor.get(TIMELINE)
    frozen_clock.advance(minutes=31)
    return visitor.send(page, TIMELINE, form=f"{TIMELINE}/actions", remark="Here it is.", action="answer")


@pytest.fixture
def asked(complainant: Household, visitor: Visitor) -> Household:
    """Return the complainant, logged in, whom the office asks a question."""
    ask()
    sign_in(visitor, complainant.consumer)
    return complainant


def test_a_form_that_comes_too_late_leads_to_the_sign_in_and_back(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor
):
    page = send_too_late(frozen_clock, consumer_visitor, family)

    assert page.status == 303
    assert page.location.startswith("/login?next=/account/7950761921/requests/new")


def test_what_was_typed_is_there_after_signing_in(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor
):
    send_too_late(frozen_clock, consumer_visitor, family, documents=[a_photo()])
    sign_in(consumer_visitor, family.consumer)

    page = consumer_visitor.get(form_of(family))

    assert page.form(having="form_token").fields["remarks"] == ["The meter is outside."]
    assert "meter.jpg" in page.text


def test_it_is_kept_though_the_worker_has_cleaned_up(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor, app: Any
):
    page = consumer_visitor.get(form_of(family))
    frozen_clock.advance(hours=2)
    run_housekeeping(app.extensions["wss"].gateways)

    consumer_visitor.send(page, form_of(family), bill_no=[family.bill_no], **FIELDS)

    assert len(rows(Draft)) == 1


def test_nothing_of_it_is_shown_before_signing_in(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor
):
    send_too_late(frozen_clock, consumer_visitor, family)

    assert "meter is outside" not in consumer_visitor.get("/login").html
    assert consumer_visitor.get(form_of(family)).status == 303


def test_another_consumer_on_the_same_phone_does_not_see_it(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor
):
    send_too_late(frozen_clock, consumer_visitor, family)
    sign_in(consumer_visitor, given(a_consumer(mobile="9876543210")))

    assert consumer_visitor.get(form_of(family)).status in (303, 404)
    assert "meter is outside" not in consumer_visitor.get("/account").html


def test_after_signing_out_nothing_is_kept(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor
):
    page = consumer_visitor.get(form_of(family))
    token = page.form(having="form_token").fields["csrf_token"]
    consumer_visitor.post("/logout", {"csrf_token": token})

    answer = consumer_visitor.send(page, form_of(family), bill_no=[family.bill_no], **FIELDS)

    assert (answer.location, rows(Draft)) == ("/login", [])


def test_a_forged_form_is_not_kept(frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor):
    answer = send_too_late(frozen_clock, consumer_visitor, family, csrf_token="forged")

    assert (answer.location, rows(Draft)) == ("/login?over=time", [])


def test_a_form_for_a_foreign_connection_is_not_kept(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor
):
    stranger = given(a_consumer(mobile="9876543210"))
    page = consumer_visitor.get(form_of(family))
    sign_in(consumer_visitor, stranger)
    consumer_visitor.get("/account")
    frozen_clock.advance(minutes=31)

    answer = consumer_visitor.send(page, form_of(family), bill_no=[family.bill_no], **FIELDS)

    assert (answer.location, rows(Draft), rows(Document)) == ("/login?over=time", [], [])


def test_a_form_sent_by_htmx_leads_to_the_sign_in_too(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor
):
    page = consumer_visitor.get(form_of(family))
    frozen_clock.advance(minutes=31)

    answer = consumer_visitor.send(page, form_of(family), htmx=True, bill_no=[family.bill_no], **FIELDS)

    assert answer.headers["HX-Redirect"].startswith("/login?next=/account/")
    assert len(rows(Draft)) == 1


def test_a_checked_form_leads_back_to_the_check(
    frozen_clock: FrozenClock, family: Household, consumer_visitor: Visitor
):
    fill(consumer_visitor, family)
    page = consumer_visitor.get(check_of(family))
    frozen_clock.advance(minutes=31)

    answer = consumer_visitor.send(page, check_of(family), form=check_of(family))

    assert answer.location == f"/login?next={check_of(family)}&over=kept"


def test_an_answer_on_the_timeline_is_kept_until_it_is_sent(
    frozen_clock: FrozenClock, asked: Household, visitor: Visitor
):

    answer = answer_too_late(frozen_clock, visitor)
    sign_in(visitor, asked.consumer)
    back = visitor.get(f"{TIMELINE}?kept=1")

    assert answer.location == f"/login?next={TIMELINE}?kept%3D1&over=kept"
    assert "Here it is." in "".join(back.find("answer-remark").itertext())
    visitor.send(back, TIMELINE, form=f"{TIMELINE}/actions", remark="Here it is.", action="answer")
    assert rows(Draft) == []


def test_a_kept_answer_is_no_request_that_was_begun(
    frozen_clock: FrozenClock, asked: Household, visitor: Visitor
):
    answer_too_late(frozen_clock, visitor)
    sign_in(visitor, asked.consumer)

    assert visitor.get("/account").status == 200
    assert visitor.get(form_of(asked)).status == 200


def test_a_kept_answer_is_not_shown_to_the_next_owner(
    frozen_clock: FrozenClock, asked: Household, visitor: Visitor
):
    answer_too_late(frozen_clock, visitor)
    sign_in(visitor, given(a_consumer(mobile="9876543210")))

    assert "Here it is." not in visitor.get(f"{TIMELINE}?kept=1").html
