"""Unsubscribing from e-mail alerts on any phone, and the settings page after mails have bounced."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.factories import a_household, a_message
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import rows
from tests.fixtures.page_checks import faults_of
from tests.project.tree import none_of
from wss.db import transaction
from wss.models import Consumer
from wss.services.messages._unsubscribe_link import unsubscribe_path

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")
EMAIL = "pooja@example.in"
EVERYWHERE = pytest.mark.parametrize(
    "wishes",
    [
        {"screen": screen, "scripts": scripts, "language": language}
        for language in ("hi", "en")
        for screen, scripts in (("keypad", False), ("phone", True))
    ],
    ids=lambda wishes: f"{wishes['screen']}-{wishes['language']}",
)


@pytest.fixture
def reader(live_site: object) -> Consumer:
    """Provide a consumer who gets alerts by e-mail."""
    household = a_household()
    with transaction() as session:
        consumer = session.get(Consumer, household.consumer.id)
        consumer.email, consumer.email_alerts = EMAIL, True
    return consumer


def shot(what: str, wishes: dict[str, Any]) -> str:
    return f"alerts-{what}-{wishes['screen']}-{wishes['language']}"


def link_for(consumer: Consumer) -> str:
    letter = a_message(channel="email", recipient=EMAIL, consumer_id=consumer.id, notice="closed")
    return unsubscribe_path(letter).partition("?")[0]


@EVERYWHERE
def test_one_button_ends_them(reader: Consumer, open_page: OpenPage, wishes: dict[str, Any]):
    page = open_page(link_for(reader), **wishes)
    faults = faults_of(page, shot("asked", wishes), scripts=wishes["scripts"])

    with page.expect_navigation():
        page.locator("main form button").click()

    none_of([*faults, *faults_of(page, shot("ended", wishes), scripts=wishes["scripts"])])
    assert page.url.endswith("/unsubscribed") and not rows(Consumer)[0].email_alerts


@EVERYWHERE
def test_an_expired_link_says_where_to_go(reader: Consumer, open_page: OpenPage, wishes: dict[str, Any]):
    page = open_page("/unsubscribe/1-x", **wishes)

    none_of(faults_of(page, shot("over", wishes), scripts=wishes["scripts"]))
    assert page.locator("main a.btn").get_attribute("href") == "/account/settings"


@EVERYWHERE
def test_settings_say_that_letters_come_back(
    reader: Consumer, open_as_consumer: OpenPage, wishes: dict[str, Any]
):
    with transaction() as session:
        session.get(Consumer, reader.id).email_bounced_at = datetime(2026, 11, 24, tzinfo=UTC)

    page = open_as_consumer(reader, f"/account/settings?lang={wishes['language']}", **wishes)

    none_of(faults_of(page, shot("settings", wishes), scripts=wishes["scripts"]))
    assert EMAIL in page.locator("#bounced").inner_text()
