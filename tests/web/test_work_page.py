"""The work page: one request, its suggestion, and the steps that lead to the next request."""

from datetime import date

import pytest

from tests.factories import OFFICE, Household, a_household, a_service_request, update_rows
from tests.fixtures.complaint_handling import NUMBER, SDO, give_misread_bill, office_acts, rows, the_request
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action
from wss.domain.mis import OF_SUGGESTIONS
from wss.models import Bill, CannedTextRow, Event, MisDelta, Office, Revision, ServiceRequest
from wss.queries.reference import bump_reference_version
from wss.services.mis.sums import check

PAGE = f"/todo/{NUMBER}/work"
NEXT_NUMBER = complaint_no_from(1_000_000_950)
TEXTS = (
    ("n1", "note", "digits_swapped", "Bill of {month}: {amount}.", "{month} का बिल: {amount}।"),
    ("q1", "question", "", "Please send a photo.", "कृपया फ़ोटो भेजें।"),
    ("r1", "refusal", "", "It stays at {was}.", "बिल {was} का रहेगा।"),
    ("r2", "refusal", "", "Paid on {paid_on}.", "{paid_on} को भुगतान हुआ।"),
)


@pytest.fixture
def clerk(taken_up: Household, visitor: Visitor) -> Visitor:
    """Provide a clerk with a bill of 9018 for 1098, after 100 units a month, and 1177 on the consumer's meter."""
    give_misread_bill(taken_up)
    with transaction() as session:
        for code, purpose, verdict, text, text_hi in TEXTS:
            row = CannedTextRow(code=code, purpose=purpose, verdict=verdict, text=text, text_hi=text_hi)
            row.name = row.name_hi = code
            session.add(row)
        bump_reference_version()
    a_service_request(a_household("7950761929"), NEXT_NUMBER, promised_on=date(2026, 12, 9))
    return signed_in(visitor, "C1")


def sends(clerk: Visitor, action: str, page: Page | None = None, **typed: str) -> Page:
    page = page or clerk.get(PAGE)
    form = next(one for one in page.forms if one.fields.get("action") == [action])
    fields = {name: values[0] for name, values in form.fields.items() if values}
    return clerk.post(PAGE, {**fields, **typed})


def counted() -> list[str]:
    return [one.measure for one in rows(MisDelta) if one.measure.startswith("sugg")]


def last_event() -> Event:
    return [one for one in rows(Event) if one.service_request_id == the_request().id][-1]


def test_the_suggestion_is_proposed_as_shown_and_the_next_request_opens(clerk: Visitor):
    page = sends(clerk, "suggest")

    [revision] = rows(Revision)
    assert page.location.startswith(f"/todo/{NEXT_NUMBER}/work?did=propose&before={NUMBER}")
    assert (revision.suggestion_outcome, the_request().status) == ("taken", "proposed")
    assert counted() == ["suggested", "suggestion_taken"]


def test_an_unchanged_canned_text_goes_out_in_the_language_of_the_consumer(clerk: Visitor):
    sends(clerk, "suggest")

    assert rows(Revision)[0].note.startswith("अक्टूबर 2026 का बिल: ₹")


def test_a_changed_text_goes_out_as_it_was_written(clerk: Visitor):
    sends(clerk, "ask", remark="Please send a photo of the meter.")

    assert last_event().remark == "Please send a photo of the meter."


def test_a_text_is_offered_only_if_all_its_figures_are_known(clerk: Visitor):
    page = clerk.get(PAGE)

    assert 'value="r1"' in page.html and 'value="r2"' not in page.html


def test_a_refusal_has_no_reason_before_the_officer_gives_one(clerk: Visitor):
    refused = sends(clerk, "propose", resolution="refused")

    assert (refused.status, the_request().status) == (422, "in_review")


def test_a_second_press_proposes_nothing_more_and_goes_on(clerk: Visitor):
    page = clerk.get(PAGE)
    sends(clerk, "suggest", page)

    again = sends(clerk, "suggest", page)

    assert again.location.startswith(f"/todo/{NEXT_NUMBER}/work")
    assert len(rows(Revision)) == 1


def test_figures_that_have_changed_are_shown_and_not_proposed(clerk: Visitor, taken_up: Household):
    page = clerk.get(PAGE)
    update_rows(Bill, Bill.bill_no == taken_up.bill_no, arrears_paise=77_00)

    refused = sends(clerk, "suggest", page)

    assert (refused.status, rows(Revision)) == (409, [])
    assert "have changed since you looked" in refused.text


def test_a_forged_key_proposes_nothing_where_nothing_is_sure(clerk: Visitor, taken_up: Household):
    page = clerk.get(PAGE)
    with transaction() as session:
        session.get_one(ServiceRequest, the_request().id).fields = {"bill_no": [taken_up.bill_no]}
    fresh = clerk.get(PAGE)

    refused = sends(clerk, "suggest", page, verdict="not_sure", figures_hash="")

    assert (refused.status, rows(Revision)) == (409, [])
    assert not [one for one in fresh.forms if one.fields.get("action") == ["suggest"]]


@pytest.mark.parametrize(("action", "status"), [("ask", "info_requested"), ("propose", "proposed")])
def test_another_way_is_counted_and_takes_the_request_up(clerk: Visitor, action: str, status: str):
    update_rows(ServiceRequest, ServiceRequest.complaint_no == NUMBER, status="registered", assignee_id=None)

    sends(clerk, action, resolution="refused", remark="Not about this bill.")

    assert (the_request().status, the_request().assignee_id is None) == (status, action == "propose")
    assert counted() == ["suggested"]


def test_what_is_sent_back_counts_against_the_suggestion(clerk: Visitor):
    sends(clerk, "suggest")

    office_acts(SDO, Action.SEND_BACK, NUMBER)

    assert counted() == ["suggested", "suggestion_taken", "suggestion_sent_back"]


def test_a_recount_from_the_timelines_finds_the_same_suggestions(clerk: Visitor):
    sends(clerk, "suggest")
    office_acts(SDO, Action.SEND_BACK, NUMBER)
    sends(clerk, "ask")

    assert [one for one in check() if one.measure in OF_SUGGESTIONS] == []


def test_an_empty_question_is_named_at_its_field_and_nothing_is_sent(clerk: Visitor):
    page = sends(clerk, "ask", remark=" ")

    assert page.status == 422
    assert "#ask-remark" in page.links
    assert the_request().status == "in_review"


def test_a_chosen_text_is_inserted_without_scripts(clerk: Visitor):
    page = sends(clerk, "propose", remark="", canned="r1", insert="1")

    form = next(one for one in page.forms if one.fields.get("action") == ["propose"])
    assert form.fields["remark"][0].startswith("It stays at ₹")


def test_the_work_page_opens_the_earliest_promised_request_and_the_one_after(clerk: Visitor):
    assert clerk.get("/work").location.startswith(f"/todo/{NUMBER}/work")
    assert clerk.get(f"/work?after={NUMBER}").location.startswith(f"/todo/{NEXT_NUMBER}/work")


def test_a_clerk_who_is_allotted_requests_takes_the_next_from_the_empty_page(clerk: Visitor):
    sends(clerk, "suggest")
    update_rows(Office, Office.code == OFFICE, pooled=True)
    page = clerk.get("/work")

    opened = clerk.send(page, at="/todo/next", form="/todo/next")

    assert opened.location.startswith(f"/todo/{NEXT_NUMBER}/work")


def test_edit_fills_the_revision_and_leads_back_to_the_work_page(clerk: Visitor):
    address = next(one for one in clerk.get(PAGE).links if "/revision?" in one)

    page = clerk.get(address)
    done = clerk.send(page, at=address, **{"current_reading-0": "1098"}, propose="1")

    assert page.form(having="current_reading-0").fields["current_reading-0"] == ["1098"]
    assert done.location.startswith(f"/todo/{NEXT_NUMBER}/work")
