"""Restrictions of officers against forged forms: own connections, choosing from the pool, unmasked numbers."""

from typing import Any

from tests.factories import OFFICE, Household, sign_in
from tests.fixtures.complaint_handling import rows, the_request
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import MOBILE, PATH, signed_in, steps_of, token_of
from wss.db import transaction
from wss.models import AuditEntry, Office, ServiceRequest, Staff


def test_no_officer_handles_their_own_connection(clerk: Visitor):
    with transaction() as session:
        session.get_one(Staff, "C1").mobile = MOBILE

    page = clerk.get(PATH)
    answer = clerk.post(f"{PATH}/actions", {"action": "take_up", "csrf_token": token_of(clerk)})

    assert "A colleague must handle it" in page.text
    assert steps_of(page) == []
    assert (answer.status, the_request().status) == (409, "registered")


def test_a_clerk_of_a_pooled_office_cannot_pick(clerk: Visitor, another_visitor: Visitor):
    with transaction() as session:
        session.get_one(Office, OFFICE).pooled = True
    sdo = signed_in(another_visitor, "S1")

    answer = clerk.post(f"{PATH}/actions", {"action": "take_up", "csrf_token": token_of(clerk)})

    assert "allots requests in order" in clerk.get(PATH).text
    assert steps_of(clerk.get(PATH)) == []
    assert (answer.status, the_request().status) == (409, "registered")
    assert steps_of(sdo.get(PATH)) == ["take_up"]


def test_a_frozen_request_waits(clerk: Visitor):
    with transaction() as session:
        session.get_one(ServiceRequest, the_request().id).frozen = True

    assert steps_of(clerk.get(PATH)) == []
    assert "frozen" in clerk.get(PATH).text


def test_a_whole_number_needs_a_fresh_code_and_a_reason(clerk: Visitor, another_visitor: Visitor):
    assert clerk.get(f"{PATH}/reveal").location == f"/staff/step-up?next={PATH}/reveal"
    sdo = signed_in(another_visitor, "S1", stepped_up=True)

    page = sdo.fill(f"{PATH}/reveal")

    assert page.status == 422
    assert MOBILE not in sdo.get(PATH).html
    assert not [entry for entry in rows(AuditEntry) if entry.deed == "reveal"]


def test_showing_an_unmasked_number_is_audited_for_the_consumer(
    complainant: Household, visitor: Visitor, another_visitor: Visitor, frozen_clock: Any
):
    sdo = signed_in(visitor, "S1", stepped_up=True)

    sent = sdo.fill(f"{PATH}/reveal", reason="call_consumer")
    assert (sent.status, sent.location) == (303, PATH)
    assert MOBILE in sdo.get(PATH).text
    frozen_clock.advance(minutes=6)
    assert MOBILE not in sdo.get(PATH).text

    sign_in(another_visitor, complainant.consumer)
    text = another_visitor.get("/account/access?lang=en").text
    assert "Viewed the full mobile number" in text
    assert "To call about the matter" in text
