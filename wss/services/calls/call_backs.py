"""Calls back by the help-desk: an employee takes a request from the queue, calls, and records the result."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.call_backs import NEXT_ATTEMPT
from wss.domain.calls import HELPDESK_ROLES, LIFE, CallOutcome, SearchKind
from wss.domain.errors import Forbidden, NotFound
from wss.queries import call_backs
from wss.queries.call_keys import ConnectionMatch
from wss.queries.calls import update_call
from wss.queries.staff import lock_employee
from wss.services.calls._call import lock_open_call
from wss.services.calls._opening import begin_call, open_record
from wss.services.shared.audit import record


class CallBackTaking(StrEnum):
    """The outcome of taking a request from the queue; the first two have a call."""

    TAKEN = "taken"
    # The employee has another one that is not settled.
    BUSY = "busy"
    # Another employee was faster, or the consumer has cancelled.
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class CallBackTakingResult:
    """The outcome, with the call."""

    outcome: CallBackTaking
    call_id: int = 0


def take_call_back(actor: Actor, call_back_id: int) -> CallBackTakingResult:
    """Take a waiting request: a call begins with the consumer's connection found. Taken by a single UPDATE.

    The caller is not verified by this: another person may pick up the phone.
    """
    if actor.role not in HELPDESK_ROLES:
        raise NotFound
    with transaction():
        at = now()
        lock_employee(actor.id)
        busy_with = call_backs.call_taken_by(actor.id, at)
        if busy_with is not None:
            return CallBackTakingResult(CallBackTaking.BUSY, busy_with)
        # The longest that a call lasts; if it ends earlier without a result, the worker releases the request.
        if call_backs.claim_call_back(call_back_id, actor.id, at + LIFE, at) != 1:
            if not call_backs.has_call_back(call_back_id):
                raise NotFound
            return CallBackTakingResult(CallBackTaking.GONE)
        claimed = call_backs.claimed_call_back(call_back_id)
        kind = SearchKind.COMPLAINT if claimed.complaint_no else SearchKind.ACCOUNT
        match = ConnectionMatch(claimed.account_no, kind, claimed.complaint_no)
        call_id = begin_call(actor, kind, [match], claimed.call_reason, claimed.language)
        call_backs.set_call_of(call_back_id, call_id)
        subject = f"consumer:{claimed.consumer_id}"
        record(actor, "call_back_taken", subject, reason=claimed.call_reason, call=call_id)
        open_record(actor, call_id, claimed.call_reason, match)
        return CallBackTakingResult(CallBackTaking.TAKEN, call_id)


def record_call_back(actor: Actor, call_id: int, *, is_reached: bool) -> str:
    """Record whether the consumer was reached; if not, the call ends and the next attempt follows later, or none.

    Return the outcome, empty while another attempt follows. Raises Forbidden where the request is over.
    """
    with transaction():
        call, at = lock_open_call(actor, call_id), now()
        calling = call_backs.call_back_of_call(call.id, at)
        if calling is None:
            raise Forbidden("call_back_over")
        outcome = call_backs.settle_attempt(call.id, at + NEXT_ATTEMPT, at, is_reached=is_reached)
        if outcome is None:
            raise Forbidden("call_back_over")
        if not is_reached:
            update_call(call.id, ended_at=at, outcome=CallOutcome.ENDED.value)
        deed = "call_back_reached" if is_reached else "call_back_missed"
        subject = f"consumer:{calling.consumer_id}"
        record(actor, deed, subject, reason=calling.call_reason, call=call.id)
        return outcome
