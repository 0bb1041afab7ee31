"""The unsubscribe link in an alert by e-mail: a GET shows a button, which ends the alerts; mail programs need none."""

from typing import Any

import pytest

from tests.factories import a_consumer, a_message, given
from tests.fixtures.complaint_handling import rows
from tests.fixtures.site import Visitor
from wss import vault
from wss.models import AuditEntry, Consumer
from wss.services.messages._unsubscribe_link import unsubscribe_path

EMAIL = "pooja@example.in"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
BUTTON = {"List-Unsubscribe": "Button"}


@pytest.fixture
def link(app: Any, frozen_clock: Any) -> str:
    """Return the unsubscribe address in an alert to a consumer who wants alerts by e-mail, in English."""
    consumer = given(a_consumer(email=EMAIL, email_alerts=True))
    letter = a_message(
        channel="email", recipient=EMAIL, consumer_id=consumer.id, notice="closed", language="en"
    )
    return unsubscribe_path(letter)


def are_wanted() -> bool:
    [consumer] = rows(Consumer)
    return consumer.email_alerts


def moved(**changes: Any) -> None:
    """Change values of the consumer after the e-mail was sent."""
    [consumer] = rows(Consumer)
    for name, value in changes.items():
        setattr(consumer, name, value)
    given(consumer)


def test_looking_asks_in_the_language_of_the_letter_and_changes_nothing(visitor: Visitor, link: str):
    pages = [visitor.get(link) for _ in range(3)]

    assert {page.status for page in pages} == {200}
    assert "Stop e-mail alerts?" in pages[0].text and are_wanted()


def test_the_button_ends_the_alerts(visitor: Visitor, link: str):
    page = visitor.fill(link, form=link.partition("?")[0], **BUTTON)

    assert (page.status, page.location, are_wanted()) == (303, "/unsubscribed", False)
    assert "You will no longer get e-mail alerts" in visitor.get("/unsubscribed?lang=en").text


def test_what_was_done_is_in_the_audit_trail(visitor: Visitor, link: str):
    visitor.fill(link, form=link.partition("?")[0], **BUTTON)

    [entry] = rows(AuditEntry)
    assert (entry.deed, entry.role, entry.details) == ("alerts_stopped", "consumer", {"channel": "email"})


def test_a_mail_program_ends_them_without_a_page(visitor: Visitor, link: str):
    page = visitor.post(link, ONE_CLICK)

    assert (page.status, page.location, are_wanted()) == (200, "", False)


@pytest.mark.parametrize("fields", [{}, {"List-Unsubscribe": "x"}])
def test_a_post_without_the_button_or_mail_header_ends_nothing(
    visitor: Visitor, link: str, fields: dict[str, str]
):
    assert visitor.post(link, fields).status == 400
    assert are_wanted()


def test_ending_them_again_is_no_fault(visitor: Visitor, link: str):
    visitor.post(link, ONE_CLICK)

    assert visitor.post(link, ONE_CLICK).status == 200
    assert "You will no longer get e-mail alerts" in visitor.get(link).text
    assert len(rows(AuditEntry)) == 1


@pytest.mark.parametrize("changes", [{"email": "new@example.in"}, {"email": None, "email_alerts": False}])
def test_the_link_to_a_former_address_ends_nothing(visitor: Visitor, link: str, changes: dict[str, Any]):
    moved(**changes)
    wanted = are_wanted()

    assert (visitor.get(link).status, visitor.post(link, ONE_CLICK).status) == (404, 404)
    assert are_wanted() is wanted


@pytest.mark.parametrize(
    "token",
    [
        *("1", "1.", "x.y", ".1.x", "1.é", "1..x", "1-", "1-é", f"1-{'0' * 32}"),
        *(f"1.{'A' * 43}", f"{'9' * 40}.{'A' * 43}", f"२.{'A' * 43}"),
    ],
)
def test_a_link_ends_no_other_consumers_alerts(visitor: Visitor, link: str, token: str):
    address = f"/unsubscribe/{token}"

    assert (visitor.get(address).status, visitor.post(address, ONE_CLICK).status) == (404, 404)
    assert are_wanted()


def test_a_link_of_a_letter_from_before_signatures_still_works(visitor: Visitor, link: str):
    [consumer] = rows(Consumer)
    former = f"{consumer.id}-{vault.keyed_hash('unsubscribe', f'{consumer.id} {EMAIL}')[:32]}"

    assert (visitor.post(f"/unsubscribe/{former}", ONE_CLICK).status, are_wanted()) == (200, False)


def test_the_link_discloses_nothing_of_anyone(visitor: Visitor, link: str):
    html = visitor.get(link).html

    assert "pooja" not in link and "pooja" not in html.lower()
