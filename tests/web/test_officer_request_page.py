"""The officers' page of a request: facts, Keys/Values, documents, timeline, and the available steps."""

from typing import Any

import pytest

from tests.factories import (
    OFFICE,
    Household,
    a_bill,
    a_household,
    a_service_request,
    address_correction,
    bill_correction,
    given,
    sign_in,
)
from tests.fixtures.complaint_handling import (
    CLERK,
    DIVISION,
    NUMBER,
    SDO,
    ask,
    consumer_of,
    office_acts,
    rows,
    staff_of_the_office,
    the_request,
)
from tests.fixtures.helpdesk_calls import HELPDESK, helpdesk_staff
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import MOBILE, PATH, act, signed_in, steps_of, token_of
from wss.clock import now
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action
from wss.models import AuditEntry, DisputedBill, Document, ServiceRequest, Staff
from wss.services.calls.call_records import open_call_without_number
from wss.services.calls.open_requests import remind
from wss.services.requests.actions import take_action
from wss.services.requests.draft_documents import storage_of
from wss.services.requests.transition_types import ActionRequest


@pytest.fixture
def sdo(clerk: Visitor, another_visitor: Visitor) -> Visitor:
    """Return the SDO, logged in with a fresh code."""
    return signed_in(another_visitor, "S1", stepped_up=True)


def test_the_page_shows_what_is_needed_to_decide(clerk: Visitor, complainant: Household):
    page = clerk.get(PATH)

    for words in ("Pooja Sharma", "406, Ward Kumarpur", "UP32550680", complainant.bill_no, "₹ 750.00"):
        assert words in page.text
    assert "Read bill: meter reading" in page.text
    assert "Office PVVNL-Z06-C1-D1-S2, Billing clerk" in page.text


def test_an_open_question_is_shown_and_can_be_withdrawn(clerk: Visitor):
    ask()

    page = clerk.get(PATH)

    assert "Please send a photo of the meter." in page.text
    assert "C1, Billing clerk, 24-11-2026, 15:30 The consumer has until 09-12-2026 to reply." in page.text
    assert "paused since 24-11-2026, 15:30" in page.text
    assert steps_of(page) == ["withdraw_question"]
    done = act(clerk, "withdraw_question", remark="We found the reading.")
    assert (
        "The question has been withdrawn. The time limit is running again." in clerk.get(done.location).text
    )
    assert the_request().status == "in_review"


def test_the_mobile_is_masked(clerk: Visitor):
    page = clerk.get(PATH)

    assert "••••••••10" in page.text
    assert MOBILE not in page.html


def test_opening_the_page_is_seen_by_the_consumer(
    clerk: Visitor, another_visitor: Visitor, complainant: Household
):
    clerk.get(PATH)
    clerk.get(f"{PATH}/timeline")
    sign_in(another_visitor, complainant.consumer)

    page = another_visitor.get("/account/access?lang=en")

    assert len([entry for entry in rows(AuditEntry) if entry.deed == "view"]) == 1
    assert "Billing clerk, Office PVVNL-Z06-C1-D1-S2 Opened Complaint" in page.text


def test_keys_and_values_have_the_names_of_the_billing_system(clerk: Visitor, complainant: Household):
    text = clerk.get(f"{PATH}/keys").text

    assert f"Account ID {complainant.account_no}" in text
    assert f"Case ID {NUMBER}" in text


def test_the_timeline_names_the_staff_to_staff(
    clerk: Visitor, another_visitor: Visitor, complainant: Household
):
    with transaction() as session:
        session.get_one(Staff, "C1").name = "Suresh Verma"
        session.get_one(Staff, "S1").name = "Anita Rao"
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.ASSIGN, assignee_id="S1", remark="Please look at the load.")
    sign_in(another_visitor, complainant.consumer)

    office, consumer = clerk.get(f"{PATH}/timeline").text, another_visitor.get(f"/requests/{NUMBER}").text

    assert "Assigned to: Anita Rao" in office
    assert "Suresh Verma" in office
    assert "Please look at the load." in office
    for hidden in ("Anita Rao", "Suresh Verma", "Please look at the load."):
        assert hidden not in consumer


@pytest.mark.parametrize(
    ("scan", "status"), [("clean", 200), ("not_scanned", 200), ("pending", 404), ("infected", 404)]
)
def test_documents_are_served_as_the_scanner_allows(clerk: Visitor, app: Any, scan: str, status: int):
    request = the_request()
    given(
        Document(
            id="d" * 32,
            consumer_id=request.consumer_id,
            service_request_id=request.id,
            label="मीटर.jpg",
            media_type="image/jpeg",
            size=4,
            storage_key=storage_of(app.extensions["wss"].gateways).store.put(b"\xff\xd8\xff\xd9", "jpg"),
            scan=scan,
            created_at=now(),
        )
    )

    answer = clerk.get(f"{PATH}/documents/{'d' * 32}")

    assert answer.status == status
    assert "मीटर.jpg" in clerk.get(f"{PATH}/documents").text
    if status == 200:
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_buttons_are_those_of_the_life_cycle(clerk: Visitor, sdo: Visitor):
    assert steps_of(clerk.get(PATH)) == ["take_up"]
    act(clerk, "take_up")
    assert steps_of(clerk.get(PATH)) == ["propose", "ask", "assign", "forward"]
    done = act(clerk, "propose", resolution="not_needed", remark="The reading is right.")

    assert "The proposal was sent to the Sub-divisional officer." in clerk.get(done.location).text
    assert steps_of(clerk.get(PATH)) == ["withdraw_proposal"]
    assert steps_of(sdo.get(PATH)) == ["approve", "send_back"]


def test_a_request_is_handled_by_two_officers(clerk: Visitor, sdo: Visitor):
    taken = act(clerk, "take_up")
    assert "You have taken up this request." in clerk.get(taken.location).text
    act(clerk, "propose", resolution="refused", remark="The meter was read.")
    assert "The meter was read." in sdo.get(PATH).text
    act(sdo, "approve")

    request = the_request()
    assert (request.status, request.resolution, request.approved_by) == ("resolved", "refused", "S1")


def test_approving_needs_a_fresh_code(clerk: Visitor, another_visitor: Visitor):
    sdo = signed_in(another_visitor, "S1")
    act(clerk, "take_up")
    act(clerk, "propose", resolution="not_needed", remark="The reading is right.")

    asked = act(sdo, "approve")

    assert asked.form(having="code").action == f"{PATH}/actions"
    assert "100 0000 9002" in asked.text and "No revision is needed" in asked.text
    assert the_request().status == "proposed"


def test_the_proposer_reads_that_another_officer_decides(complainant: Household, visitor: Visitor):
    sdo = signed_in(visitor, "S1", stepped_up=True)
    act(sdo, "take_up")
    act(sdo, "propose", resolution="not_needed", remark="The reading is right.")

    page = sdo.get(PATH)
    answer = sdo.post(f"{PATH}/actions", {"action": "approve", "csrf_token": token_of(sdo)})

    assert "You proposed this decision" in page.text
    assert steps_of(page) == ["withdraw_proposal"]
    assert (answer.status, the_request().status) == (409, "proposed")


@pytest.mark.parametrize(
    ("action", "typed", "field"),
    [
        ("assign", {}, "assign-assignee"),
        ("assign", {"assignee": "E1"}, "assign-assignee"),
        ("assign", {"assignee": "nobody"}, "assign-assignee"),
        ("forward", {"remark": "Wrong area."}, "forward-office"),
        ("forward", {"remark": "Wrong area.", "office": "NOSUCH"}, "forward-office"),
        ("forward", {"remark": "Wrong area.", "office": OFFICE}, "forward-office"),
        ("forward", {"office": DIVISION}, "forward-remark"),
        ("ask", {}, "ask-remark"),
        ("ask", {"remark": "x" * 1001}, "ask-remark"),
        ("propose", {"remark": "The reading is right."}, "propose-resolution"),
        ("propose", {"remark": "By hand.", "resolution": "revised"}, "propose-resolution"),
        ("propose", {"resolution": "not_needed"}, "propose-remark"),
    ],
)
def test_a_missing_value_is_shown_at_its_field_and_the_input_is_kept(
    clerk: Visitor, action: str, typed: dict[str, str], field: str
):
    act(clerk, "take_up")

    page = act(clerk, action, **typed)

    assert page.status == 422
    assert f"#{field}" in page.links
    assert page.find(f"{field}-e") is not None
    if "remark" in typed:
        assert typed["remark"] in page.html
    assert the_request().status == "in_review"


def test_a_request_is_forwarded_by_the_offices_name(clerk: Visitor):
    act(clerk, "take_up")

    sent = act(clerk, "forward", office=f"office {DIVISION}", remark="The division asked for it.")

    assert sent.location == f"/todo?forwarded={NUMBER}"
    assert (the_request().office_code, the_request().holder_role) == (DIVISION, "ee")
    assert clerk.get(PATH).status == 404
    assert "has been forwarded" in clerk.get(sent.location).text


def test_another_officer_was_faster(clerk: Visitor, another_visitor: Visitor):
    sdo, token = signed_in(another_visitor, "S1"), token_of(clerk)
    act(sdo, "take_up")

    page = clerk.post(f"{PATH}/actions", {"action": "take_up", "version": "1", "csrf_token": token})

    assert page.status == 409
    assert "Someone else acted first" in page.text
    assert "The office started work on it (Sub-divisional officer, Office PVVNL-Z06-C1-D1-S2)" in page.text
    assert the_request().assignee_id == "S1"


def test_input_survives_that_another_officer_was_faster(clerk: Visitor):
    act(clerk, "take_up")
    office_acts(SDO, Action.ASSIGN, assignee_id="S1")

    page = clerk.post(
        f"{PATH}/actions",
        {"action": "ask", "remark": "Which meter?", "version": "2", "csrf_token": token_of(clerk)},
    )

    assert (page.status, "Which meter?" in page.html) == (409, True)


@pytest.mark.parametrize("action", ["", "withdraw", "escalate", "confirm", "delete"])
def test_other_steps_are_none_of_an_officers(clerk: Visitor, action: str):
    page = clerk.post(f"{PATH}/actions", {"action": action, "csrf_token": token_of(clerk)})

    assert (page.status, the_request().status) == (409, "registered")


def test_extra_fields_change_nothing(clerk: Visitor):
    act(clerk, "take_up", status="closed", approved_by="C1", escalation_level="9", office_code="PVVNL")

    request = the_request()
    assert (request.status, request.approved_by, request.escalation_level) == ("in_review", None, 0)
    assert request.office_code == OFFICE


def test_linked_requests_are_shown(clerk: Visitor):
    row = the_request()
    columns = {
        column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"
    }
    second = complaint_no_from(1_000_000_950)
    given(ServiceRequest(**{**columns, "complaint_no": second, "form_token": f"follows {NUMBER}"}))

    assert f"/todo/{second}" in clerk.get(PATH).links
    text = clerk.get(f"/todo/{second}").text
    assert (
        "this was registered because its decision was not accepted: Bill correction, Request registered"
        in text
    )


def test_hostile_words_stay_words(clerk: Visitor, complainant: Household):
    take_action(
        consumer_of(complainant),
        NUMBER,
        ActionRequest(Action.WITHDRAW, remark="<img src=x onerror=alert(1)>"),
    )

    page = clerk.get(f"{PATH}/timeline")

    assert page.root.find(".//img") is None
    assert "<img src=x onerror=alert(1)>" in page.text


@pytest.mark.parametrize("tab", ["", "/keys", "/documents", "/timeline"])
def test_the_tabs_speak_hindi(clerk: Visitor, tab: str):
    clerk.get("/todo?lang=hi")

    assert "बिल संशोधन" in clerk.get(PATH + tab).text


def test_two_bills_are_both_shown(clerk: Visitor):
    given(a_bill("101000000777", bill_month="2026-07"))
    given(DisputedBill(service_request_id=the_request().id, bill_no="101000000777", is_open=True))

    assert "101000000777" in clerk.get(PATH).text


def test_where_no_bill_is_disputed_it_can_be_done_as_asked(
    database: Any, frozen_clock: Any, visitor: Visitor, another_visitor: Visitor
):
    given(*bill_correction(), address_correction())
    home = a_household()
    staff_of_the_office()
    row = a_service_request(home, NUMBER, kind="ADDRESS_CORRECTION", fields={"new_address": "7, Civil Lines"})
    with transaction() as session:
        session.delete(session.get_one(DisputedBill, (row.id, home.bill_no)))
    clerk, sdo = signed_in(visitor, "C1"), signed_in(another_visitor, "S1", stepped_up=True)

    act(clerk, "take_up")
    act(clerk, "propose", resolution="revised", remark="The address is put right.")
    assert "Accept the request" in sdo.get(PATH).text
    act(sdo, "approve")

    assert (the_request().status, the_request().resolution) == ("resolved", "revised")


def test_the_number_of_calls_to_1912_is_at_the_top(clerk: Visitor):
    given(*helpdesk_staff())

    remind(HELPDESK, open_call_without_number(HELPDESK, "status", "hi"), NUMBER, MOBILE[-4:])

    assert "called 1 time" in clerk.get(PATH).text


def test_a_question_without_words_is_asked_for(clerk: Visitor):
    act(clerk, "take_up")

    assert "Enter the question" in act(clerk, "ask").text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "To get help, give this reference number:"), ("hi", "सहायता के लिए यह संदर्भ संख्या बताएँ:")],
)
def test_a_fault_of_ours_sends_the_office_to_its_list(
    clerk: Visitor, monkeypatch: pytest.MonkeyPatch, language: str, words: str
):
    monkeypatch.setattr("wss.web.officer.requests.who_did", None)
    clerk.client.application.config["PROPAGATE_EXCEPTIONS"] = False

    page = clerk.get(f"{PATH}/timeline?lang={language}")

    assert (page.status, words in page.text) == (500, True)
    assert "1912" not in " ".join(page.root.find(".//main").itertext())
    assert "/todo" in page.links


def test_a_refusal_is_named_on_its_button_and_after_the_approval(clerk: Visitor, sdo: Visitor):
    act(clerk, "take_up")
    act(clerk, "propose", resolution="refused", remark="The meter was tested.")
    button = sdo.get(PATH).text

    act(sdo, "approve")

    assert "Approve the refusal" in button
    assert "The request has been refused." in sdo.get(f"{PATH}?done=approve").text
    decided = "Decision: The request has been refused"
    assert decided in sdo.get(PATH).text and decided in sdo.get(f"{PATH}/timeline").text
