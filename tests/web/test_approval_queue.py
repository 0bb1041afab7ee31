"""The approval queue: what it lists, decisions in place, the code that takes the decision along, and batches."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from tests.factories import update_rows
from tests.fixtures.complaint_handling import SDO, rows, the_request
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import code
from tests.fixtures.staff_session import signed_in
from tests.fixtures.waiting_proposals import opened, switch_on, waiting_revision
from wss.models import ApprovalLimit, Bill, Document, OpenedProposal, Revision, ServiceRequest
from wss.services.requests.draft_documents import storage_of

QUEUE, TOGETHER = "/approvals", "/approvals/together"


@pytest.fixture
def sdo(three_waiting: list[str], visitor: Visitor) -> Visitor:
    """Provide the SDO, who has given a code a moment ago."""
    return signed_in(visitor, "S1", stepped_up=True)


@pytest.fixture
def first(three_waiting: list[str]) -> str:
    """Provide the complaint number of the first row."""
    return three_waiting[0]


def opens(visitor: Visitor, number: str, htmx: bool = True) -> Page:
    return visitor.get(f"/todo/{number}/revision?list=/approvals", htmx=htmx)


def decides(visitor: Visitor, page: Page, htmx: bool = True, **typed: str) -> Page:
    return visitor.send(page, at=QUEUE, htmx=htmx, **typed)


def status_of(number: str) -> str:
    return str(the_request(number).status)


def chosen(visitor: Visitor, *numbers: str) -> dict[str, object]:
    """Open proposals on their pages and choose them in the queue."""
    for number in numbers:
        opens(visitor, number, htmx=False)
    page = visitor.get(QUEUE)
    return {"item": boxes_of(page), "csrf_token": page.form(action=TOGETHER).fields["csrf_token"][0]}


def boxes_of(page: Page) -> list[str]:
    """Return the values of the boxes, which are outside their form."""
    return [box.get("value", "") for box in page.root.iter("input") if box.get("name") == "item"]


def approves_together(visitor: Visitor, *numbers: str, code: str) -> Page:
    return visitor.post(TOGETHER, {**chosen(visitor, *numbers), "code": code})


def test_a_row_has_what_a_decision_needs(sdo: Visitor, three_waiting: list[str], first: str):
    update_rows(ServiceRequest, ServiceRequest.complaint_no == first, fields={"reading_kwh": 17088})
    update_rows(Revision, Revision.service_request_id == the_request(first).id, suggestion_outcome="changed")

    page = sdo.get(QUEUE)

    for words in ("₹ 5,509.35", "₹ 1,462.65", "−₹ 4,046.70", "17088", "02-12-2026"):
        assert words in page.text.replace("\u00a0", " "), words
    assert page.text.count("differs from the suggestion") == 1
    assert page.text.count("equal to the suggestion") == 2
    assert "Pooja Sharma" not in page.text
    assert "Approvals (3)" in page.text


def test_own_proposals_and_those_above_the_limit_say_who_decides(sdo: Visitor, three_waiting: list[str]):
    update_rows(ApprovalLimit, ApprovalLimit.role == "sdo", max_amount_paise=4_000_00)
    update_rows(Revision, Revision.id == waiting_revision(three_waiting[1]).id, proposed_by="S1")
    switch_on()

    page = sdo.get(QUEUE)

    assert page.text.count("above your limit: the Executive engineer decides") == 2
    assert page.text.count("proposed by you: another officer decides") == 1


def test_the_queue_is_closed_to_clerks(three_waiting: list[str], visitor: Visitor):
    assert signed_in(visitor, "C1").get(QUEUE).status == 404


def test_approving_in_place_leads_to_the_next(sdo: Visitor, first: str):
    page = decides(sdo, opens(sdo, first), action="approve")

    assert (page.status, status_of(first)) == (200, "resolved")
    assert "Approved. The consumer has been told." in page.text
    assert list(page.root.iter("h1")) == []


def test_without_scripts_the_queue_follows(sdo: Visitor, three_waiting: list[str], first: str):
    page = decides(sdo, opens(sdo, first, htmx=False), htmx=False, action="approve")

    assert page.location == f"{QUEUE}?done={first}#r-{three_waiting[1]}"
    assert "Approved. The consumer has been told." in sdo.get(page.location).text


def test_sending_back_needs_a_reason_and_says_so_in_place(sdo: Visitor, first: str):
    form = {"action": "send_back"}
    page = sdo.send(opens(sdo, first), at=QUEUE, htmx=True, remark="", **form)
    assert (page.status, "Enter what needs to be re-checked" in page.text) == (422, True)

    assert "Sent back" in sdo.send(page, at=QUEUE, htmx=True, remark="Read again.", **form).text
    assert status_of(first) == "in_review"


def test_the_code_takes_the_decision_along(three_waiting: list[str], visitor: Visitor, first: str):
    sdo = signed_in(visitor, "S1")
    asked = decides(sdo, opens(sdo, first), action="approve")
    assert (status_of(first), asked.form(having="code").fields["action"]) == ("proposed", ["approve"])

    page = decides(sdo, asked, code=code())

    assert page.headers["HX-Redirect"] == f"{QUEUE}?done={first}#r-{three_waiting[1]}"
    assert status_of(first) == "resolved"


def test_a_wrong_code_decides_nothing(three_waiting: list[str], visitor: Visitor, first: str):
    sdo = signed_in(visitor, "S1")
    asked = decides(sdo, opens(sdo, first), action="approve")

    page = decides(sdo, asked, code="000000")

    assert (page.status, status_of(first)) == (422, "proposed")


def test_figures_that_changed_before_the_code_are_not_approved(
    three_waiting: list[str], visitor: Visitor, first: str
):
    sdo = signed_in(visitor, "S1")
    asked = decides(sdo, opens(sdo, first), action="approve")
    update_rows(Bill, Bill.account_no == the_request(first).account_no, amount_paise=5509_36)

    page = decides(sdo, asked, code=code())

    assert (page.status, status_of(first)) == (409, "proposed")
    assert "The figures have changed since you looked" in page.text


def test_only_an_opened_proposal_can_be_chosen(sdo: Visitor, three_waiting: list[str], first: str):
    assert boxes_of(sdo.get(QUEUE)) == []

    assert chosen(sdo, first)["item"] == [f"{first} {waiting_revision(first).figures_hash}"]
    assert [one.employee_id for one in rows(OpenedProposal)] == ["S1"]


def test_opening_another_persons_row_records_nothing_for_oneself(sdo: Visitor, first: str):
    opened([first], SDO)
    update_rows(OpenedProposal, employee_id="S2")

    assert boxes_of(sdo.get(QUEUE)) == []


def test_several_are_approved_with_one_code_and_each_is_named(sdo: Visitor, three_waiting: list[str]):
    page = approves_together(sdo, *three_waiting, code=code())

    result = sdo.get(page.location)
    assert "3 of 3 approved" in result.text
    assert {status_of(number) for number in three_waiting} == {"resolved"}


def test_a_code_approves_one_batch_only(sdo: Visitor, three_waiting: list[str]):
    approves_together(sdo, three_waiting[0], code=code())

    page = approves_together(sdo, *three_waiting[1:], code=code())

    assert (page.status, "already used" in page.text) == (422, True)
    assert {status_of(number) for number in three_waiting[1:]} == {"proposed"}


def test_a_batch_needs_a_code_however_recent_the_last_one_is(sdo: Visitor, first: str):
    page = sdo.post(TOGETHER, chosen(sdo, first))

    assert page.form(having="code").fields["item"] != []
    assert status_of(first) == "proposed"


def test_the_check_page_says_why_one_cannot_be_approved(sdo: Visitor, three_waiting: list[str]):
    form = chosen(sdo, *three_waiting)
    update_rows(Document, Document.id == f"{2:032}", scan="infected")

    page = sdo.post(TOGETHER, form)

    assert "It has no photo. Decide it individually." in page.text
    assert "2 proposals, ₹ 8,093.40" in page.text.replace("\u00a0", " ")


@pytest.mark.parametrize("items", [[], ["nonsense"]])
def test_nothing_chosen_is_said(sdo: Visitor, items: list[str]):
    token = sdo.get(QUEUE).form(action=TOGETHER).fields["csrf_token"][0]

    page = sdo.post(TOGETHER, {"csrf_token": token, "item": items})

    assert (page.status, "Choose proposals by their boxes" in page.text) == (422, True)


def test_a_batch_of_another_officer_is_not_found(
    sdo: Visitor, another_visitor: Visitor, three_waiting: list[str]
):
    page = approves_together(sdo, three_waiting[0], code=code())

    assert signed_in(another_visitor, "S2").get(page.location).status == 404


def test_what_is_drawn_waits_in_the_queue_of_the_ee(
    sdo: Visitor, another_visitor: Visitor, three_waiting: list[str], first: str
):
    switch_on(sample=100)
    page = approves_together(sdo, first, code=code())
    ee = signed_in(another_visitor, "E1", stepped_up=True)

    assert "it is now with the EE" in sdo.get(page.location).text
    assert ee.get(QUEUE).text.count("drawn for a check: the EE decides") == 1
    decides(ee, opens(ee, first), action="approve")
    assert status_of(first) == "resolved"


def test_a_photo_is_kept_by_this_browser_only(sdo: Visitor, app: Flask, first: str):
    picture = BytesIO()
    Image.new("RGB", (640, 480)).save(picture, "JPEG")
    key = storage_of(app.extensions["wss"].gateways).store.put(picture.getvalue(), "jpg")
    update_rows(Document, Document.id == f"{1:032}", storage_key=key)

    photo = sdo.get(f"{QUEUE}/{first}/photos/{1:032}")

    assert (photo.status, photo.headers["Cache-Control"]) == (200, "private, max-age=600")
