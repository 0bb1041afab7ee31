"""The latest remark is at the top of a request's page, and its bills are the current ones."""

from typing import Any

from tests.factories import Household, sign_in
from tests.fixtures.bill_revision import approve, proposed
from tests.fixtures.complaint_handling import (
    CLERK,
    NUMBER,
    SDO,
    ask,
    consumer_of,
    office_acts,
    resolve,
    the_request,
)
from tests.fixtures.consumer_session import a_photo
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import PATH, signed_in
from wss.db import transaction
from wss.domain.lifecycle import Action
from wss.models import Staff
from wss.services.requests.actions import take_action
from wss.services.requests.transition_types import ActionRequest


def last_words(page: Any) -> str:
    """Return the text of the box at the top."""
    heading = page.find("last-words")
    section = next(each for each in page.root.iter("section") if heading in list(each))
    return " ".join(" ".join(section.itertext()).split())


def test_nothing_is_on_top_where_nothing_was_said(clerk: Visitor):
    assert "last-words" not in clerk.get(PATH).html


def test_why_a_resolution_was_refused_is_on_top(clerk: Visitor, complainant: Household):
    resolve()
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.REFUSE, remark="The meter says 2148."))

    assert "not settled 24-11-2026, 15:30 The meter says 2148." in last_words(clerk.get(PATH))


def test_why_it_was_sent_back_is_on_top_with_who_said_so(clerk: Visitor):
    with transaction() as session:
        session.get_one(Staff, "S1").name = "Anita Rao"
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)
    office_acts(SDO, Action.SEND_BACK, remark="Look at the photo.")

    words = last_words(clerk.get(PATH))

    assert "Anita Rao, Sub-divisional officer Look at the photo." in words
    assert last_words(clerk.get(f"{PATH}/revision")) == words


def test_an_answer_is_on_top_with_its_documents(
    clerk: Visitor, another_visitor: Visitor, complainant: Household
):
    ask()
    sign_in(another_visitor, complainant.consumer)
    page = another_visitor.get(f"/requests/{NUMBER}")
    answer = {"action": "answer", "remark": "2148", "documents": [a_photo()]}
    another_visitor.send(page, at="/", form=f"/requests/{NUMBER}/actions", **answer)

    words = last_words(clerk.get(PATH))
    assert "2148" in words and "meter.jpg" in words


def test_the_self_check_uses_the_current_bill(taken_up: Household, visitor: Visitor):
    with transaction() as session:
        request = session.merge(the_request())
        request.fields = {**request.fields, "reading_kwh": 17088}
    proposed(taken_up)
    approve()

    text = signed_in(visitor, "C1").get(PATH).text

    assert "Bills after the approved revision" in text
    assert "17088" in text
    assert "17688" not in text


def test_a_reopened_request_is_marked_as_reopened_once(clerk: Visitor, complainant: Household):
    resolve()
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.CONFIRM))
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.REOPEN, remark="It came back."))

    html = clerk.get(f"/todo?user=all&account_no={complainant.account_no}").html.lower()
    assert html.count("reopened</span>") == 1
