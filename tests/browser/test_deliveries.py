"""Messages that do not get out, in a real browser: the tables fit, and sending again works with and without scripts."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.factories import a_message, given, offices
from tests.fixtures.browsers import OpenPage
from tests.fixtures.looks import faults_of
from tests.house.tree import none_of
from wss import clock
from wss.domain.delivery import UNREACHED, State, Urgency
from wss.models import Staff

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")


def an_outage() -> None:
    """Codes and notices wait, and some were given up."""
    at = clock.now()
    given(*offices())
    given(
        Staff(employee_id="Z1", name="Zoya Ali", role="head_office", office_code="PVVNL", mobile="9026114400")
    )
    reasons = ("gateway 503", UNREACHED, "TimeoutError")
    given(
        *(a_message(urgency=Urgency.CODE, due_at=at - timedelta(minutes=n)) for n in range(4)),
        *(a_message(gateway="first", attempts=2, due_at=at - timedelta(hours=n)) for n in range(3)),
        a_message(channel="email", gateway="mail", state=State.SENDING),
        *(
            a_message(
                state=State.DEAD,
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


@pytest.mark.parametrize(("screen", "scripts"), [("keypad", False), ("phone", True), ("desk", True)])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_page_fits_and_sends_again(open_at_desk: OpenPage, language: str, screen: str, scripts: bool):
    an_outage()
    page = open_at_desk("Z1", "/messages", screen=screen, scripts=scripts, language=language)
    faults = faults_of(page, f"messages-{screen}-{language}", scripts=scripts)

    page.click("form[action='/messages/replay'] button >> nth=0")
    expect(page.locator("#done")).to_be_visible()
    faults += faults_of(page, f"messages-sent-again-{screen}-{language}", scripts=scripts)

    none_of(faults)
