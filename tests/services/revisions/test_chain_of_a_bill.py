"""All numbers of one bill are one bill: for limits of posts, for complaints, for what is confirmed."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household
from tests.fixtures.bill_revision import EE, approve, proposed, typed
from tests.fixtures.complaint_handling import CLERK, NUMBER, SDO, consumer_of, office_acts, rows, the_request
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.approval import ApprovalLimitExceeded
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import Action
from wss.domain.outcome import RequestOutcome
from wss.models import Bill, DisputedBill, Revision
from wss.queries.bills import latest_bills, open_disputes
from wss.queries.connections import connections_of
from wss.queries.service_requests import visible_request
from wss.services.requests.actions import take_action
from wss.services.requests.creation import BillReplaced, BillTaken
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.outcomes import outcome_of
from wss.services.requests.submission import register_draft, save_draft
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions import for_request, without_request
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest


def newest(household: Household) -> str:
    return latest_of(household)[0].bill_no


def latest_of(household: Household) -> list[Any]:
    with reading():
        return latest_bills(household.account_no, None)


def put_forward(household: Household, current: int) -> RevisionDraft:
    form = RevisionRequest(
        [typed(household, bill_no=newest(household), current_reading=str(current), sure="1")],
        "own_check",
        "Found by us.",
    )
    return without_request.propose(CLERK, household.account_no, form)[0]


def decide(actor: Any) -> None:
    one = rows(Revision)[-1]
    without_request.approve(actor, one.id, one.version, one.figures_hash)


def lodge(household: Household, bill_no: str) -> str:
    me = consumer_of(household)
    answers = {"bill_no": [bill_no], "reason": "wrong_reading"}
    form = FilledForm(new_form_token(), "BILL_CORRECTION", {}, answers)
    return register_draft(me, save_draft(me, household.account_no, form).form_token)


def answered(household: Household, action: Action) -> None:
    take_action(consumer_of(household), NUMBER, ActionRequest(action, remark="Said."))


def outcome() -> RequestOutcome:
    with reading():
        found = outcome_of(the_request().id, "revised")
    assert found is not None
    return found


# The bill of 808 units rises by 3,000 units, which an SDO may approve once; each second step would be theirs by itself.
@pytest.mark.parametrize("second", [17688 + 6000, 17688], ids=["further up", "back again"])
def test_several_revisions_of_a_bill_count_together_for_the_limit_of_a_post(
    settled: Household, second: int
) -> None:
    assert put_forward(settled, 17688 + 3000).approver == "sdo"
    decide(SDO)

    assert put_forward(settled, second).approver == "ee"
    with pytest.raises(ApprovalLimitExceeded):
        decide(SDO)
    decide(EE)


def test_a_revision_for_a_complaint_counts_with_those_without_one(settled: Household) -> None:
    put_forward(settled, 17688 + 3000)
    decide(SDO)
    number = lodge(settled, newest(settled))
    office_acts(CLERK, Action.TAKE_UP, number)

    form = RevisionRequest(
        [typed(settled, bill_no=newest(settled), current_reading="17088")], "wrong_reading", "Read."
    )
    assert for_request.propose(CLERK, number, form).approver == "ee"
    assert the_request(number).holder_role == "ee"


def test_a_revised_bill_is_in_the_open_complaint_about_the_bill_as_issued(revised_home: Household) -> None:
    with pytest.raises(BillTaken):
        lodge(revised_home, newest(revised_home))
    with reading():
        assert [one.complaint_no for one in open_disputes([newest(revised_home)])] == [NUMBER]
        [tile] = connections_of(int(consumer_of(revised_home).id), now())
    assert [bill.is_disputed for bill in latest_of(revised_home)[:3]] == [True, True, False]
    assert (tile.bill_no, tile.open_complaint_no) == (newest(revised_home), NUMBER)


def test_a_bill_that_was_replaced_is_not_disputed_by_itself(revised_home: Household) -> None:
    answered(revised_home, Action.CONFIRM)

    with pytest.raises(BillReplaced):
        lodge(revised_home, revised_home.bill_no)
    assert lodge(revised_home, newest(revised_home))


def test_a_complaint_that_is_opened_again_takes_no_bill_out_of_another_one(revised_home: Household) -> None:
    answered(revised_home, Action.CONFIRM)
    lodge(revised_home, newest(revised_home))

    answered(revised_home, Action.REOPEN)

    assert [one.bill_no for one in rows(DisputedBill) if one.is_open] == [newest(revised_home)]


def test_while_a_complaint_is_not_closed_its_bill_is_revised_in_it_only(revised_home: Household) -> None:
    assert put_forward(revised_home, 17100).wrong == {"figures": "bill_in_complaint"}


def test_a_complaint_about_another_bill_revises_none_that_is_in_a_complaint(taken_up: Household) -> None:
    older = latest_of(taken_up)[1].bill_no
    number = lodge(taken_up, older)
    office_acts(CLERK, Action.TAKE_UP, number)

    form = RevisionRequest([typed(taken_up)], "wrong_reading", "The photo shows 17088.")
    assert for_request.propose(CLERK, number, form).wrong == {"figures": "bill_in_complaint"}


def test_a_proposal_of_before_the_complaint_is_not_approved_beside_it(settled: Household) -> None:
    put_forward(settled, 17088)
    lodge(settled, settled.bill_no)

    with pytest.raises(Forbidden, match="bill_in_complaint"):
        decide(SDO)


def test_what_is_to_be_confirmed_is_the_bill_as_an_import_has_changed_it(revised_home: Household) -> None:
    assert (outcome().revised_paise, outcome().is_as_decided) == (1462_65, True)

    with transaction() as session:
        session.execute(sa.update(Bill).where(Bill.revises.is_not(None)).values(amount_paise=900_00))

    assert (outcome().revised_paise, outcome().is_as_decided) == (900_00, False)


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"current_reading": "16880"}, "no_units"),
        ({"current_reading": "16885"}, "tenth_of_usual"),
        ({"previous_reading": "16700"}, "not_from_month_before"),
    ],
)
def test_odd_figures_need_the_officer_to_be_sure_and_the_approver_to_see_it(
    taken_up: Household, changes: dict[str, str], doubt: str
) -> None:
    with transaction() as session:
        before = session.get(Bill, latest_of(taken_up)[1].bill_no)
        assert before is not None
        before.current_reading = 16880

    form = RevisionRequest([typed(taken_up, **changes)], "wrong_reading", "The photo shows it.")
    assert for_request.propose(CLERK, NUMBER, form).wrong == {"sure-0": doubt}
    proposed(taken_up, sure="1", **changes)
    approve()


def test_a_bill_that_is_revised_along_starts_from_the_corrected_reading_without_a_question(
    taken_up: Household,
) -> None:
    before = latest_of(taken_up)[1].bill_no
    with transaction() as session:
        bill = session.get(Bill, before)
        assert bill is not None
        bill.previous_reading, bill.current_reading, bill.units = 16680, 16880, 200
    earlier = typed(taken_up, bill_no=before, previous_reading="16680", current_reading="16890")

    form = RevisionRequest([earlier], "wrong_reading", "The photo shows it.", later_bills=True)
    with reading():
        draft = for_request.preview(visible_request(CLERK, NUMBER, now()), form)

    assert [list(sheet.doubts) for sheet in draft.sheets] == [[], []]


def test_bills_without_a_reading_follow_each_other_without_a_question(taken_up: Household) -> None:
    newest, before = latest_of(taken_up)[0].bill_no, latest_of(taken_up)[1].bill_no
    unread = {"previous_reading": 900, "current_reading": 900, "bill_basis": "PROV"}
    with transaction() as session:
        session.execute(sa.update(Bill).where(Bill.bill_no.in_([newest, before])).values(unread))
    figures = [(before, "900", "1000"), (newest, "1000", "1120")]

    form = RevisionRequest(
        [typed(taken_up, bill_no=no, previous_reading=one, current_reading=to) for no, one, to in figures]
    )
    with reading():
        draft = for_request.preview(visible_request(CLERK, NUMBER, now()), form)

    assert [list(sheet.doubts) for sheet in draft.sheets] == [[], []]
