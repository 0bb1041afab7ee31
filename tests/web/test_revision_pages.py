"""The page of a bill revision as officers meet it: worked out, proposed, approved for exactly its figures."""

from typing import Any

import pytest

from tests.factories import Household, sign_in_staff
from tests.fixtures.officers import CLERK, NUMBER, SDO, office_acts, rows, the_request
from tests.fixtures.revising import EE, proposed, tariff_and_limits, the_proposal, typed
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.lifecycle import Action
from wss.models import Bill, Revision
from wss.services import own_revisions
from wss.services.revising import Move, Wish, decide

PAGE = f"/todo/{NUMBER}/revision"
ACTIONS = f"/todo/{NUMBER}/actions"


def signed_in(visitor: Visitor, employee_id: str, language: str = "en", **wishes: Any) -> Visitor:
    sign_in_staff(visitor, employee_id, **wishes)
    visitor.get(f"/todo?lang={language}")
    return visitor


@pytest.fixture
def clerk(taken_up: Household, visitor: Visitor) -> Visitor:
    return signed_in(visitor, "C1")


@pytest.fixture
def sdo(taken_up: Household, another_visitor: Visitor) -> Visitor:
    return signed_in(another_visitor, "S1", stepped_up=True)


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
    assert "Rs four thousand forty-six and seventy paise less" in page.text
    assert "Propose ₹ 1,462.65" in page.text
    assert rows(Revision) == []


def test_recomputing_with_htmx_answers_the_part_alone(clerk: Visitor):
    page = clerk.fill(PAGE, htmx=True, preview="1", **{"current_reading-0": "17088"})

    assert page.text.lstrip().startswith('<div id="revision"') or "<html" not in page.text
    assert "−₹ 4,046.70" in page.text


def test_the_words_are_hindi_for_who_reads_hindi(taken_up: Household, visitor: Visitor):
    clerk = signed_in(visitor, "C1", "hi")

    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", **{"current_reading-0": "17088"})

    assert "चार हज़ार छियालीस रुपये सत्तर पैसे कम" in page.text


def test_a_fault_is_told_at_its_field_and_what_was_typed_stays(clerk: Visitor):
    page = clerk.send(
        clerk.get(PAGE), at=PAGE, preview="1", note="As on the photo.", **{"current_reading-0": "1x"}
    )

    assert page.status == 422
    assert page.find("current_reading-0-e") is not None
    fields = page.form(PAGE).fields
    assert (fields["current_reading-0"], fields["note"]) == (["1x"], ["As on the photo."])


def test_another_bill_of_the_connection_can_be_added(clerk: Visitor, taken_up: Household):
    september = taken_up.bills[1].bill_no

    page = clerk.send(clerk.get(PAGE), at=PAGE, preview="1", add_bill=september)

    assert page.form(PAGE).fields["bill_no-1"] == [september]


def test_a_proposal_leads_back_to_the_request(clerk: Visitor):
    page = clerk.send(
        clerk.get(PAGE),
        at=PAGE,
        propose="1",
        note="As on the photo.",
        **{"current_reading-0": "17088"},
    )

    assert (page.status, page.location) == (303, f"/todo/{NUMBER}?done=propose")
    assert the_request().status == "proposed"


def test_a_proposal_without_a_note_is_told_so(clerk: Visitor):
    page = clerk.send(clerk.get(PAGE), at=PAGE, propose="1", **{"current_reading-0": "17088"})

    assert page.status == 422
    assert page.find("note-e") is not None


def test_a_proposal_on_an_old_page_is_told_that_somebody_was_faster(clerk: Visitor):
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
    assert page.form(ACTIONS).fields["figures_hash"] == [the_proposal().figures_hash]


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

    assert page.location is not None and page.location.startswith("/staff/step-up")
    assert the_request().status == "proposed"


def test_an_edit_between_looking_and_approving_shows_both_versions(sdo: Visitor, taken_up: Household):
    proposed(taken_up)
    page = sdo.get(PAGE)
    decide(EE, NUMBER, Move(Action.SEND_BACK, remark="Once more.", version=the_request().version))
    proposed(taken_up, current_reading="17000")

    late = sdo.send(page, at=ACTIONS, action="approve")

    assert late.status == 409
    assert "₹ 1,462.65" in late.text and "17088" in late.text
    assert "17000" in late.text
    assert the_request().status == "proposed"


def test_an_import_between_looking_and_approving_shows_both_versions(sdo: Visitor, taken_up: Household):
    proposed(taken_up)
    page = sdo.get(PAGE)
    with transaction() as session:
        session.get(Bill, taken_up.bill_no).arrears_paise = 77_00  # type: ignore[union-attr]

    late = sdo.send(page, at=ACTIONS, action="approve")

    assert late.status == 409
    assert "₹ 77.00" in late.text


def test_who_proposed_is_offered_no_approval(clerk: Visitor, taken_up: Household):
    proposed(taken_up)

    page = clerk.get(PAGE)

    assert "another officer decides" in page.text
    assert "Approve ₹" not in page.text


def test_above_the_limit_the_next_post_is_named(sdo: Visitor, taken_up: Household):
    proposed(taken_up, current_reading="27688")

    page = sdo.get(PAGE)

    assert "Approve ₹" not in page.text
    assert "Executive engineer" in page.text


def test_an_approval_over_the_limit_is_refused_though_it_was_not_offered(sdo: Visitor, taken_up: Household):
    proposed(taken_up, current_reading="27688")

    page = sdo.send(
        sdo.get(PAGE),
        at=ACTIONS,
        action="approve",
        figures_hash=the_proposal().figures_hash,
    )

    assert page.status == 409
    assert the_request().status == "proposed"


def test_sending_back_by_the_page_frees_the_figures(sdo: Visitor, taken_up: Household):
    proposed(taken_up)

    form = sdo.get(PAGE)
    sdo.post(
        f"/todo/{NUMBER}/actions",
        {
            "csrf_token": form.form(ACTIONS).fields["csrf_token"][0],
            "action": "send_back",
            "remark": "The photo says otherwise.",
            "version": str(the_request().version),
        },
    )

    assert [revision.state for revision in rows(Revision)] == ["sent_back"]


@pytest.mark.parametrize(
    "extra", ["state", "decided_by", "amount_paise-0", "units-0", "proposed_by", "energy_charge_paise-0"]
)
def test_a_figure_sent_along_changes_nothing(clerk: Visitor, extra: str):
    fields = {"current_reading-0": "17088", extra: "1", "note": "As on the photo."}

    clerk.send(clerk.get(PAGE), at=PAGE, propose="1", **fields)

    (revision,) = rows(Revision)
    assert (revision.state, revision.decided_by, revision.proposed_by) == ("proposed", None, "C1")
    assert revision.revised_paise == 1462_65


def test_another_offices_request_is_not_there(taken_up: Household, visitor: Visitor):
    assert signed_in(visitor, "C1").get("/todo/10000000024/revision").status == 404


def test_a_request_is_taken_up_beside_its_figures_which_stay(complaining: Household, visitor: Visitor):
    tariff_and_limits()
    clerk = signed_in(visitor, "C1")
    typed_so_far = {"current_reading-0": "1050", "note": "As on the photo."}

    page = clerk.send(clerk.get(f"{PAGE}?list=/pending"), at=PAGE, take_up="1", **typed_so_far)

    assert (page.status, the_request().assignee_id) == (200, "C1")
    form = page.form(f"{PAGE}")
    assert (form.fields["current_reading-0"], form.fields["note"]) == (["1050"], ["As on the photo."])
    assert (form.action, form.fields["version"]) == (f"{PAGE}?list=/pending", ["2"])
    assert "propose" in form.fields
    assert "You have taken it up." in page.text


@pytest.mark.parametrize("pressed", ["preview", "propose"])
def test_reason_and_note_survive_that_the_bill_was_revised_meanwhile(
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
    """Two officers revise the same bill by themselves."""
    wish = Wish([typed(household)], "own_check", "Found by us.")
    _, revision_id = own_revisions.propose(CLERK, household.account_no, wish)
    (own,) = [one for one in rows(Revision) if one.id == revision_id]
    own_revisions.approve(SDO, own.id, own.version, own.figures_hash)


def test_a_note_has_no_signs_that_hide_something_and_its_lines_count_once(clerk: Visitor):
    note = "One\u202e line\x07\r\n" + "\r\n".join(["x" * 98] * 10)

    sent = clerk.send(clerk.get(PAGE), at=PAGE, propose="1", note=note, **{"current_reading-0": "17088"})

    assert sent.status == 303
    assert [one.note for one in rows(Revision)] == ["One line\n" + "\n".join(["x" * 98] * 10)]
