"""Bills revised without a complaint: in one's own area, by two persons, with a notice to the consumer."""

from typing import Any

import pytest

from tests.factories import Household, a_household, given, offices
from tests.fixtures.bill_revision import EE, typed
from tests.fixtures.complaint_handling import CLERK, DIVISION, SDO, rows
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.approval import ApprovalLimitExceeded
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.models import AuditEntry, Bill, Message, Revision, Staff
from wss.queries.revisions import waiting_revisions
from wss.services.revisions.revision_draft import RevisionRequest
from wss.services.revisions.without_request import approve, begin, preview, propose, send_back

ELSEWHERE = "PVVNL-Z07-C1-D1-S1"


def a_revision_request(
    household: Household, reason: str = "meter_replacement", **changes: str
) -> RevisionRequest:
    put = {"old_meter_reading": "16980", "new_meter_initial": "5", "current_reading": "65"} | changes
    return RevisionRequest([typed(household, **put)], reason, "The meter was replaced on 10 October.")


def proposed(household: Household, **changes: str) -> Revision:
    draft, added = propose(CLERK, household.account_no, a_revision_request(household, **changes))
    assert added is not None, (draft.wrong, [sheet.wrong for sheet in draft.sheets])
    return the_revision()


def the_revision() -> Revision:
    return rows(Revision)[-1]


def approved(actor: Actor, one: Revision, **changes: Any) -> None:
    approve(actor, one.id, **({"version": one.version, "figures_hash": one.figures_hash} | changes))


def test_two_meters_in_one_month_are_worked_out(settled: Household):
    with reading():
        draft = preview(CLERK, settled.account_no, a_revision_request(settled))

    assert draft.revised[0].units == (16980 - 16880) + (65 - 5)


def test_beginning_is_written_down(settled: Household):
    with reading():
        begin(CLERK, settled.account_no, [settled.bill_no])

    assert ("view", f"connection:{settled.account_no}") in [
        (entry.deed, entry.subject) for entry in rows(AuditEntry)
    ]


def test_another_officer_approves_and_the_consumer_is_notified(settled: Household):
    one = proposed(settled)
    approved(SDO, one)

    (bill,) = (bill for bill in rows(Bill) if bill.revises)
    assert (bill.revises, bill.units) == (settled.bill_no, 160)
    assert the_revision().decided_by == "S1"
    assert [message.notice for message in rows(Message)][-1] == "bill_revised"


def test_no_one_approves_their_own(settled: Household):
    draft, added = propose(SDO, settled.account_no, a_revision_request(settled))
    assert added and draft

    with pytest.raises(Forbidden, match="own_proposal"):
        approved(SDO, the_revision())


def test_a_clerk_approves_nothing(settled: Household):
    propose(SDO, settled.account_no, a_revision_request(settled))

    with pytest.raises(Forbidden):
        approved(CLERK, the_revision())


def test_above_ones_limit_the_next_post_is_named(settled: Household):
    one = proposed(settled, current_reading="19065", sure="1")

    with pytest.raises(ApprovalLimitExceeded) as refused:
        approve(SDO, one.id, one.version, one.figures_hash)

    assert refused.value.role is Role.EE
    approved(EE, one)


@pytest.mark.parametrize("changes", [{"version": 7}, {"figures_hash": "0" * 64}])
def test_only_what_was_seen_is_approved(settled: Household, changes: Any):
    one = proposed(settled)

    with pytest.raises(Outdated):
        approved(SDO, one, **changes)

    assert the_revision().state == "proposed"


def test_an_import_in_between_voids_what_was_seen(settled: Household):
    one = proposed(settled)
    with transaction() as session:
        session.get(Bill, settled.bill_no).units = 5  # type: ignore[union-attr]

    with pytest.raises(Outdated):
        approved(SDO, one)


def test_what_is_sent_back_is_free_again(settled: Household):
    one = proposed(settled)

    with pytest.raises(Forbidden, match="remark_required"):
        send_back(SDO, one.id, one.version, " ")
    send_back(SDO, one.id, one.version, "When was it replaced?")

    assert (the_revision().state, the_revision().remark) == ("sent_back", "When was it replaced?")
    proposed(settled)


def test_a_connection_of_another_office_is_not_there(settled: Household):
    given(*[each for each in offices(ELSEWHERE) if each.code != "PVVNL"])
    stranger = Actor(Role.BILLING_CLERK, "C1", ELSEWHERE)

    with pytest.raises(NotFound):
        propose(stranger, settled.account_no, a_revision_request(settled))
    one = proposed(settled)
    with pytest.raises(NotFound):
        approved(Actor(Role.SDO, "S1", ELSEWHERE), one)


def test_ones_own_connection_is_for_a_colleague(settled: Household):
    with transaction() as session:
        session.get(Staff, "C1").mobile = settled.connection.mobile_on_record  # type: ignore[union-attr]

    with pytest.raises(Forbidden, match="own_connection"):
        propose(CLERK, settled.account_no, a_revision_request(settled))


def test_a_reason_of_complaints_is_none_here(settled: Household):
    draft, added = propose(CLERK, settled.account_no, a_revision_request(settled, "wrong_reading"))

    assert (added, draft.wrong) == (None, {"reason": "unknown_reason"})


def test_what_waits_is_listed_for_the_office_and_those_above(settled: Household):
    proposed(settled)
    a_household("7950761939", registered=False)

    with reading():
        assert [line.account_no for line in waiting_revisions(DIVISION)] == [settled.account_no]
        assert waiting_revisions("PVVNL-Z06-C1-D1-S9") == []
