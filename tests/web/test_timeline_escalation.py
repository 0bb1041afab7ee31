"""The consumer's page after an escalation: the new office, its telephone number, and that nothing needs to be done."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, escalation_rows, given, sign_in
from tests.fixtures.complaint_handling import DIVISION, NUMBER
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.models import Office, Staff
from wss.queries.reference import bump_reference_version
from wss.services.requests.escalation import escalate_due, recalculate_clocks


@pytest.fixture
def gone_up(complainant: Household, frozen_clock: Any, visitor: Visitor) -> Visitor:
    """Return the complainant's view of a complaint in an office without an SDO, eight days later."""
    given(*escalation_rows())
    with transaction() as session:
        session.execute(sa.delete(Staff).where(Staff.role == "sdo"))
        session.execute(sa.update(Office).where(Office.code == DIVISION).values(phone="05220000077"))
        bump_reference_version()
    recalculate_clocks()
    frozen_clock.advance(days=8)
    escalate_due()
    sign_in(visitor, complainant.consumer)
    return visitor


def test_it_is_said_in_plain_words_with_the_telephone_of_the_office(gone_up: Visitor):
    gone_up.client.set_cookie("wss_language", "en")

    text = gone_up.get(f"/requests/{NUMBER}").text

    assert "Passed to a senior officer: no decision within the set working hours" in text
    assert "The office did not decide within the set working hours, so the complaint was" in text
    assert (
        f"sent to Office {DIVISION}, Executive engineer. You do not need to do anything. The reply date"
        in text
    )
    assert "05220000077" in text
    assert "The post of Sub-divisional officer is vacant in the office below it." in text


def test_it_is_said_in_hindi(gone_up: Visitor):
    text = gone_up.get(f"/requests/{NUMBER}").text

    assert f"शिकायत अधिशासी अभियन्ता, कार्यालय {DIVISION} को" in text and "आपको कुछ नहीं करना है" in text
