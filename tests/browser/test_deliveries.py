"""Undelivered messages in a real browser: the tables fit, and resending works with and without scripts."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.factories import OFFICE, a_household, a_message, given
from tests.fixtures.browsers import OpenPage
from tests.fixtures.page_checks import faults_of
from tests.project.tree import none_of
from wss import clock
from wss.domain.delivery import UNREACHABLE, DeliveryState, Urgency
from wss.models import BillingPost, Revision, Staff

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")


def an_outage() -> None:
    """Insert queued codes and notices, dead letters, and a revised bill that the billing system refuses."""
    at = clock.now()
    account_no = a_household().account_no
    given(
        Staff(employee_id="Z1", name="Zoya Ali", role="head_office", office_code="PVVNL", mobile="9026114400")
    )
    reasons = ("gateway 503", UNREACHABLE, "TimeoutError")
    given(
        *(a_message(urgency=Urgency.CODE, due_at=at - timedelta(minutes=n)) for n in range(4)),
        *(a_message(gateway="first", attempts=2, due_at=at - timedelta(hours=n)) for n in range(3)),
        a_message(channel="email", gateway="mail", state=DeliveryState.SENDING),
        *(
            a_message(
                state=DeliveryState.DEAD,
                notice=("resolved", "sign_in_otp", "request_registered_1912")[n % 3],
                reason=reasons[n % 3],
                gateway="first",
                attempts=12,
                settled_at=at - timedelta(minutes=n),
                text_sealed="" if n % 3 == 1 else "sealed",
            )
            for n in range(6)
        ),
    )
    a_refused_revised_bill(account_no, at)


def a_refused_revised_bill(account_no: str, at: datetime) -> None:
    revision = Revision(
        account_no=account_no,
        office_code=OFFICE,
        reason="wrong_reading",
        state="approved",
        issued_paise=5509_35,
        revised_paise=1653_75,
        figures_hash="f" * 64,
        proposed_by="Z1",
        proposed_at=at,
    )
    given(revision)
    post = BillingPost(
        id="00000000-0000-4000-8000-000000000001",
        revision_id=revision.id,
        revised_bill_no="RV10000000016",
        payload={},
        state=DeliveryState.DEAD,
        reason="gateway 422",
        due_at=at,
        created_at=at,
        settled_at=at,
    )
    given(post)


@pytest.mark.parametrize(
    ("language", "screen", "scripts"), [("hi", "keypad", False), ("en", "phone", True), ("hi", "desk", True)]
)
def test_the_page_fits_and_sends_again(open_as_staff: OpenPage, language: str, screen: str, scripts: bool):
    an_outage()
    page = open_as_staff("Z1", "/messages", screen=screen, scripts=scripts, language=language)
    faults = faults_of(page, f"messages-{screen}-{language}", scripts=scripts)

    page.click("form[action='/messages/replay'] button >> nth=0")
    expect(page.locator("#done")).to_be_visible()
    faults += faults_of(page, f"messages-sent-again-{screen}-{language}", scripts=scripts)
    page.click("form[action='/messages/bills/replay'] button")
    expect(page.locator("#posted")).to_be_visible()
    faults += faults_of(page, f"messages-posted-again-{screen}-{language}", scripts=scripts)

    none_of(faults)
