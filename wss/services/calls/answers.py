"""Answers of callers that their complaint is settled or is not, each confirmed by a new code for that answer."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, NotFound
from wss.domain.lifecycle import Action, Status
from wss.domain.otp import OtpOutcome, OtpPurpose
from wss.queries.calls import CallRow
from wss.queries.codes import latest_otp
from wss.queries.service_requests import RequestRow, lock_request, visible_request
from wss.services.calls._call import (
    call_subject,
    count_wrong_answer,
    lock_verified_call,
    requester_of_call,
    send_code,
    try_code,
)
from wss.services.requests.transition import apply_transition, recipient_about
from wss.services.requests.transition_types import ActionRequest
from wss.services.shared.audit import record

CALL_CONFIRM = "call_confirm"


class AnswerOutcome(StrEnum):
    """The outcome of giving an answer; CLOSED is the third wrong code on this call."""

    TAKEN = "taken"
    CODE_SENT = "code_sent"
    NO_MOBILE = "no_mobile"
    WRONG = "wrong"
    CLOSED = "closed"
    STOPPED = "stopped"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class CallerAnswer:
    """The caller's answer to a resolution: settled, or not settled with the reason; with the code once it was sent."""

    complaint_no: str
    is_settled: bool
    remark: str = ""
    otp: str = ""

    @property
    def says(self) -> str:
        """Return the answer as "yes" or "no"."""
        return "yes" if self.is_settled else "no"


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """The outcome; with the reference number of a code that was sent, the request's status, or the seconds to wait."""

    outcome: AnswerOutcome
    reference_no: str = ""
    status: str = ""
    retry_after: int = 0


def confirm_resolution(actor: Actor, call_id: int, answer: CallerAnswer) -> AnswerResult:
    """Send a code where none is given; with the right code, take the answer as the consumer's, given to the
    help-desk.

    A code is valid for the answer that its SMS names: one for "settled" does not confirm "not settled", nor the
    reverse. Raises Forbidden until the caller is verified.
    """
    with transaction():
        call = lock_verified_call(actor, call_id)
        seen = _asked(call, answer)
        to = recipient_about(seen)
        if to.mobile is None:
            return AnswerResult(AnswerOutcome.NO_MOBILE)
        unlocks = OtpPurpose(CALL_CONFIRM, f"request:{seen.id} {answer.says} {call.subject}", to.mobile)
        if not answer.otp:
            notice = "call_confirm_otp" if answer.is_settled else "call_refuse_otp"
            sent = send_code(actor, call, unlocks, notice, to)
            if not sent.ok:
                return AnswerResult(AnswerOutcome.TOO_OFTEN, retry_after=sent.retry_after)
            otp = latest_otp(unlocks, requester_of_call(actor, call).key)
            return AnswerResult(AnswerOutcome.CODE_SENT, otp.reference_no if otp else "")
        tried = try_code(actor, call, unlocks, answer.otp)
        if tried.answer is OtpOutcome.STOPPED:
            return AnswerResult(AnswerOutcome.STOPPED, retry_after=tried.retry_after)
        if not tried.is_right:
            return AnswerResult(
                AnswerOutcome.CLOSED if count_wrong_answer(actor, call) else AnswerOutcome.WRONG
            )
        return _take(actor, call, seen, answer)


def _asked(call: CallRow, answer: CallerAnswer) -> RequestRow:
    """Return and lock the resolved request of the call's connection that the answer is about."""
    about = call_subject(call)
    lock_request(answer.complaint_no)
    seen = visible_request(SYSTEM, answer.complaint_no, now())
    owner_id = about.owner.id if about.owner else None
    if seen.account_no != call.account_no or seen.consumer_id not in (None, owner_id):
        raise NotFound
    # Checked before the code is used up.
    if seen.status != Status.RESOLVED or seen.frozen:
        raise Forbidden("step_not_allowed")
    if not answer.is_settled and not answer.remark.strip():
        raise Forbidden("remark_required")
    return seen


def _take(actor: Actor, call: CallRow, seen: RequestRow, answer: CallerAnswer) -> AnswerResult:
    action = Action.CONFIRM if answer.is_settled else Action.REFUSE
    consumer = Actor(Role.CONSUMER, str(seen.consumer_id) if seen.consumer_id else "")
    moved = apply_transition(consumer, seen, ActionRequest(action, answer.remark, call_id=call.id))
    record(actor, f"{action.value}_told", f"request:{seen.complaint_no}", call=call.id)
    return AnswerResult(AnswerOutcome.TAKEN, status=moved.status.value)
