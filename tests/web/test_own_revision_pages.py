"""Pages of a revision without a complaint: the choice of the bill, its figures, the second officer."""

from typing import Any

import pytest

from tests.factories import Household, a_service_request, sign_in_staff
from tests.fixtures.complaint_handling import rows
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.models import Bill, Revision

NEW = "/revisions/new"
FIGURES = {"old_meter_reading-0": "16980", "new_meter_initial-0": "5", "current_reading-0": "65"}


def signed_in(visitor: Visitor, employee_id: str) -> Visitor:
    sign_in_staff(visitor, employee_id, stepped_up=True)
    visitor.get("/pending?lang=en")
    return visitor


@pytest.fixture
def clerk(settled: Household, visitor: Visitor) -> Visitor:
    return signed_in(visitor, "C1")


@pytest.fixture
def sdo(settled: Household, another_visitor: Visitor) -> Visitor:
    return signed_in(another_visitor, "S1")


def opened(clerk: Visitor, household: Household) -> Any:
    return clerk.fill(
        NEW, account_no=household.account_no, bill_no=household.bill_no, reason="meter_replacement"
    )


def proposed(clerk: Visitor, household: Household) -> Any:
    shown = clerk.send(opened(clerk, household), at=NEW, preview="1", **FIGURES)
    return clerk.send(shown, at=NEW, propose="1", note="Replaced on 10 October.")


def test_a_bill_in_a_complaint_is_told_with_the_complaint_and_cannot_be_proposed(
    clerk: Visitor, settled: Household
):
    a_service_request(settled, complaint_no_from(1_000_000_901))

    page = opened(clerk, settled)

    assert f"Bill {settled.bill_no} is in complaint 100 0000 901" in page.text
    assert 'name="propose"' not in page.html


def test_a_proposal_whose_bill_came_into_a_complaint_can_only_be_sent_back(
    clerk: Visitor, sdo: Visitor, settled: Household
):
    waiting = proposed(clerk, settled)
    page = sdo.get(waiting.location)
    a_service_request(settled, complaint_no_from(1_000_000_901))

    late = sdo.send(page, at=f"{waiting.location}/actions", action="approve")

    assert late.status == 409 and "is in complaint 100 0000 901" in late.text
    assert [each for form in late.forms for each in form.fields.get("action", [])] == ["send_back"]


def test_pending_and_rejected_proposals_are_on_the_start_page(
    clerk: Visitor, sdo: Visitor, settled: Household
):
    proposed(clerk, settled)
    assert "Revisions without a complaint, for your decision: 1" in sdo.get("/todo").text
    assert "without a complaint" not in clerk.get("/todo").text

    (revision,) = rows(Revision)
    sdo.fill(f"/revisions/{revision.id}", action="send_back", remark="Which meter?")

    assert "without a complaint" not in sdo.get("/todo").text
    assert "Your revisions sent back: 1" in clerk.get("/todo").text


def test_the_way_back_leads_to_the_pending_ones_as_they_were_narrowed(clerk: Visitor, settled: Household):
    narrowed = f"/pending?account_no={settled.account_no}"
    new = next(link for link in clerk.get(narrowed).links if link.startswith(NEW))

    assert narrowed in clerk.get(new).links


def test_the_first_page_leads_to_the_figures(clerk: Visitor, settled: Household):
    page = opened(clerk, settled)

    fields = page.form(NEW).fields
    assert page.status == 200
    assert (fields["bill_no-0"], fields["account_no"]) == ([settled.bill_no], [settled.account_no])
    assert fields["reason"] == ["meter_replacement"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"account_no": "12"}, "account_no"),
        ({"account_no": "7950769999"}, "account_no"),
        ({"bill_no": ""}, "bill_no"),
        ({"bill_no": "NOSUCHBILL"}, "bill_no"),
    ],
)
def test_what_is_wrong_on_the_first_page_is_shown_at_its_field(
    clerk: Visitor, settled: Household, fields: dict[str, str], field: str
):
    asked = {"account_no": settled.account_no, "bill_no": settled.bill_no, "reason": "bill_on_hold"}

    page = clerk.fill(NEW, **(asked | fields))

    assert page.status == 422
    assert page.find(f"{field}-e") is not None


def test_a_proposal_waits_on_its_own_page_and_in_the_list(clerk: Visitor, settled: Household):
    page = proposed(clerk, settled)

    (revision,) = rows(Revision)
    assert (page.status, page.location) == (303, f"/revisions/{revision.id}")
    assert "Another officer must decide" in clerk.get(page.location).text
    assert page.location in clerk.get("/pending").links


def test_the_second_officer_approves(clerk: Visitor, settled: Household, sdo: Visitor):
    page = proposed(clerk, settled)

    done = sdo.send(sdo.get(page.location), at=f"{page.location}/actions", action="approve")

    assert done.status == 303
    assert [bill.units for bill in rows(Bill) if bill.revises] == [160]
    assert "Approved" in sdo.get(page.location).text


@pytest.mark.parametrize("reason", ["", "x" * 1001], ids=["no reason", "a reason that is too long"])
def test_a_reason_that_is_not_taken_is_kept_and_sends_nothing_back(
    clerk: Visitor, settled: Household, sdo: Visitor, reason: str
):
    address = proposed(clerk, settled).location

    page = decision(sdo, address, action="send_back", remark=reason)

    assert (page.status, reason in page.text) == (422, True)
    assert [one.state for one in rows(Revision)] == ["proposed"]


def test_what_was_sent_back_is_found_and_begun_again_where_its_maker_stopped(
    clerk: Visitor, settled: Household, sdo: Visitor
):
    address = str(proposed(clerk, settled).location)
    sdo.fill(address, action="send_back", remark="When?")
    assert address in clerk.get("/pending").links and address not in sdo.get("/pending").links

    again = clerk.fill(address, form=NEW)
    assert {name: again.form(NEW).fields[name] for name in FIGURES} == {k: [v] for k, v in FIGURES.items()}
    clerk.send(again, at=NEW, propose="1")

    assert [one.state for one in rows(Revision)] == ["sent_back", "proposed"]
    assert address not in clerk.get("/pending").links


def test_a_decision_on_an_old_page_reports_that_another_officer_was_faster(
    clerk: Visitor, settled: Household, sdo: Visitor
):
    page = proposed(clerk, settled)
    form = sdo.get(page.location)
    sdo.send(form, at=f"{page.location}/actions", action="approve")

    assert sdo.send(form, at=f"{page.location}/actions", action="approve").status == 409
    assert len([bill for bill in rows(Bill) if bill.revises]) == 1


def decision(sdo: Visitor, address: str, **typed: str) -> Any:
    """Send a decision as the page of a proposal does."""
    token = sdo.get(address).form(f"{address}/actions").fields["csrf_token"][0]
    (revision,) = rows(Revision)
    sent = {"csrf_token": token, "version": str(revision.version), "figures_hash": revision.figures_hash}
    return sdo.post(f"{address}/actions", sent | typed)


@pytest.mark.parametrize("action", ["", "take_up", "Approve"])
def test_only_what_says_that_it_approves_does(clerk: Visitor, settled: Household, sdo: Visitor, action: str):
    address = proposed(clerk, settled).location

    assert decision(sdo, address, action=action).status == 409
    assert [one.state for one in rows(Revision)] == ["proposed"]


@pytest.mark.parametrize("number", ["0", "3000000000", "99999999999999999999"])
def test_a_number_that_no_revision_has_is_not_there(clerk: Visitor, number: str):
    assert clerk.get(f"/revisions/{number}").status == 404


def test_the_fifty_first_that_waits_is_on_the_next_page(clerk: Visitor, settled: Household):
    proposed(clerk, settled)
    (first,) = rows(Revision)
    columns = {one.name: getattr(first, one.name) for one in first.__table__.columns if one.name != "id"}
    with transaction() as session:
        session.add_all([Revision(**columns) for _ in range(50)])

    page = clerk.get("/pending")
    (following,) = [link for link in page.links if "waiting_after=" in link]

    assert [len(waiting(clerk.get(address))) for address in ("/pending", following)] == [50, 1]
    assert clerk.get("/pending?waiting_after=99999999999999999999").status == 200


def waiting(page: Any) -> list[str]:
    """Return the revisions that a list links to."""
    return [link for link in page.links if link.startswith("/revisions/") and not link.startswith(NEW)]


def test_input_survives_that_the_bill_has_been_revised(clerk: Visitor, settled: Household, sdo: Visitor):
    page = opened(clerk, settled)
    address = proposed(clerk, settled).location
    decision(sdo, address, action="approve")

    late = [
        clerk.send(page, at=NEW, note="Replaced.", **{pressed: "1"}) for pressed in ("preview", "propose")
    ]

    assert [one.status for one in late] == [409, 409]
    assert [one.form(NEW).fields["note"] for one in late] == [["Replaced."]] * 2


def test_its_maker_withdraws_a_proposal_and_continues_from_its_figures(clerk: Visitor, settled: Household):
    waiting = proposed(clerk, settled)

    done = clerk.send(
        clerk.get(waiting.location), at=f"{waiting.location}/actions", action="withdraw_proposal"
    )

    again = clerk.get(done.location).form(NEW).fields
    assert [revision.state for revision in rows(Revision)] == ["withdrawn"]
    assert again["old_meter_reading-0"] == ["16980"]


def test_a_missing_account_number_is_the_consumers(clerk: Visitor):
    page = clerk.fill(NEW, form=NEW, account_no="", bill_no="")

    assert page.status == 422
    assert "Enter the consumer's account number" in page.text
