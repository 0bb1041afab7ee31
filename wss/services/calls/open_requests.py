"""Open requests on a call: their status, a reminder, and the answer to the office's question."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import day_began, now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import BEFORE_RESOLVED, CALLED, Action, Status
from wss.queries import timelines
from wss.queries.call_requests import reminders_of
from wss.queries.service_requests import RequestRow, move_if
from wss.queries.tracking import TrackedRequest
from wss.services.calls._call import lock_open_call, lock_verified_call, request_of_call, request_with_number
from wss.services.requests.status_lookup import StatusLookup, look_up_status
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest
from wss.services.shared.audit import record


class ReminderOutcome(StrEnum):
    """The outcome of a reminder. ALREADY: the timeline has a reminder of the same day."""

    COUNTED = "counted"
    ALREADY = "already"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class ReminderResult:
    """The outcome; with the request's status where the caller's digits are right, or the seconds to wait."""

    outcome: ReminderOutcome
    found: TrackedRequest | None = None
    retry_after: int = 0


def look_up_status_on_call(actor: Actor, call_id: int, complaint_no: str, mobile_last4: str) -> StatusLookup:
    """Look up the status of a complaint without a code: the same as the website shows for its number and four
    digits of the mobile, and no more. Attempts count together with the website's; a status that is found is
    recorded in the audit trail."""
    with transaction():
        lock_open_call(actor, call_id)
        lookup = _look_up(actor, complaint_no, mobile_last4)
        if lookup.found is not None:
            record(actor, "view", f"request:{lookup.found.complaint_no}", reason="status", call=call_id)
        return lookup


def remind(actor: Actor, call_id: int, complaint_no: str, mobile_last4: str = "") -> ReminderResult:
    """Add to the timeline, once a day, that the consumer has asked for progress; this causes no transition.

    The caller is verified, or knows the digits for which the status is shown. Raises Forbidden for a settled or
    disputed request.
    """
    with transaction():
        call, lookup = lock_open_call(actor, call_id), StatusLookup()
        if call.is_verified:
            seen = request_of_call(call, complaint_no)
        else:
            lookup = _look_up(actor, complaint_no, mobile_last4)
            if lookup.found is None:
                outcome = ReminderOutcome.TOO_OFTEN if lookup.retry_after else ReminderOutcome.WRONG
                return ReminderResult(outcome, retry_after=lookup.retry_after)
            seen = request_with_number(complaint_no)
        if seen.status not in BEFORE_RESOLVED or seen.frozen:
            raise Forbidden("step_not_allowed")
        last_reminder = reminders_of([seen.id]).get(seen.id)
        if last_reminder is not None and last_reminder.last_at >= day_began(now()):
            return ReminderResult(ReminderOutcome.ALREADY, lookup.found)
        _add_reminder(actor, call_id, seen)
        return ReminderResult(ReminderOutcome.COUNTED, lookup.found)


def answer_question(actor: Actor, call_id: int, complaint_no: str, answer: str) -> None:
    """Take a verified caller's words as the consumer's answer to the office's question.

    Their proof on this call suffices: an answer can be corrected, and settles nothing.

    Raises Forbidden where no answer is awaited, and without an answer.
    """
    with transaction():
        call = lock_verified_call(actor, call_id)
        seen = request_of_call(call, complaint_no)
        if seen.status != Status.INFO_REQUESTED or seen.frozen:
            raise Forbidden("step_not_allowed")
        if not answer.strip():
            raise Forbidden("answer_required")
        consumer = Actor(Role.CONSUMER, str(seen.consumer_id) if seen.consumer_id else "")
        apply_transition(consumer, seen, ActionRequest(Action.ANSWER, answer, call_id=call.id))
        record(actor, "answer_told", f"request:{seen.complaint_no}", call=call.id)


def _look_up(actor: Actor, complaint_no: str, mobile_last4: str) -> StatusLookup:
    return look_up_status(complaint_no, mobile_last4, f"employee:{actor.id}")


def _add_reminder(actor: Actor, call_id: int, seen: RequestRow) -> None:
    if not move_if(seen.id, seen.version, {}):
        raise Outdated
    timelines.add_event(
        {
            "service_request_id": seen.id,
            "number": seen.version + 1,
            "action": CALLED,
            "status": seen.status,
            "role": actor.role.value,
            "office_code": actor.office_code or None,
            "employee_id": actor.id,
            "remark": "",
            "details": {"call": call_id},
            "at": now(),
        }
    )
    record(actor, "reminder_told", f"request:{seen.complaint_no}", call=call_id)
