"""The link of a question's SMS: it shows the question and accepts one answer, then documents until an officer acts."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import MOBILE, Household
from tests.fixtures.complaint_handling import (
    CLERK,
    NUMBER,
    ask,
    consumer_of,
    office_acts,
    path_of,
    rows,
    the_request,
)
from tests.fixtures.consumer_session import a_photo
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.clock import local_date
from wss.db import transaction
from wss.domain.lifecycle import Action
from wss.models import Document, Event, ServiceRequest
from wss.services.requests.actions import take_action
from wss.services.requests.expiry import expire_waits
from wss.services.requests.request_links import documents_path
from wss.services.requests.transition_types import ActionRequest

QUESTION = "Please send a photo of the meter."
TELLING = (QUESTION, "It says 1051.", "Bill", "Pooja", "7950761921", "meter.jpg", "750", MOBILE)


@pytest.fixture
def path(app: Any, complainant: Household) -> str:
    """Return the path of the link in the SMS with the question."""
    ask()
    return path_of("question")


def send(visitor: Visitor, path: str, *documents: tuple[io.BytesIO, str], remark: str = "") -> Page:
    """Fill in the form that the page has now."""
    words = {"remark": remark} if remark else {}
    return visitor.fill(f"{path}?lang=en", form=path, documents=list(documents), **words)


def test_the_link_shows_the_question_and_takes_the_answer_in_words(visitor: Visitor, path: str):
    page = visitor.get(f"{path}?lang=en")
    until = local_date(the_request().status_since + timedelta(days=15))
    assert QUESTION in page.text
    assert f"Please reply by {until:%d-%m-%Y}. After that the office decides with what it has." in page.text

    page = send(visitor, path, remark="It says 1051.")

    assert (page.status, page.location) == (303, "/replied?number=0")
    assert "Your answer has been sent to the office." in visitor.get("/replied?number=0&lang=en").text
    assert (rows(Event)[-1].action, rows(Event)[-1].remark) == ("answer", "It says 1051.")
    assert the_request().status == "in_review"


def test_looking_changes_nothing(visitor: Visitor, path: str):
    visitor.get(path)
    visitor.get(path)

    assert (the_request().status, len(rows(Event))) == ("info_requested", 3)


def test_after_the_answer_it_takes_documents_and_shows_only_their_number(visitor: Visitor, path: str):
    send(visitor, path, a_photo(), remark="It says 1051.")
    more = send(visitor, path, a_photo("bill.jpg"))

    page = visitor.get(f"{path}?lang=en")

    shown = page.html[page.html.find("<main") :]
    assert more.location == "/replied?number=1&more=1" and "Received so far: 2" in page.text
    assert "100 0000" in page.text and [word for word in TELLING if word in shown] == []
    assert [one.action for one in rows(Event)[-2:]] == ["answer", "add_document"]


def freeze() -> None:
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(frozen=True))


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda: office_acts(CLERK, Action.WITHDRAW_QUESTION), id="a withdrawn question"),
        pytest.param(freeze, id="a frozen request"),
    ],
)
def test_a_link_ends_with_its_question(visitor: Visitor, path: str, end: Callable[[], None]):
    end()

    assert visitor.get(path).status == 404


def test_a_new_question_has_a_new_link(visitor: Visitor, path: str):
    send(visitor, path, remark="It says 1051.")
    office_acts(CLERK, Action.ASK, remark="And the bill, please.")

    assert visitor.get(path).status == 404
    assert "And the bill, please." in visitor.get(path_of("question")).text


def test_an_answer_by_another_way_leaves_it_for_documents(
    visitor: Visitor, path: str, complainant: Household
):
    page = visitor.get(f"{path}?lang=en")
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.ANSWER, "It says 1051."))

    late = visitor.send(page, f"{path}?lang=en", form=path, remark="It is broken.", documents=[a_photo()])

    assert late.status == 409 and "Your answer was not sent" in late.text and "It is broken." in late.text
    assert "1 document has arrived" in late.text
    assert (rows(Event)[-1].action, rows(Event)[-1].remark) == ("add_document", "")


def test_an_answer_that_is_sent_twice_is_one(visitor: Visitor, path: str):
    page = visitor.get(f"{path}?lang=en")

    sent = [
        visitor.send(page, path, form=path, remark="It says 1051.", documents=[a_photo()]).status
        for _ in range(2)
    ]

    assert (sent, len(rows(Document)), rows(Event)[-1].action) == ([303, 303], 1, "answer")


@pytest.mark.parametrize(
    ("first", "field", "words"),
    [
        pytest.param("", "remark", "Write your answer, or add a document", id="before the answer"),
        pytest.param("It says 1051.", "documents", "Choose a document first", id="after it"),
    ],
)
def test_an_empty_form_is_shown_at_its_field(visitor: Visitor, path: str, first: str, field: str, words: str):
    if first:
        send(visitor, path, remark=first)
    before = the_request().status

    page = send(visitor, path)

    assert (page.status, the_request().status) == (422, before)
    assert words in "".join(page.find(f"{field}-e").itertext())


def test_too_many_words_are_kept_on_the_page(visitor: Visitor, path: str):
    page = send(visitor, path, remark="x" * 1001)

    assert page.status == 422 and page.form(path).fields["remark"][0].strip() == "x" * 1001


def test_a_refused_document_alone_leaves_the_question_open(visitor: Visitor, path: str):
    page = send(visitor, path, (io.BytesIO(b"MZ"), "virus.exe"))

    assert page.status == 422 and "virus.exe could not be added" in page.text and QUESTION in page.text
    assert the_request().status == "info_requested"


def test_a_refused_document_does_not_hold_up_the_words(visitor: Visitor, path: str):
    page = send(visitor, path, (io.BytesIO(b"MZ"), "virus.exe"), remark="It says 1051.")

    assert page.status == 422 and "virus.exe could not be added" in page.text
    assert "Your answer has been sent to the office." in page.text and the_request().status == "in_review"


def test_a_withdrawn_request_is_not_answered(visitor: Visitor, path: str, complainant: Household):
    page = visitor.get(path)
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.WITHDRAW))

    assert visitor.send(page, path, form=path, remark="It says 1051.").status == 404


def test_a_link_for_documents_answers_no_question(visitor: Visitor, path: str):
    with transaction():
        other = documents_path(the_request().id).rpartition("/")[2]

    assert visitor.get(f"/answer/{other}").status == 404


def test_a_reminder_on_day_seven_has_a_link_of_its_own(visitor: Visitor, path: str, frozen_clock: Any):
    frozen_clock.advance(days=7, minutes=1)
    seen = the_request().version
    assert [expire_waits(close_on_silence=True) for _ in range(2)] == [1, 0]

    assert (rows(Event)[-1].action, the_request().version) == ("remind_answer", seen + 1)
    assert [QUESTION in visitor.get(one).text for one in (path, path_of("question_reminder"))] == [True, True]


def test_after_fifteen_days_of_silence_it_still_takes_a_photo(visitor: Visitor, path: str, frozen_clock: Any):
    frozen_clock.advance(days=15, minutes=1)
    expire_waits(close_on_silence=True)

    assert send(visitor, path, a_photo()).status == 303
    assert [one.action for one in rows(Event)[-2:]] == ["answer_lapsed", "add_document"]


def test_tracking_shows_that_a_reply_is_needed_and_not_the_question(visitor: Visitor, path: str):
    page = visitor.fill("/track?lang=en", complaint_no=NUMBER, mobile_last4=MOBILE[-4:])

    assert "We need your reply" in page.text and "link in our SMS" in page.text
    assert QUESTION not in page.html and "/answer/" not in page.html
