"""Dead letters are sent again while they have their text and are of use, by staff who may do it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_message, given
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.registration import rows
from wss.db import reading, transaction
from wss.domain.actor import DELIVERY_ROLES, STAFF_ROLES, Actor, Role
from wss.domain.delivery import UNREACHABLE, DeliveryState
from wss.domain.errors import NotFound
from wss.models import AuditEntry, Message, ServiceRequest
from wss.queries import deliveries
from wss.queries.deliveries import DeadLetterGroup
from wss.services.messages.resend import ResendOutcome, resend, resend_all

BOSS = Actor(Role.HEAD_OFFICE, "E1", "PVVNL")
REFUSED = DeadLetterGroup("sms", "first", "gateway 503")


def dead(**columns: Any) -> str:
    """Insert a dead letter and return its id."""
    facts = {"state": DeliveryState.DEAD, "attempts": 12, "gateway": "first", "reason": "gateway 503"}
    return given(a_message(**{**facts, **columns})).id


def message(message_id: str) -> Message:
    [found] = rows(Message, Message.id == message_id)
    return found


def audited_resends() -> list[tuple[str, str]]:
    return [(one.deed, one.subject) for one in rows(AuditEntry) if "sent_again" in one.deed]


def test_sent_again_it_waits_as_if_it_had_never_been_tried(database: Any, frozen_clock: FrozenClock):
    message_id = dead(due_at=frozen_clock.now - timedelta(days=1))

    answer = resend(BOSS, message_id)

    found = message(message_id)
    assert answer is ResendOutcome.SENT_AGAIN
    assert (found.state, found.attempts, found.reason, found.due_at) == ("waiting", 0, "", frozen_clock.now)
    assert audited_resends() == [("message_sent_again", f"message:{message_id}")]


def test_a_telephone_that_could_not_be_reached_stays_the_reason_so_that_it_becomes_another_sending(
    database: Any, frozen_clock: FrozenClock
):
    message_id = dead(reason=UNREACHABLE)

    resend(BOSS, message_id)

    assert message(message_id).reason == UNREACHABLE


@pytest.mark.parametrize(
    ("columns", "answer"),
    [
        ({"state": DeliveryState.WAITING}, ResendOutcome.MOVED_ON),
        ({"state": DeliveryState.DELIVERED}, ResendOutcome.MOVED_ON),
        ({"text_sealed": ""}, ResendOutcome.EMPTIED),
        ({}, ResendOutcome.EXPIRED),
    ],
)
def test_resent_emptied_or_expired_messages_stay_unchanged(
    database: Any, frozen_clock: FrozenClock, columns: dict[str, Any], answer: ResendOutcome
):
    is_over = answer is ResendOutcome.EXPIRED
    message_id = dead(expires_at=frozen_clock.now if is_over else None, **columns)
    before = message(message_id)

    assert resend(BOSS, message_id) is answer
    assert (message(message_id).state, message(message_id).attempts) == (before.state, before.attempts)
    assert audited_resends() == []


def test_a_message_that_never_was_is_not_found(database: Any):
    with pytest.raises(NotFound):
        resend(BOSS, "00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize("role", sorted({*STAFF_ROLES, Role.CONSUMER, Role.VISITOR} - DELIVERY_ROLES))
def test_other_roles_cannot_resend(database: Any, role: Role):
    message_id = dead()
    with pytest.raises(NotFound):
        resend(Actor(role, "1"), message_id)
    with pytest.raises(NotFound):
        resend_all(Actor(role, "1"), REFUSED)

    assert message(message_id).state == "dead"


def test_all_of_one_reason_go_again_and_no_others(database: Any, frozen_clock: FrozenClock):
    alike = {dead() for _ in range(3)}
    others = {
        dead(gateway="second"),
        dead(reason="TimeoutError"),
        dead(channel="email"),
        dead(text_sealed=""),
    }

    answer = resend_all(BOSS, REFUSED)

    assert (answer.how_many, answer.left) == (3, 0)
    assert {message(one).state for one in alike} == {"waiting"}
    assert {message(one).state for one in others} == {"dead"}
    [entry] = [one for one in rows(AuditEntry) if one.deed == "messages_sent_again"]
    assert entry.details == {"channel": "sms", "reason": "gateway 503", "how_many": 3}


def test_of_very_many_so_many_go_at_once_the_oldest_first(
    database: Any, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wss.queries.deliveries.AT_ONCE", 2)
    ids = [dead(settled_at=frozen_clock.now + timedelta(seconds=number)) for number in range(3)]

    answer = resend_all(BOSS, REFUSED)

    assert (answer.how_many, answer.left) == (2, 1)
    assert [message(one).state for one in ids] == ["waiting", "waiting", "dead"]


def test_the_timelines_of_their_requests_have_news(complainant: Household):
    [request] = rows(ServiceRequest)
    message_id = dead(service_request_id=request.id, event_number=1)

    resend(BOSS, message_id)

    assert rows(ServiceRequest)[0].news == request.news + 1


def test_what_is_shown_of_a_message_is_neither_whom_it_is_for_nor_what_it_says(database: Any):
    dead(recipient=MOBILE)

    with reading():
        [line] = deliveries.dead_letters(rows(Message)[0].created_at)

    assert MOBILE not in repr(line) and "text" not in repr(line)


def test_pages_of_dead_letters_follow_each_other_without_a_gap(
    database: Any, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wss.queries.deliveries.SHOWN", 2)
    # Two were settled at the same moment: the id decides.
    ids = {dead(settled_at=frozen_clock.now + timedelta(seconds=number // 2)) for number in range(5)}
    seen: list[str] = []
    with reading():
        while lines := deliveries.dead_letters(frozen_clock.now, seen[-1] if seen else "")[:2]:
            seen += [line.id for line in lines]

    assert len(seen) == 5 and set(seen) == ids


def test_two_who_send_again_at_once_send_once(database: Any, frozen_clock: FrozenClock):
    message_id = dead()
    with transaction():
        first = deliveries.resend(message_id, frozen_clock.now)
        second = deliveries.resend(message_id, frozen_clock.now)

    assert (len(first), len(second)) == (1, 0)
