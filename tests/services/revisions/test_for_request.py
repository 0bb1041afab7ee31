"""Revision of a bill: computed by one officer, approved by another for exactly its figures, seen by the consumer."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests.factories import Household, given, update_rows
from tests.fixtures.bill_revision import (
    EE,
    a_revision_request,
    approve,
    change,
    proposed,
    revised_bill,
    seen_request,
    the_proposal,
    typed,
)
from tests.fixtures.complaint_handling import CLERK, NUMBER, SDO, consumer_of, office_acts, rows, the_request
from wss.db import Database, reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.approval import ApprovalLimitExceeded
from wss.domain.errors import Forbidden, NotFound, Outdated, RuleBroken
from wss.domain.lifecycle import Action, Resolution
from wss.domain.revision import figures_hash
from wss.models import Bill, BillingPost, KindRow, Reason, RevisedBill, Revision, Staff
from wss.queries.bills import consumption, latest_bills
from wss.queries.effective_bills import connection_of, effective_bills
from wss.queries.registrations import latest_bill_numbers
from wss.queries.revisions import bills_of_revision
from wss.schema import downgrade, upgrade
from wss.services.requests.actions import take_action
from wss.services.revisions.for_request import (
    ActionRequest,
    begin,
    begin_with,
    decide,
    preview,
    propose,
    reasons_for,
)
from wss.services.revisions.revision_draft import RevisionRequest


def send_back(actor: Actor = SDO, remark: str = "Look at the photo again.") -> None:
    decide(actor, NUMBER, ActionRequest(Action.SEND_BACK, remark=remark, version=the_request().version))


def test_the_page_begins_with_the_disputed_bill_as_it_was_issued(taken_up: Household):
    with reading():
        draft = begin(seen_request())

    assert [sheet.bill.bill_no for sheet in draft.sheets] == [taken_up.bill_no]
    assert draft.is_same


def test_what_is_typed_is_worked_out_and_nothing_is_kept(taken_up: Household):
    with reading():
        draft = preview(seen_request(), a_revision_request(taken_up))

    assert (draft.issued_paise, draft.revised_paise, draft.change_paise) == (5509_35, 1462_65, 4046_70)
    assert draft.approver is Role.SDO
    assert rows(Revision) == []


def test_a_proposal_moves_the_request_on_with_its_figures(taken_up: Household):
    proposed(taken_up)

    request, (revision,), (bill,) = the_request(), rows(Revision), rows(RevisedBill)
    assert (request.status, request.resolution, request.proposed_by) == ("proposed", "revised", "C1")
    assert (revision.state, revision.issued_paise, revision.revised_paise) == ("proposed", 5509_35, 1462_65)
    assert (bill.units, bill.amount_paise, bill.is_open) == (208, 1462_65, True)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"current_reading": "16000"}, "current_reading", "reading_below_previous"),
        ({"current_reading": "many"}, "current_reading", "not_a_whole_number"),
        ({"current_reading": "99999999999"}, "current_reading", "beyond_reason"),
        ({"category": "LMV-7"}, "category", "unknown_category"),
        ({"basis": "??"}, "basis", "unknown_basis"),
        ({"new_meter_initial": "5"}, "old_meter_reading", "replacement_needs_both"),
    ],
)
def test_a_fault_is_shown_at_its_field_and_nothing_is_proposed(taken_up: Household, changes, field, code):
    draft = propose(CLERK, NUMBER, a_revision_request(taken_up, **changes))

    assert draft.sheets[0].wrong == {field: code}
    assert (the_request().status, rows(Revision)) == ("in_review", [])


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"reason": "no_such_reason"}, {"reason": "unknown_reason"}),
        ({"note": "  "}, {"note": "note_missing"}),
        ({"note": "x" * 1001}, {"note": "note_too_long"}),
    ],
)
def test_a_proposal_needs_a_reason_and_a_note(taken_up: Household, changes, wrong):
    whole = {"reason": "wrong_reading", "note": "The photo shows it.", "version": the_request().version}

    draft = propose(CLERK, NUMBER, RevisionRequest([typed(taken_up)], **(whole | changes)))

    assert draft.wrong == wrong


def test_a_revision_has_to_name_the_cause_that_the_consumer_did_not_know(taken_up: Household):
    given(Reason(code="too_high", name="The bill is much too high", name_hi="बिल बहुत ज़्यादा आया है"))
    with transaction() as session:
        session.get_one(KindRow, "BILL_CORRECTION").reasons = "too_high wrong_reading other"

    with reading():
        assert reasons_for(seen_request()) == ["wrong_reading", "other"]


def test_a_revision_that_changes_nothing_is_none(taken_up: Household):
    assert propose(CLERK, NUMBER, a_revision_request(taken_up, current_reading="17688")).wrong == {
        "figures": "nothing_changed"
    }


def test_a_bill_of_another_connection_is_not_there(taken_up: Household):
    with pytest.raises(NotFound):
        propose(CLERK, NUMBER, a_revision_request(taken_up, bill_no="999"))


def test_several_bills_are_revised_in_one_go(taken_up: Household):
    september = taken_up.bills[1].bill_no
    first = typed(taken_up, bill_no=september, previous_reading="900", current_reading="950")

    draft = propose(
        CLERK,
        NUMBER,
        RevisionRequest([first, typed(taken_up)], "wrong_reading", "Both are wrong.", the_request().version),
    )
    approve()

    assert draft.is_faultless
    assert [bill.revises for bill in rows(Bill) if bill.revises] == [september, taken_up.bill_no]


def test_two_proposals_at_once_are_one(taken_up: Household):
    form = a_revision_request(taken_up)
    propose(CLERK, NUMBER, form)

    with pytest.raises((Outdated, Forbidden)):
        propose(CLERK, NUMBER, form)

    assert len(rows(Revision)) == 1


def test_an_approved_revision_is_a_bill_with_its_own_number(taken_up: Household):
    proposed(taken_up)

    approve()

    bill = revised_bill()
    assert (bill.revises, bill.account_no, bill.bill_month) == (
        taken_up.bill_no,
        taken_up.account_no,
        "2026-10",
    )
    assert (bill.units, bill.current_reading, bill.amount_paise) == (208, 17088, 1462_65)
    assert bill.bill_no.startswith("RV")
    assert the_request().status == "resolved"
    assert the_request().approved_by == "S1"
    (kept,) = rows(RevisedBill)
    assert (kept.revised_bill_no, kept.is_open) == (bill.bill_no, False)


def test_an_approved_revision_is_on_its_way_to_the_billing_system(taken_up: Household):
    proposed(taken_up)

    approve()

    (post,) = rows(BillingPost)
    assert post.payload["id"] == post.id
    assert post.payload["bill_no"] == taken_up.bill_no
    assert post.payload["revised_bill_no"] == revised_bill().bill_no
    assert post.payload["lines"][-1] == {"name": "amount", "issued_paise": 5509_35, "revised_paise": 1462_65}


def test_what_was_paid_counts_for_the_revised_bill(taken_up: Household):
    change(Bill, taken_up.bill_no, paid_amount_paise=100_00)
    proposed(taken_up)

    approve()

    assert revised_bill().paid_amount_paise == 100_00


def test_no_one_approves_their_own_proposal(taken_up: Household):
    propose(SDO, NUMBER, a_revision_request(taken_up))

    with pytest.raises(Forbidden, match="own_proposal"):
        approve(SDO)

    assert (the_request().status, rows(BillingPost)) == ("proposed", [])


def test_the_database_itself_refuses_one_person_for_both(taken_up: Household):
    proposed(taken_up)

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(sa.update(Revision).values(state="approved", decided_by="C1"))


def test_a_clerk_approves_nothing(taken_up: Household):
    propose(SDO, NUMBER, a_revision_request(taken_up))

    with pytest.raises(Forbidden):
        approve(CLERK)


def test_above_the_limit_of_the_sdo_the_ee_approves(taken_up: Household):
    proposed(taken_up, current_reading="27688", sure="1")

    with pytest.raises(ApprovalLimitExceeded) as refused:
        approve(SDO)
    approve(EE)

    assert refused.value.role is Role.EE
    assert revised_bill().units == 10808


def test_no_one_approves_for_their_own_connection(taken_up: Household):
    proposed(taken_up)
    change(Staff, "S1", mobile=taken_up.connection.mobile_on_record)

    with pytest.raises(Forbidden, match="own_connection"):
        approve()


def test_no_one_proposes_for_their_own_connection(taken_up: Household):
    change(Staff, "C1", mobile=taken_up.connection.mobile_on_record)

    with pytest.raises(Forbidden, match="own_connection"):
        propose(CLERK, NUMBER, a_revision_request(taken_up))


def test_figures_that_were_not_seen_are_not_approved(taken_up: Household):
    proposed(taken_up)

    with pytest.raises(Outdated):
        approve(figures_hash="0" * 64)

    assert the_request().status == "proposed"


def test_an_edit_between_looking_and_approving_voids_what_was_seen(taken_up: Household):
    looked_at = proposed(taken_up).figures_hash
    send_back(EE)
    proposed(taken_up, current_reading="17000")

    with pytest.raises(Outdated):
        approve(figures_hash=looked_at)
    approve()

    assert revised_bill().current_reading == 17000


@pytest.mark.parametrize("column", ["amount_paise", "arrears_paise", "units", "previous_reading"])
def test_an_import_between_looking_and_approving_voids_what_was_seen(taken_up: Household, column: str):
    proposed(taken_up)
    change(Bill, taken_up.bill_no, **{column: 1})

    with pytest.raises(Outdated, match="figures_changed"):
        approve()

    assert the_request().status == "proposed"


@pytest.mark.parametrize("column", ["amount_paise", "load_w", "bill_no", "new_meter_initial"])
def test_figures_tampered_with_in_the_database_are_not_approved(taken_up: Household, column: str):
    proposed(taken_up)
    other = {column: taken_up.bills[0].bill_no if column == "bill_no" else 1}
    update_rows(RevisedBill, **other)

    with pytest.raises(Outdated):
        approve()


def test_a_revision_that_was_sent_back_can_be_proposed_again(taken_up: Household):
    proposed(taken_up)
    send_back()

    assert [revision.state for revision in rows(Revision)] == ["sent_back"]
    assert the_request().status == "in_review"
    proposed(taken_up)
    assert [revision.state for revision in rows(Revision)] == ["sent_back", "proposed"]


def test_a_withdrawn_request_leaves_its_bills_free(taken_up: Household):
    proposed(taken_up)
    take_action(consumer_of(taken_up), NUMBER, ActionRequest(Action.WITHDRAW))
    assert [revision.state for revision in rows(Revision)] == ["void"]
    with transaction() as session:
        request = session.merge(the_request())
        request.status = "in_review"

    proposed(taken_up)

    assert [revision.state for revision in rows(Revision)] == ["void", "proposed"]


def test_a_bill_that_is_proposed_already_is_said_to_be(taken_up: Household):
    proposed(taken_up)
    with transaction() as session:
        session.execute(sa.update(Revision).values(service_request_id=None))
        session.merge(the_request()).status = "in_review"

    with pytest.raises(RuleBroken, match="bill_in_revision"):
        propose(CLERK, NUMBER, a_revision_request(taken_up))


def test_a_revised_month_counts_once(revised_home: Household):
    with reading():
        used = consumption(revised_home.account_no)
        lines = latest_bills(revised_home.account_no, int(consumer_of(revised_home).id))
    assert [(one.bill_month, one.units) for one in used][-1] == ("2026-10", 208)
    assert len(used) == 3
    assert [(line.bill_month, line.revises) for line in lines][:3] == [
        ("2026-10", revised_home.bill_no),
        ("2026-10", None),
        ("2026-09", None),
    ]
    assert lines[1].revised_by == lines[0].bill_no


def test_a_page_of_bills_does_not_end_within_a_revised_month(revised_home: Household):
    with reading():
        consumer_id = int(consumer_of(revised_home).id)
        first = latest_bills(revised_home.account_no, consumer_id, how_many=1)
        then = latest_bills(revised_home.account_no, consumer_id, "2026-10", how_many=1)
    assert [line.bill_month for line in first + then] == ["2026-10", "2026-10", "2026-09"]


def test_the_revised_number_proves_as_well_as_the_one_on_paper(revised_home: Household):
    with reading():
        latest = latest_bill_numbers(revised_home.account_no, 3)
    assert len(latest) == 3
    assert {revised_home.bill_no, revised_bill().bill_no} <= set(latest[0])


def test_a_revised_bill_can_be_revised_again(revised_home: Household):
    first = revised_bill().bill_no
    take_action(consumer_of(revised_home), NUMBER, ActionRequest(Action.REFUSE, remark="Still wrong."))
    office_acts(EE, Action.TAKE_UP)
    with reading():
        draft = begin(seen_request())
    assert [sheet.bill.bill_no for sheet in draft.sheets] == [first]

    proposed(revised_home, bill_no=first, current_reading="17000")
    approve()

    assert [bill.revises for bill in rows(Bill) if bill.revises] == [revised_home.bill_no, first]


def test_a_bill_that_has_been_revised_is_not_proposed_again(revised_home: Household):
    take_action(consumer_of(revised_home), NUMBER, ActionRequest(Action.REFUSE, remark="Still wrong."))
    office_acts(EE, Action.TAKE_UP)

    with pytest.raises(Outdated):
        propose(CLERK, NUMBER, a_revision_request(revised_home))


def test_a_bill_correction_is_not_resolved_as_revised_without_figures(taken_up: Household):
    office_acts(CLERK, Action.PROPOSE, resolution=Resolution.REVISED)

    with pytest.raises(Forbidden, match="revision_required"):
        decide(SDO, NUMBER, ActionRequest(Action.APPROVE))


def test_a_proposal_without_revision_is_decided_by_the_same_service(taken_up: Household):
    office_acts(CLERK, Action.PROPOSE, resolution=Resolution.NOT_NEEDED)

    decide(SDO, NUMBER, ActionRequest(Action.APPROVE))

    assert (the_request().status, rows(Revision)) == ("resolved", [])


def test_the_proposal_shows_who_made_it(taken_up: Household):
    proposed(taken_up)

    assert (the_proposal().proposed_by, the_proposal().proposed_role) == ("C1", "billing_clerk")


@pytest.mark.parametrize("change", [{"units": 209}, {"basis": "PROV"}, {"multiplying_factor_milli": 2000}])
def test_the_database_itself_refuses_units_that_are_not_of_the_readings(taken_up: Household, change: dict):
    proposed(taken_up)

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(sa.update(RevisedBill).values(change))


def test_a_reading_typed_on_a_provisional_bill_is_proposed_as_a_metered_one(taken_up: Household):
    change(Bill, taken_up.bill_no, bill_basis="PROV", current_reading=16880)

    proposed(taken_up, basis="PROV", current_reading="16935")
    approve()

    assert (revised_bill().bill_basis, revised_bill().units) == ("MU", 55)


def test_ten_times_the_usual_is_asked_about(taken_up: Household):
    draft = propose(CLERK, NUMBER, a_revision_request(taken_up, current_reading="18880"))

    assert draft.wrong == {"sure-0": "ten_times_usual"}
    assert proposed(taken_up, current_reading="18880", sure="1").revised[0].units == 2000


def test_a_sum_that_was_not_shown_is_not_proposed(taken_up: Household):
    form = replace(a_revision_request(taken_up), shown_amount="5509.35")

    draft = propose(CLERK, NUMBER, form)

    assert (draft.wrong, draft.shown_paise, draft.revised_paise) == (
        {"figures": "sum_differs"},
        5509_35,
        1462_65,
    )
    assert propose(CLERK, NUMBER, replace(form, shown_amount="1462.65")).is_faultless


def test_a_later_bill_that_starts_from_a_corrected_reading_is_revised_along(taken_up: Household):
    september, october = taken_up.bills[1].bill_no, taken_up.bill_no
    change(Bill, september, current_reading=16880)
    first = typed(taken_up, bill_no=september, previous_reading="900", current_reading="16900", sure="1")
    form = RevisionRequest([first], "wrong_reading", "Misread.", the_request().version)

    with reading():
        alone, along = preview(seen_request(), form), preview(seen_request(), replace(form, later_bills=True))

    assert [bill.bill_no for bill in alone.later] == [october]
    assert [(sheet.bill.bill_no, sheet.typed["previous_reading"]) for sheet in along.sheets] == [
        (september, "900"),
        (october, "16900"),
    ]
    assert [one.units for one in along.revised] == [16000, 788]


def test_a_rollover_that_was_approved_is_there_when_the_bill_is_revised_again(taken_up: Household):
    proposed(taken_up, current_reading="100", register_digits="5", sure="1")
    approve(EE)
    number = revised_bill().bill_no

    with reading():
        (sheet,) = begin_with(connection_of(taken_up.account_no), [number]).sheets

    assert (sheet.revised and sheet.revised.units, sheet.issued.register_digits) == (100_000 - 16880 + 100, 5)


# The stored hash of the proposal of `proposed_earlier`.
HASH = "d7fe109413b4952ca2336865c2fa098d21f1a535f3a7f1088a9e238b6a98105f"


def proposed_earlier(database: Database, household: Household, **changes: Any) -> None:
    """Insert a proposal into the tables of revision 0015 and migrate it to today's."""
    request_id = the_request().id
    downgrade(database, "0015")
    revision = {
        "id": 1, "service_request_id": request_id, "account_no": household.account_no,
        "office_code": household.connection.subdivision_code, "reason": "wrong_reading", "note": "As on the photo.",
        "state": "proposed", "issued_paise": 5509_35, "revised_paise": 1462_65, "figures_hash": HASH,
        "proposed_by": "C1", "proposed_at": "2026-11-24 10:00:00+00:00", "remark": "", "version": 1,
    }  # fmt: skip
    bill = {
        "revision_id": 1, "position": 0, "bill_no": household.bill_no, "previous_reading": 16880,
        "current_reading": 17088, "basis": "MU", "load_w": 2000, "category": "LMV-1U", "units": 208,
        "fixed_charge_paise": 220_00, "energy_charge_paise": 1173_00, "electricity_duty_paise": 69_65,
        "other_charge_paise": 0, "arrears_paise": 0, "amount_paise": 1462_65, "is_open": True,
    }  # fmt: skip
    proposed = "UPDATE service_request SET status = 'proposed', resolution = 'revised', proposed_by = 'C1'"
    with transaction() as session:
        for table, row in (("revision", revision), ("revised_bill", bill | changes)):
            names = ", ".join(row)
            session.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)})"), row)
        session.execute(sa.text(proposed))
    upgrade(database)


def test_it_can_still_be_approved(taken_up: Household, database: Database):
    proposed_earlier(database, taken_up)

    approve()

    assert [bill.amount_paise for bill in rows(Bill) if bill.revises] == [1462_65]


def test_one_whose_reading_did_not_count_is_not_approved(taken_up: Household, database: Database):
    proposed_earlier(database, taken_up, basis="PROV")
    with transaction() as session:
        bills = {bill.bill_no: bill for bill in effective_bills(taken_up.account_no, [taken_up.bill_no])}
        figures = figures_hash(bills, [one.revised for one in bills_of_revision(1)])
        session.execute(sa.update(Revision).values(figures_hash=figures))

    with pytest.raises(Forbidden, match="figures_disagree"):
        approve()

    assert the_request().status == "proposed"
