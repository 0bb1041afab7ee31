"""The staff's pages of undelivered messages, and the resending of dead letters."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import MOBILE, a_message, given, offices, sign_in_staff
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.pages import lines_of
from tests.fixtures.registration import rows
from tests.fixtures.site import Visitor
from wss import vault
from wss.domain.delivery import DeliveryState
from wss.models import Message, Staff

PAGE = "/messages"
SECRET_TEXT = "the text of a letter"


@pytest.fixture
def head_office(database: Any, frozen_clock: FrozenClock, visitor: Visitor) -> Visitor:
    """Return an employee of the head office, logged in, reading English."""
    given(*offices())
    given(Staff(employee_id="Z1", name="Z1", role="head_office", office_code="PVVNL", mobile="9026114400"))
    sign_in_staff(visitor, "Z1")
    visitor.client.set_cookie("wss_language", "en")
    return visitor


def dead(**columns: Any) -> str:
    facts = {"state": DeliveryState.DEAD, "attempts": 12, "gateway": "sms1", "reason": "gateway 503"}
    facts["text_sealed"] = vault.seal(SECRET_TEXT)
    return given(a_message(**{**facts, **columns})).id


def test_queued_messages_are_listed_by_urgency_gateway_state_and_age(
    head_office: Visitor, frozen_clock: FrozenClock
):
    long_ago = frozen_clock.now - timedelta(minutes=5)
    given(
        a_message(urgency=0, due_at=long_ago, created_at=long_ago),
        a_message(urgency=0, due_at=frozen_clock.now),
        a_message(channel="email", gateway="mail", attempts=1, state=DeliveryState.SENDING),
        a_message(state=DeliveryState.DELIVERED),
    )

    assert lines_of(head_office.get(PAGE), 0) == [
        ["codes and links", "SMS", "waiting", "2", "1", "24-11-2026, 15:25"],
        ["notices", "E-mail, mail server", "being sent", "1", "0", "24-11-2026, 15:30"],
    ]


def test_dead_letters_are_listed_by_reason_and_one_by_one(head_office: Visitor, frozen_clock: FrozenClock):
    dead(settled_at=frozen_clock.now - timedelta(minutes=1))
    dead(settled_at=frozen_clock.now, notice="sign_in_otp", text_sealed="")

    page = head_office.get(PAGE)

    assert lines_of(page, 0) == [
        ["gateway answered 503", "SMS, gateway 1", "2", "1", "Send all again: gateway answered 503"]
    ]
    assert [line[1:] for line in lines_of(page, 1)] == [
        ["OTP: login", "SMS, gateway 1", "gateway answered 503", "12", "cannot be sent again"],
        [
            "Request withdrawn",
            "SMS, gateway 1",
            "gateway answered 503",
            "12",
            "Send again: Request withdrawn",
        ],
    ]


def test_neither_recipient_nor_text_of_a_message_is_shown(head_office: Visitor, frozen_clock: FrozenClock):
    dead(recipient=MOBILE, settled_at=frozen_clock.now)

    page = head_office.get(PAGE)

    assert MOBILE not in page.html and MOBILE[-4:] not in page.text and SECRET_TEXT not in page.html


def test_one_is_sent_again(head_office: Visitor, frozen_clock: FrozenClock):
    message_id = dead(settled_at=frozen_clock.now)

    page = head_office.fill(PAGE, form=f"{PAGE}/{message_id}/replay")

    assert (page.status, page.location) == (303, f"{PAGE}?again=1")
    assert "1 message is being sent again." in head_office.get(page.location).text
    assert rows(Message)[0].state == "waiting"


def test_all_of_a_reason_are_sent_again(head_office: Visitor, frozen_clock: FrozenClock):
    for _ in range(3):
        dead(settled_at=frozen_clock.now)

    page = head_office.fill(PAGE, form=f"{PAGE}/replay")

    assert "3 messages are being sent again." in head_office.get(page.location).text
    assert {message.state for message in rows(Message)} == {"waiting"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": DeliveryState.WAITING}, "has already been sent again"),
        ({"text_sealed": ""}, "has been deleted"),
        ({"expires_at": 0}, "This message has expired"),
    ],
)
def test_what_can_no_longer_be_sent_again_is_said_plainly(
    head_office: Visitor, frozen_clock: FrozenClock, change: dict[str, Any], words: str
):
    another = dead(settled_at=frozen_clock.now)
    if "expires_at" in change:
        change = {"expires_at": frozen_clock.now}
    message_id = dead(settled_at=frozen_clock.now, **change)
    token = head_office.get(PAGE).form(action=f"{PAGE}/{another}/replay").fields["csrf_token"][0]

    page = head_office.post(f"{PAGE}/{message_id}/replay", {"csrf_token": token})

    assert page.status == 409
    assert words in " ".join("".join(page.find("barred").itertext()).split())


def test_where_nothing_is_left_to_send_again_it_is_said(head_office: Visitor, frozen_clock: FrozenClock):
    dead(settled_at=frozen_clock.now)
    page = head_office.get(PAGE)

    answer = head_office.send(page, PAGE, form=f"{PAGE}/replay", reason="another")

    assert answer.status == 409 and "None of these can be sent again" in answer.text


def test_a_long_list_is_read_page_by_page(
    head_office: Visitor, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wss.queries.deliveries.SHOWN", 2)
    for number in range(3):
        dead(settled_at=frozen_clock.now - timedelta(minutes=number))
    first = head_office.get(PAGE)
    [older] = [link for link in first.links if "before=" in link]

    second = head_office.get(older.partition("#")[0])

    assert [line[0] for page in (first, second) for line in lines_of(page, 1)] == [
        "24-11-2026, 15:30",
        "24-11-2026, 15:29",
        "24-11-2026, 15:28",
    ]


@pytest.mark.parametrize(
    ("role", "is_there"),
    [("head_office", True), ("admin", True), ("helpdesk_supervisor", True), ("se", False)],
)
def test_the_menu_links_the_page_for_responsible_staff(head_office: Visitor, role: str, is_there: bool):
    given(Staff(employee_id="Y1", name="Y1", role=role, office_code="PVVNL", mobile="9026114400"))
    sign_in_staff(head_office, "Y1")

    assert (PAGE in head_office.get("/staff/security").links) is is_there
