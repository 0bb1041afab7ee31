"""Several requests of a list at once: choosing, the page that shows what will happen, and what became of each."""

import secrets
from typing import Any

import pytest

from tests.factories import given
from tests.fixtures.complaint_handling import CLERK, office_acts, rows, the_request
from tests.fixtures.many_complaints import an_office_with_a_rule, complaints
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from, grouped_complaint_no
from wss.domain.lifecycle import Action
from wss.models import CannedTextRow, Message, StepBatch
from wss.queries.reference import bump_reference_version

SEVERAL, LIST = "/todo/several", "/todo?user=all"
QUESTION = "Please send a photo."


@pytest.fixture
def three(database: Any, frozen_clock: Any) -> list[str]:
    """Provide an office with canned questions, and the numbers of three complaints."""
    an_office_with_a_rule()
    names = {"purpose": "question", "verdict": ""}
    given(
        CannedTextRow(code="photo", name="Photo", name_hi="फ़ोटो", text=QUESTION, text_hi="फ़ोटो भेजें।", **names),
        CannedTextRow(code="paid", name="Paid", name_hi="भुगतान", text="{paid}?", text_hi="{paid}?", **names),
    )
    with transaction():
        bump_reference_version()
    return complaints(3)


@pytest.fixture
def sdo(three: list[str], visitor: Visitor) -> Visitor:
    """Provide the SDO, logged in."""
    return signed_in(visitor, "S1")


def chooses(visitor: Visitor, action: str = "ask", **sent: Any) -> Page:
    """Send the form of the list."""
    fields = visitor.get(LIST).form(having="page").fields
    return visitor.post(SEVERAL, {"csrf_token": fields["csrf_token"][0], "action": action, **sent})


def page_of(visitor: Visitor) -> str:
    return str(visitor.get(LIST).form(having="page").fields["page"][0])


def confirms(visitor: Visitor, page: Page, **typed: Any) -> Page:
    """Fill in the form of the check page and send it."""
    fields = page.form(having="form_token").fields
    return visitor.post(SEVERAL, {**fields, **typed, "action": typed.get("action", "ask")})


def test_all_of_a_page_are_asked_in_the_consumers_language(sdo: Visitor, three: list[str]):
    check = chooses(sdo, all="1", page=page_of(sdo))
    assert "Ask the consumer 3 requests" in check.text
    assert "SMS to 3 consumers." in check.text
    assert "SMS to ••••••••02" in check.text
    assert rows(Message) == []

    done = sdo.get(confirms(sdo, check, canned="photo").location)

    assert "Ask the consumer: 3 of 3 done" in done.text
    assert {the_request(number).status for number in three} == {"info_requested"}
    assert len(rows(Message)) == 3


def test_what_cannot_be_done_is_named_before_and_after(sdo: Visitor, three: list[str]):
    items = page_of(sdo).split(",")
    office_acts(CLERK, Action.TAKE_UP, three[0])
    foreign = complaint_no_from(1_999_999_999)

    check = chooses(sdo, item=[*items, f"{foreign} 1", "nonsense"])

    assert "It was changed by another person at the same time" in check.text
    assert "It is not with your offices" in check.text
    assert grouped_complaint_no(foreign) in check.text
    assert len(check.form(having="form_token").fields["item"]) == 2
    office_acts(CLERK, Action.TAKE_UP, three[1])
    done = sdo.get(confirms(sdo, check, remark=QUESTION).location)
    assert "1 of 2 done" in done.text
    assert "Now: In review" in done.text


def test_a_canned_question_without_its_figure_is_not_sent(sdo: Visitor):
    done = sdo.get(confirms(sdo, chooses(sdo, item=page_of(sdo).split(",")), canned="paid").location)

    assert "0 of 3 done" in done.text
    assert "has a figure that this request does not have" in done.text


def test_the_form_acts_once(sdo: Visitor):
    check = chooses(sdo, item=page_of(sdo).split(","))

    first, second = (confirms(sdo, check, remark=QUESTION).location for _ in range(2))

    assert first == second
    assert len(rows(Message)) == 3


@pytest.mark.parametrize(
    ("action", "typed", "words"),
    [
        ("ask", {}, "Enter the question"),
        ("ask", {"canned": "photo", "remark": QUESTION}, "Choose a canned question or write your own"),
        ("ask", {"remark": "x" * 1001}, "Use 1,000 characters or fewer"),
        ("assign", {}, "Choose whom to assign it to"),
        ("assign", {"assignee": "X1"}, "It cannot be assigned to this employee"),
        ("forward", {"office": "Nowhere", "remark": "Yours."}, "No such office in your discom"),
        ("forward", {"office": "", "remark": "Yours."}, "Enter the code or the name of an office"),
    ],
)
def test_wrong_values_are_shown_at_their_field_and_nothing_is_done(
    sdo: Visitor, action: str, typed: dict[str, str], words: str
):
    check = chooses(sdo, action, item=page_of(sdo).split(","))

    page = confirms(sdo, check, action=action, **typed)

    assert page.status == 422
    assert words in page.text
    assert (
        page.form(having="form_token").fields["form_token"]
        == check.form(having="form_token").fields["form_token"]
    )
    assert all(value in page.response.text for value in typed.values() if value != "X1")
    assert rows(StepBatch) == []


@pytest.mark.parametrize(
    "sent",
    [{}, {"item": "nonsense"}, {"all": "1", "page": ""}, {"item": "10000000016 1", "action": "approve"}],
)
def test_nothing_chosen_is_said(sdo: Visitor, sent: dict[str, Any]):
    page = chooses(sdo, **sent)

    assert page.status == 422
    assert "Choose requests by their boxes" in page.text


def test_ten_thousand_numbers_are_too_many(sdo: Visitor, three: list[str]):
    items = [f"{complaint_no_from(1_000_000_000 + number)} 1" for number in range(10_000)]

    page = chooses(sdo, item=items, form_token=secrets.token_urlsafe(32), remark=QUESTION)

    assert page.status == 422
    assert "Choose 60 or fewer at a time" in page.text
    assert rows(StepBatch) == []


def test_another_employee_does_not_see_what_became_of_them(sdo: Visitor, another_visitor: Visitor):
    result = confirms(sdo, chooses(sdo, item=page_of(sdo).split(",")), remark=QUESTION).location

    assert signed_in(another_visitor, "C1").get(result).status == 404
