"""The officers' page of a bill revision: computed, proposed, approved for exactly its figures."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import OFFICE, Household, a_service_request, update_rows
from tests.fixtures.bill_revision import EE, approve, proposed, tariff_and_limits, the_proposal, typed
from tests.fixtures.complaint_handling import CLERK, NUMBER, SDO, office_acts, rows, the_request
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import code
from tests.fixtures.staff_session import signed_in
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from, grouped_complaint_no
from wss.domain.lifecycle import Action, Resolution
from wss.models import Bill, DisputedBill, Event, Office, RevisedBill, Revision, ServiceRequest
from wss.services.revisions import without_request
from wss.services.revisions.for_request import ActionRequest, decide
from wss.services.revisions.revision_draft import RevisionRequest

OTHER = complaint_no_from(1_000_000_901)
PAGE = f"/todo/{NUMBER}/revision"
ACTIONS = f"/todo/{NUMBER}/actions"


@pytest.fixture
def clerk(taken_up: Household, visitor: Visitor) -> Visitor:
    return signed_in(visitor, "C1")


@pytest.fixture
def sdo(taken_up: Household, another_visitor: Visitor) -> Visitor:
    return signed_in(another_visitor, "S1", stepped_up=True)


def proposes(clerk: Visitor, **fields: str) -> Any:
    """Let the clerk recompute and propose what the page then shows."""
    shown = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", **fields)
    return clerk.send(shown, at=PAGE, propose="1", **fields)


def test_the_page_shows_the_disputed_bill_filled_in(clerk: Visitor, taken_up: Household):
    page = clerk.get(PAGE)

    fields = page.form(PAGE).fields
    assert page.status == 200
    assert fields["bill_no-0"] == [taken_up.bill_no]
    assert (fields["previous_reading-0"], fields["current_reading-0"]) == (["16880"], ["17688"])
    assert fields["reason"] == ["wrong_reading"]


def test_recomputing_shows_the_difference_in_figures_and_words_and_keeps_nothing(clerk: Visitor):
    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", **{"current_reading-0": "17088"})

    assert page.status == 200
    assert "−₹ 4,046.70" in page.text
    assert "reduced by Rs four thousand forty-six and seventy paise" in page.text
    assert page.find("proposed").text == "₹\N{NO-BREAK SPACE}1,462.65"
    assert rows(Revision) == []


def test_recomputing_with_htmx_answers_the_part_alone(clerk: Visitor):
    page = clerk.fill(PAGE, htmx=True, preview="1", **{"current_reading-0": "17088"})

    assert page.text.lstrip().startswith('<div id="revision"') or "<html" not in page.text
    assert "−₹ 4,046.70" in page.text


def test_the_words_are_hindi_for_who_reads_hindi(taken_up: Household, visitor: Visitor):
    clerk = signed_in(visitor, "C1")
    clerk.get("/todo?lang=hi")

    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", **{"current_reading-0": "17088"})

    assert "चार हज़ार छियालीस रुपये सत्तर पैसे कम" in page.text


def test_a_fault_is_shown_at_its_field_and_what_was_typed_stays(clerk: Visitor):
    page = clerk.send(
        clerk.get(PAGE), at=PAGE, preview="1", note="As on the photo.", **{"current_reading-0": "1x"}
    )

    assert page.status == 422
    assert "Current reading: Enter whole numbers only" in page.text
    assert page.find("current_reading-0-e") is not None
    fields = page.form(PAGE).fields
    assert (fields["current_reading-0"], fields["note"]) == (["1x"], ["As on the photo."])


def test_a_reading_below_the_previous_one_is_named_with_its_field(clerk: Visitor):
    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", **{"current_reading-0": "16000"})

    assert "Current reading: This is below the previous reading." in page.text


def test_an_unusual_number_of_units_is_not_called_confirmed_while_it_is_typed(clerk: Visitor):
    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", **{"current_reading-0": "99999"})

    assert re.search(r"from the readings; \d+ times as many as usual Months", page.text)


def test_another_bill_of_the_connection_can_be_added(clerk: Visitor, taken_up: Household):
    september = taken_up.bills[1].bill_no

    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", add_bill=september)

    assert page.form(PAGE).fields["bill_no-1"] == [september]


def test_a_proposal_leads_back_to_the_request(clerk: Visitor):
    page = proposes(clerk, note="As on the photo.", **{"current_reading-0": "17088"})

    assert (page.status, page.location) == (303, f"/todo/{NUMBER}?done=propose")
    assert the_request().status == "proposed"


def test_a_proposal_on_an_old_page_reports_that_another_officer_was_faster(clerk: Visitor):
    page = clerk.get(PAGE)
    office_acts(CLERK, Action.ASSIGN, assignee_id="S1")

    late = clerk.send(page, at=PAGE, propose="1", note="x y", **{"current_reading-0": "17088"})

    assert late.status == 409
    assert late.form(PAGE).fields["current_reading-0"] == ["17088"]


def test_the_approver_sees_exactly_what_is_approved(sdo: Visitor, taken_up: Household):
    proposed(taken_up)

    page = sdo.get(PAGE)

    assert "Approve ₹ 1,462.65" in page.text
    assert "₹ 25,000.00" in page.text
    assert "from the readings" in page.text and "30 days, rounded to whole months" in page.text
    assert page.form(ACTIONS).fields["figures_hash"] == [the_proposal().figures_hash]


def test_the_approver_sees_what_is_odd_and_that_the_officer_is_sure(sdo: Visitor, taken_up: Household):
    proposed(taken_up, current_reading="16880", sure="1")

    assert (
        "The units come to zero. The officer has confirmed this; the note gives the reason."
        in sdo.get(PAGE).text
    )


def test_the_page_says_who_may_approve_and_what_earlier_revisions_count(clerk: Visitor, taken_up: Household):
    revised_without_a_complaint(taken_up)

    page = clerk.get(PAGE)
    page = clerk.send(page, at=PAGE, preview="1", **{"current_reading-0": "17089"})

    assert "Can be approved by the Sub-divisional officer or above" in page.text
    assert "₹ 4,046.70 of this was changed earlier" in page.text


def test_the_approver_sees_that_a_reading_has_decided_the_basis(sdo: Visitor, taken_up: Household):
    with transaction() as session:
        session.get(Bill, taken_up.bill_no).bill_basis = "PROV"  # type: ignore[union-attr]
    proposed(taken_up, basis="PROV")

    assert "Basis PROV → MU" in sdo.get(PAGE).text


def test_approving_writes_the_revised_bill(sdo: Visitor, taken_up: Household):
    proposed(taken_up)

    page = sdo.send(sdo.get(PAGE), at=ACTIONS, action="approve")

    assert page.status == 303
    assert the_request().status == "resolved"
    assert [bill.amount_paise for bill in rows(Bill) if bill.revises] == [1462_65]


def test_approving_asks_for_a_fresh_code_first(taken_up: Household, visitor: Visitor):
    proposed(taken_up)
    sdo = signed_in(visitor, "S1")

    page = sdo.send(sdo.get(PAGE), at=ACTIONS, action="approve")
    assert (page.form(having="code").action, the_request().status) == (ACTIONS, "proposed")

    sdo.send(page, at=ACTIONS, code=code())
    assert the_request().status == "resolved"


def test_an_edit_between_looking_and_approving_shows_both_versions(sdo: Visitor, taken_up: Household):
    proposed(taken_up)
    page = sdo.get(PAGE)
    decide(EE, NUMBER, ActionRequest(Action.SEND_BACK, remark="Once more.", version=the_request().version))
    proposed(taken_up, current_reading="17000")

    late = sdo.send(page, at=ACTIONS, action="approve")

    assert late.status == 409
    assert "₹ 1,462.65" in late.text and "17088" in late.text
    assert "17000" in late.text
    assert the_request().status == "proposed"


def test_who_proposed_is_offered_no_approval(clerk: Visitor, taken_up: Household):
    proposed(taken_up)

    page = clerk.get(PAGE)

    assert "Another officer must decide" in page.text
    assert "Approve ₹" not in page.text


def test_above_the_limit_the_next_post_is_named(sdo: Visitor, taken_up: Household):
    proposed(taken_up, current_reading="27688", sure="1")

    page = sdo.get(PAGE)

    assert "Approve ₹" not in page.text
    assert "Executive engineer" in page.text


def test_sending_back_by_the_page_frees_the_figures(sdo: Visitor, taken_up: Household):
    proposed(taken_up)

    page = sdo.get(PAGE)
    token = page.form(ACTIONS).fields["csrf_token"][0]
    sent = {"action": "send_back", "remark": "The photo says otherwise.", "csrf_token": token}
    sdo.post(ACTIONS, {**sent, "version": str(the_request().version)})

    assert [revision.state for revision in rows(Revision)] == ["sent_back"]


@pytest.mark.parametrize(
    "extra", ["state", "decided_by", "amount_paise-0", "units-0", "proposed_by", "energy_charge_paise-0"]
)
def test_a_figure_sent_along_changes_nothing(clerk: Visitor, extra: str):
    fields = {"current_reading-0": "17088", extra: "1", "note": "As on the photo."}

    proposes(clerk, **fields)

    (revision,) = rows(Revision)
    assert (revision.state, revision.decided_by, revision.proposed_by) == ("proposed", None, "C1")
    assert revision.revised_paise == 1462_65


def test_a_request_is_taken_up_next_to_its_figures_which_stay(complainant: Household, visitor: Visitor):
    tariff_and_limits()
    clerk = signed_in(visitor, "C1")
    typed_so_far = {"current_reading-0": "1050", "note": "As on the photo."}

    page = clerk.send(clerk.get(f"{PAGE}?list=/pending"), at=PAGE, take_up="1", **typed_so_far)

    assert (page.status, the_request().assignee_id) == (200, "C1")
    form = page.form(f"{PAGE}")
    assert (form.fields["current_reading-0"], form.fields["note"]) == (["1050"], ["As on the photo."])
    assert (form.action, form.fields["version"]) == (f"{PAGE}?list=/pending", ["2"])
    assert "propose" in form.fields
    assert "You have taken up this request." in page.text


def test_proposing_takes_a_new_request_up(complainant: Household, visitor: Visitor):
    tariff_and_limits()
    clerk = signed_in(visitor, "C1")

    page = proposes(clerk, note="As on the photo.", **{"current_reading-0": "1050"})

    assert (page.status, the_request().status) == (303, "proposed")
    assert [event.action for event in rows(Event)] == ["register", "take_up", "propose"]


def test_in_a_pooled_office_nothing_is_taken_up_by_proposing(complainant: Household, visitor: Visitor):
    tariff_and_limits()
    with transaction() as session:
        session.get(Office, OFFICE).pooled = True  # type: ignore[union-attr]

    page = signed_in(visitor, "C1").get(PAGE)

    assert "allots requests in order" in page.text
    assert "Take up and propose" not in page.text


def test_the_later_bills_are_revised_along_with_one_tick(clerk: Visitor, taken_up: Household):
    september = taken_up.bills[1].bill_no
    with transaction() as session:
        session.get(Bill, september).current_reading = 16880  # type: ignore[union-attr]
    page = clerk.get(f"{PAGE}?bill_no={september}")

    shown = clerk.send(page, at=PAGE, preview="1", later_bills="1", **{"current_reading-0": "16900"})

    assert shown.form(PAGE).fields["previous_reading-1"] == ["16900"]


def test_a_later_bill_in_another_complaint_is_named_and_left_out(clerk: Visitor, taken_up: Household):
    september, october = taken_up.bills[1].bill_no, taken_up.bill_no
    with transaction() as session:
        session.get(Bill, september).current_reading = 16880  # type: ignore[union-attr]
        session.execute(sa.update(DisputedBill).values(bill_no=september, first_bill_no=september))
    a_service_request(taken_up, OTHER)

    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", **{"current_reading-0": "16900"})

    assert f"Bill {october} is in complaint {grouped_complaint_no(OTHER)}, which is still open." in page.text
    assert "later_bills" not in page.form(PAGE).fields
    sent = clerk.send(page, at=PAGE, preview="1", later_bills="1", **{"current_reading-0": "16900"})
    assert "bill_no-1" not in sent.form(PAGE).fields
    assert f"{october}: in complaint {grouped_complaint_no(OTHER)}" in page.text


def test_an_added_bill_can_be_removed_and_the_other_figures_stay(clerk: Visitor, taken_up: Household):
    september = taken_up.bills[1].bill_no
    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", add_bill=september)

    removed = clerk.send(page, at=PAGE, remove_bill=september, **{"current_reading-0": "17088"})

    fields = removed.form(PAGE).fields
    assert ("bill_no-1" in fields, fields["current_reading-0"]) == (False, ["17088"])
    assert f"Remove bill {september}" in page.text
    assert "Remove bill" not in removed.text


def test_the_approver_sees_the_later_bills_and_no_word_about_the_makers_part(
    clerk: Visitor, sdo: Visitor, taken_up: Household
):
    september, october = taken_up.bills[1].bill_no, taken_up.bill_no
    with transaction() as session:
        session.get(Bill, september).current_reading = 16880  # type: ignore[union-attr]
        session.execute(sa.update(DisputedBill).values(bill_no=september, first_bill_no=september))
    made = proposes(
        clerk,
        note="As on the photo.",
        **{"previous_reading-0": "16000", "current_reading-0": "16900", "sure-0": "1"},
    )

    page = sdo.get(PAGE)

    assert made.status == 303
    assert "Later bills start from the old reading of this bill" in page.text and october in page.text
    assert "You cannot approve your own proposal." not in page.text


def test_the_change_of_several_bills_is_named_as_their_sum(clerk: Visitor, taken_up: Household):
    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", add_bill=taken_up.bills[1].bill_no)

    assert "This is the sum of the changes of 2 bills. You cannot approve your own proposal." in page.text


@pytest.mark.parametrize(
    ("status", "resolution", "proposer", "words"),
    [
        ("proposed", "revised", "S1", "This proposal has no revised figures. Send it back."),
        ("proposed", "revised", "C1", "Your proposal has no revised figures. Withdraw it"),
        ("proposed", "not_needed", "S1", "A decision that changes no bill awaits approval."),
        ("info_requested", None, None, "The consumer’s reply is awaited."),
        ("resolved", "not_needed", "C1", "This request is decided."),
        ("withdrawn", None, None, "The consumer has withdrawn this request."),
    ],
)
def test_a_status_without_a_revision_shows_no_form_and_says_what_to_do(
    clerk: Visitor, status: str, resolution: str | None, proposer: str | None, words: str
):
    update_rows(
        ServiceRequest,
        ServiceRequest.complaint_no == NUMBER,
        status=status,
        resolution=resolution,
        proposed_by=proposer,
    )

    page = clerk.get(PAGE)

    assert (page.status, words in page.text) == (200, True)
    assert PAGE not in [form.action for form in page.forms]
    assert f"/todo/{NUMBER}" in page.links


def test_a_sum_that_was_not_shown_is_refused_with_both_sums_and_taken_when_sent_again(clerk: Visitor):
    fields = {"current_reading-0": "17088", "note": "As on the photo."}

    refused = clerk.send(clerk.get(PAGE), at=PAGE, propose="1", **fields)
    taken = clerk.send(refused, at=PAGE, propose="1")

    assert refused.status == 422
    summary = " ".join("".join(refused.find("error-summary").itertext()).split())
    assert "₹ 5,509.35" in summary and "₹ 1,462.65" in summary
    assert (taken.status, [one.revised_paise for one in rows(Revision)]) == (303, [1462_65])


@pytest.mark.parametrize("pressed", ["preview", "propose"])
def test_reason_and_note_survive_that_the_bill_has_been_revised(
    clerk: Visitor, taken_up: Household, pressed: str
):
    page = clerk.get(PAGE)
    revised_without_a_complaint(taken_up)
    sent = {pressed: "1", "note": "The photo shows 17001.", "current_reading-0": "17001"}

    late = clerk.send(page, at=PAGE, **sent)

    fields = late.form(PAGE).fields
    assert (late.status, fields["note"]) == (409, ["The photo shows 17001."])
    assert fields["bill_no-0"] == [rows(Bill)[-1].bill_no]


def revised_without_a_complaint(household: Household) -> None:
    """Two officers have revised the same bill by themselves, before bills in a complaint were kept from that."""
    with transaction() as session:
        session.execute(sa.update(DisputedBill).values(is_open=False))
    revision_request = RevisionRequest([typed(household)], "own_check", "Found by us.")
    _, revision_id = without_request.propose(CLERK, household.account_no, revision_request)
    (own,) = [one for one in rows(Revision) if one.id == revision_id]
    without_request.approve(SDO, own.id, own.version, own.figures_hash)


def test_a_note_has_no_signs_that_hide_something_and_its_lines_count_once(clerk: Visitor):
    note = "One\u202e line\x07\r\n" + "\r\n".join(["x" * 98] * 10)

    sent = proposes(clerk, note=note, **{"current_reading-0": "17088"})

    assert sent.status == 303
    assert [one.note for one in rows(Revision)] == ["One line\n" + "\n".join(["x" * 98] * 10)]


def test_a_withdrawn_proposal_offers_its_figures_to_its_maker_again(clerk: Visitor, taken_up: Household):
    proposed(taken_up)

    done = clerk.send(clerk.get(PAGE), at=ACTIONS, action="withdraw_proposal")

    fields = clerk.get(done.location).form(PAGE).fields
    assert (fields["current_reading-0"], fields["note"]) == (["17088"], ["The photo shows 17088."])
    assert [revision.state for revision in rows(Revision)] == ["withdrawn"]
    assert (the_request().status, the_request().assignee_id) == ("in_review", "C1")


def test_only_its_maker_withdraws_a_proposal(sdo: Visitor, taken_up: Household):
    proposed(taken_up)

    refused = sdo.send(sdo.get(PAGE), at=ACTIONS, action="withdraw_proposal")

    assert refused.status == 409
    assert the_proposal().state == "proposed"


def test_a_withdrawn_refusal_is_offered_to_its_maker_again(clerk: Visitor):
    office_acts(CLERK, Action.PROPOSE, resolution=Resolution.REFUSED, remark="The meter is right.")

    done = clerk.send(clerk.get(f"/todo/{NUMBER}"), at=ACTIONS, action="withdraw_proposal")

    assert "The meter is right." in clerk.get(done.location).text


def test_a_decided_revision_is_shown_and_cannot_be_edited(clerk: Visitor, taken_up: Household):
    proposed(taken_up)
    approve()
    [bill] = rows(RevisedBill)

    page = clerk.get(PAGE)

    assert "current_reading-0" not in page.text
    assert all(words in page.text for words in (str(bill.revised_bill_no), "₹ 1,462.65", "Approved by"))
    assert "not yet accepted by the billing system" in page.text
