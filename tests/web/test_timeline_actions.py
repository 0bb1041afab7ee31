"""A consumer's actions on the timeline: every step, refusals with reasons, and no lost input."""

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, sign_in
from tests.fixtures.complaint_handling import CLERK, NUMBER, SDO, ask, office_acts, resolve, rows, the_request
from tests.fixtures.consumer_session import a_photo
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.lifecycle import Action
from wss.models import Document, Event, ServiceRequest
from wss.services.requests.actions import take_action
from wss.services.requests.transition_types import ActionRequest

TIMELINE = f"/requests/{NUMBER}"
ACTIONS = f"{TIMELINE}/actions"


def send(reader: Visitor, action: str, htmx: bool = False, **fields: Any) -> Page:
    """Press one of the timeline's buttons."""
    page = reader.get(TIMELINE)
    token = page.form(having="csrf_token").fields["csrf_token"]
    sent = {"csrf_token": token, "action": action, "version": str(the_request().version), **fields}
    return reader.post(ACTIONS, sent, htmx=htmx, content_type="multipart/form-data")


def buttons(page: Page) -> set[str]:
    return {
        b.get("value", "") for b in page.root.iter("button") if b.get("name") == "action" and b.get("value")
    }


def test_the_buttons_are_those_of_the_life_cycle(reader: Visitor):
    assert buttons(reader.get(TIMELINE)) == {"withdraw"}
    ask()
    assert buttons(reader.get(TIMELINE)) == {"answer", "withdraw"}


def test_a_resolved_request_offers_both_answers(reader: Visitor):
    resolve()

    assert buttons(reader.get(TIMELINE)) == {"confirm", "refuse"}


def test_a_closed_request_offers_rating_and_reopening(reader: Visitor):
    resolve()
    send(reader, "confirm")

    assert buttons(reader.get(TIMELINE)) == {"rate", "reopen"}


def test_a_frozen_request_offers_nothing(reader: Visitor):
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(frozen=True, news=9))

    assert buttons(reader.get(TIMELINE)) == set()
    assert send(reader, "withdraw").status == 409


def test_htmx_gets_the_current_timeline(reader: Visitor):
    ask()

    page = send(reader, "answer", htmx=True, remark="Here it is.")

    assert page.status == 200 and "<html" not in page.html
    assert page.find("request") is not None and page.find("done") is not None
    assert "answer" not in buttons(page)


@pytest.mark.parametrize("htmx", [False, True])
def test_an_empty_answer_is_shown_at_its_field(reader: Visitor, htmx: bool):
    ask()

    page = send(reader, "answer", htmx=htmx, remark="  ")

    assert page.status == 422
    assert "Write your answer, or add a document" in "".join(page.find("answer-remark-e").itertext())
    assert "#answer-remark" in page.links


def test_a_bad_document_does_not_hold_up_the_answer(reader: Visitor):
    ask()

    page = send(reader, "answer", remark="Here.", documents=[a_photo(), (io.BytesIO(b"<svg/>"), "x.svg")])

    assert "x.svg could not be added: it is not a JPEG, PNG or PDF" in page.text
    assert (the_request().status, [each.label for each in rows(Document)]) == ("in_review", ["meter.jpg"])


def test_a_bad_document_alone_is_no_answer(reader: Visitor):
    ask()

    page = send(reader, "answer", documents=[(io.BytesIO(b"<svg/>"), "x.svg")])

    assert page.status == 422 and the_request().status == "info_requested"
    assert "x.svg could not be added" in "".join(page.find("answer-documents-e").itertext())


@pytest.mark.parametrize(
    ("action", "words"), [("refuse", "Tell us what is not right"), ("reopen", "Tell us why you want")]
)
def test_without_its_reason_a_step_is_shown_at_its_field(reader: Visitor, action: str, words: str):
    resolve()
    if action == "reopen":
        send(reader, "confirm")

    page = send(reader, action)

    assert page.status == 422
    assert words in "".join(page.find(f"{action}-remark-e").itertext())


def test_a_reason_that_is_too_long_is_kept(reader: Visitor):
    resolve()

    page = send(reader, "refuse", remark="x" * 1001)

    assert page.status == 422
    assert "x" * 1001 in "".join(page.find("refuse-remark").itertext())


def test_a_stale_page_says_what_changed_and_keeps_what_was_typed(reader: Visitor):
    ask()
    old = str(the_request().version)
    take_action(consumer_of_the_request(), NUMBER, ActionRequest(Action.ANSWER, "From the other phone."))
    office_acts(CLERK, Action.ASK, remark="Once more, please.")

    page = send(reader, "answer", version=old, remark="From this phone.")

    assert page.status == 409
    assert "You answered" in page.text and "The office asked" in page.text
    assert "From this phone." in "".join(page.find("answer-remark").itertext())
    assert "From this phone." not in str([event.remark for event in rows(Event)])


def consumer_of_the_request() -> Any:
    return Actor(Role.CONSUMER, str(the_request().consumer_id))


def test_a_stale_page_gets_a_fragment_with_htmx(reader: Visitor):
    resolve()
    old = str(the_request().version)
    send(reader, "confirm")

    page = send(reader, "refuse", htmx=True, version=old, remark="Too late.")

    assert page.status == 409 and "<html" not in page.html
    assert "You answered “Yes”: the complaint is closed" in page.text and "Too late." in page.text


def test_an_unknown_step_is_refused(reader: Visitor):
    assert send(reader, "approve").status == 422
    assert the_request().version == 1


def refuse_twice(reader: Visitor) -> None:
    for _ in range(2):
        resolve()
        send(reader, "refuse", remark="Not settled.")
    resolve()


def test_the_third_refusal_says_before_what_it_leads_to(reader: Visitor):
    refuse_twice(reader)

    assert "This is the third time." in reader.get(TIMELINE).text


def test_after_the_third_refusal_the_way_on_is_shown_before_the_history(reader: Visitor):
    refuse_twice(reader)
    send(reader, "refuse", remark="Not settled.")

    text = reader.get(TIMELINE).text

    assert text.index("This continues in complaint") < text.index("Not settled.")


def test_a_rating_is_given_once(reader: Visitor):
    resolve()
    send(reader, "confirm")

    assert send(reader, "rate").status == 422
    assert send(reader, "rate", rating="4").status == 303
    assert "4: good" in reader.get(TIMELINE).text
    assert "rate" not in buttons(reader.get(TIMELINE))
    assert send(reader, "rate", rating="1").status == 409


def test_documents_can_be_added_later(reader: Visitor):
    page = reader.fill(TIMELINE, form=f"{TIMELINE}/documents", documents=[a_photo(), a_photo("bill.jpg")])

    assert page.location == f"{TIMELINE}?done=add_document"
    assert [each.service_request_id for each in rows(Document)] == [the_request().id] * 2
    assert "You added a document" in reader.get(TIMELINE).text


@pytest.mark.parametrize("htmx", [False, True])
def test_of_documents_the_refused_are_named_and_the_others_stay(reader: Visitor, htmx: bool):
    sent = [a_photo(), (io.BytesIO(b"<svg/>"), "x.svg")]

    page = reader.fill(TIMELINE, form=f"{TIMELINE}/documents", htmx=htmx, documents=sent)

    assert page.status == 422
    assert "x.svg could not be added" in "".join(page.find("documents-e").itertext())
    assert [each.label for each in rows(Document)] == ["meter.jpg"]


def test_the_petition_is_offered_only_with_cause(reader: Visitor):
    assert f"{TIMELINE}/petition" not in reader.get(TIMELINE).links
    assert reader.get(f"{TIMELINE}/petition.pdf").location == TIMELINE


def test_a_late_complaint_has_its_petition(reader: Visitor, frozen_clock: Any, complainant: Household):
    frozen_clock.advance(days=30)
    sign_in(reader, complainant.consumer)

    assert f"{TIMELINE}/petition" in reader.get(TIMELINE).links
    assert reader.get(f"{TIMELINE}/petition.pdf").response.data.startswith(b"%PDF-")


def test_a_bill_in_an_open_complaint_opens_that_one(reader: Visitor, complainant: Household):
    form = f"/account/{complainant.account_no}/requests/new?request_type=Billing&request=BILL_CORRECTION"

    page = reader.get(f"{form}&bill_no={complainant.bill_no}")

    assert page.location == f"{TIMELINE}?done=already"
    assert "This bill is already in this complaint" in reader.get(page.location).text


def test_the_form_says_that_there_is_an_open_complaint_of_its_kind(reader: Visitor, complainant: Household):
    form = f"/account/{complainant.account_no}/requests/new?request_type=Billing&request=BILL_CORRECTION"

    page = reader.get(form)

    assert "You already have an open complaint of this kind" in page.text and TIMELINE in page.links


def test_until_when_the_consumer_is_waited_for(reader: Visitor, frozen_clock: Any):
    resolve()

    until = (frozen_clock.now + timedelta(days=15)).strftime("%d-%m-%Y")
    assert f"Please tell us by {until}." in reader.get(TIMELINE).text


@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_first_look_at_a_long_timeline_fits_the_first_round_trip(reader: Visitor, language: str):
    ask()
    for _ in range(3):
        send(reader, "answer", remark="The meter stands outside, beside the gate. " * 5)
        office_acts(CLERK, Action.ASK, remark="Please send one more photo of the meter. " * 5)
    reader.client.set_cookie("wss_language", language)
    reader.client.delete_cookie("wss_seen")

    answer = reader.client.get(TIMELINE, headers={"Accept-Encoding": "gzip"})

    assert "style-src" in answer.headers["Content-Security-Policy"]
    assert len(answer.data) + len(str(answer.headers)) <= 14_000


def test_a_proposal_is_read_once_it_is_approved(reader: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE, remark="The reading was right.")
    before = reader.get(TIMELINE).text

    office_acts(SDO, Action.APPROVE)

    assert "The reading was right." not in before and "No revision is needed" not in before
    after = reader.get(TIMELINE).text
    assert "The reading was right." in after and "No revision is needed" in after


def test_while_a_decision_is_proposed_the_timeline_names_the_post_that_decides(reader: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)

    assert "Office Office PVVNL-Z06-C1-D1-S2, Sub-divisional officer" in reader.get(TIMELINE).text
