"""Expiry of waiting times of consumers: reminders, and at the end an automatic step. Each happens once."""

from collections.abc import Sequence
from datetime import timedelta

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM
from wss.domain.deadlines import REMINDERS_APART, reminder_windows
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import (
    ANSWER_DAYS,
    ANSWER_REMINDER_DAYS,
    CONFIRM_DAYS,
    REMINDER_DAYS,
    Action,
    Status,
)
from wss.queries.service_requests import visible_request
from wss.queries.unanswered_requests import SilentRequest, to_remind, unconfirmed, waiting_since
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest
from wss.services.shared.attempts import Attempts

# For each waiting status: the reminder's action, after which days it is sent, and until when.
_REMINDERS = (
    (Status.INFO_REQUESTED, Action.REMIND_ANSWER, ANSWER_REMINDER_DAYS, ANSWER_DAYS),
    (Status.RESOLVED, Action.REMIND, REMINDER_DAYS, CONFIRM_DAYS),
)


def expire_waits(*, close_on_silence: bool) -> int:
    """Send reminders, continue without an answer, and, where the discom wants it, close without a confirmation;
    return how many requests changed. `close_on_silence` is for discoms without a setting. A second worker
    running at the same time finds them done."""
    attempts = Attempts()
    moved = _remind(attempts) + _continue_unanswered(attempts) + _close(attempts, close_on_silence)
    attempts.finish()
    return moved


def _remind(attempts: Attempts) -> int:
    at, moved = now(), 0
    for status, action, reminder_days, last_day in _REMINDERS:
        for window in reminder_windows(at, reminder_days, last_day):
            with reading():
                silent = to_remind(status, action, window, at - REMINDERS_APART)
            moved += _move(attempts, silent, action)
    return moved


def _continue_unanswered(attempts: Attempts) -> int:
    with reading():
        silent = waiting_since(Status.INFO_REQUESTED, now() - timedelta(days=ANSWER_DAYS))
    return _move(attempts, silent, Action.ANSWER_LAPSED)


def _close(attempts: Attempts, by_default: bool) -> int:
    with reading():
        silent = unconfirmed(now() - timedelta(days=CONFIRM_DAYS), closes=by_default)
    return _move(attempts, silent, Action.CONFIRM_LAPSED)


def _move(attempts: Attempts, silent: Sequence[SilentRequest], action: Action) -> int:
    """Apply the action to each request as it was seen; skip those changed since by another worker or the consumer."""
    return sum(attempts.run(_move_one, each, action) or 0 for each in silent)


def _move_one(each: SilentRequest, action: Action) -> int:
    try:
        with transaction():
            seen = visible_request(SYSTEM, each.complaint_no, now())
            apply_transition(SYSTEM, seen, ActionRequest(action, version=each.version))
    except (Forbidden, NotFound, Outdated):
        return 0
    return 1
