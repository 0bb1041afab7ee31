"""Every kind of timeline entry, with every kind of details, is shown on each page that lists entries."""

from datetime import timedelta
from functools import partial

import pytest

from tests.factories import OFFICE, Household, given, sign_in
from tests.fixtures.complaint_handling import NUMBER, the_request
from tests.fixtures.helpdesk_calls import HELPDESK, helpdesk_staff
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import MOBILE, PATH, signed_in
from wss.clock import now
from wss.domain.actor import Role
from wss.domain.lifecycle import CALLED, FREEZE, UNFREEZE, Action, Resolution
from wss.models import Event
from wss.services.calls.call_records import open_call_without_number
from wss.services.calls.open_requests import remind
from wss.web.consumer.petitions import event_words
from wss.web.labels.requests import event_label

ACTIONS = ["register", *(str(action) for action in Action), FREEZE, UNFREEZE, CALLED]
DETAILS = [
    {},
    {"assignee": "C1"},
    {"assignee": "gone"},
    {"to_office": OFFICE, "to_role": "sdo"},
    {"to_office": OFFICE, "to_role": "sdo", "instead_of": "billing_clerk"},
    {"to_office": "nowhere", "to_role": "sdo"},
    {"call": 1, "relation": "family", "consent": "2026-11"},
    {"follows": NUMBER},
    {"rating": 3},
    {"documents": ["gone"]},
    *({"resolution": str(resolution)} for resolution in Resolution),
]
ROLES = [str(role) for role in Role]


@pytest.fixture
def everything_happened(complainant: Household) -> None:
    """Insert an entry of every action with every kind of details, by every role in turn."""
    request, number = the_request(), 1
    for action in ACTIONS:
        for details in DETAILS:
            number += 1
            role = ROLES[number % len(ROLES)]
            is_staff = role not in ("visitor", "consumer", "system")
            given(
                Event(
                    service_request_id=request.id,
                    number=number,
                    action=action,
                    status=request.status,
                    role=role,
                    office_code=OFFICE if is_staff else None,
                    employee_id="C1" if is_staff else None,
                    remark="Said.",
                    details=details,
                    at=now() + timedelta(seconds=number),
                )
            )


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_entry_is_shown_to_the_office(visitor: Visitor, everything_happened: None, language: str):
    signed_in(visitor, "S1", stepped_up=True)

    for address in (PATH, f"{PATH}/timeline", f"{PATH}/keys"):
        page = visitor.get(f"{address}?lang={language}")
        headings = {heading.text for heading in page.root.iter("h3")}
        assert (page.status, headings & set(ACTIONS)) == (200, set())


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_entry_is_shown_to_the_consumer(
    visitor: Visitor, everything_happened: None, complainant: Household, language: str
):
    sign_in(visitor, complainant.consumer)

    for address in (f"/requests/{NUMBER}", f"/requests/{NUMBER}/slip.pdf", "/account/access"):
        assert visitor.client.get(f"{address}?lang={language}").status_code == 200, address


def test_every_entry_has_words_of_its_own(visitor: Visitor):
    with visitor.client.application.test_request_context():
        named = [
            str(label(action))
            for action in ACTIONS
            for label in (event_label, partial(event_words, kind=None))
        ]

    assert not set(named) & set(ACTIONS)


def test_a_reminder_by_phone_is_on_the_timeline_of_the_office(clerk: Visitor, complainant: Household):
    given(*helpdesk_staff())
    call = open_call_without_number(HELPDESK, "status", "hi")
    assert remind(HELPDESK, call, NUMBER, MOBILE[-4:]).outcome == "counted"

    assert "The consumer called 1912 and asked for progress" in clerk.get(f"{PATH}/timeline").text
