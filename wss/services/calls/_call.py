"""Shared steps of calls: access checks, the subject of a call, and the count of wrong answers."""

from dataclasses import dataclass

from wss.clock import now
from wss.domain import identifiers
from wss.domain.actor import SYSTEM, Actor
from wss.domain.calls import MAX_WRONG, CallExpired, CallOutcome
from wss.domain.errors import Forbidden, Malformed, NotFound
from wss.domain.otp import OtpPurpose, OtpRequester, OtpResult, OtpSending
from wss.domain.ownership import LAST_BILLS, is_among_last
from wss.domain.rate_limits import Limit
from wss.domain.spoken_names import is_same_name
from wss.models import Connection, Consumer
from wss.queries.calls import CallRow, increment_wrong_answers, locked_call, update_call
from wss.queries.consumers import active_consumer, connection_row
from wss.queries.registrations import latest_bill_numbers
from wss.queries.service_requests import RequestRow, lock_request, visible_request
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_otp, try_otp
from wss.services.registration.ownership import on_record_of
from wss.services.shared import rate_limits
from wss.services.shared.audit import record
from wss.services.shared.sms_budget import alarm_once


@dataclass(frozen=True, slots=True)
class CallSubject:
    """The connection that a call is about, and the consumer who has registered it."""

    connection: Connection
    owner: Consumer | None

    @property
    def mobile(self) -> str | None:
        """Return the verified mobile, else the one on record, or the one that was on record until recently."""
        return (self.owner.mobile if self.owner else None) or on_record_of(self.connection).asked

    def recipient(self, call: CallRow, mobile: str | None) -> Recipient:
        """Return the recipient with the given number, in the consumer's language, else in the language of the call."""
        if self.owner is None:
            return Recipient(call.language, mobile)
        return Recipient(self.owner.language, mobile, consumer_id=self.owner.id)


def lock_open_call(actor: Actor, call_id: int) -> CallRow:
    """Return and lock the employee's own call while it lasts. Raises NotFound, or CallOver once it has ended."""
    call = locked_call(actor, call_id)
    if call.is_expired(now()):
        raise CallExpired
    update_call(call.id, last_at=now())
    return call


def lock_verified_call(actor: Actor, call_id: int) -> CallRow:
    """Return and lock the call after the caller has proved that they may speak for the consumer; else Forbidden."""
    call = lock_open_call(actor, call_id)
    if not call.is_verified:
        raise Forbidden("not_verified")
    return call


def lock_consented_call(actor: Actor, call_id: int) -> CallRow:
    """Return and lock the call after the caller has also agreed to a request for the consumer; else Forbidden."""
    call = lock_verified_call(actor, call_id)
    if not call.has_consent:
        raise Forbidden("consent_required")
    return call


def call_subject(call: CallRow) -> CallSubject:
    """Return the present subject of the call; raises NotFound until a connection is chosen."""
    connection = connection_row(call.account_no) if call.account_no is not None else None
    if connection is None:
        raise NotFound
    return CallSubject(connection, active_consumer(connection.account_no, now()))


def request_of_call(call: CallRow, complaint_no: str) -> RequestRow:
    """Return and lock a request of the call's connection that is the consumer's own. Raises NotFound for any other."""
    about, seen = call_subject(call), request_with_number(complaint_no)
    owner_id = about.owner.id if about.owner else None
    if seen.account_no != call.account_no or seen.consumer_id not in (None, owner_id):
        raise NotFound
    return seen


def request_with_number(complaint_no: str) -> RequestRow:
    """Return and lock a request of any consumer."""
    lock_request(complaint_no)
    return visible_request(SYSTEM, complaint_no, now())


@dataclass(frozen=True, slots=True)
class CheckedFacts:
    """Whether bill number and name belong to a connection; when wrong too often, the seconds to wait."""

    are_right: bool
    retry_after: int = 0


def check_facts(actor: Actor, about: CallSubject, bill_no: str, spoken_name: str) -> CheckedFacts:
    """Check whether the caller knows one of the last bills and the name on it.

    A call ends with its third wrong answer, and the checks of an employee per connection and day are limited.
    Strangers' wrong answers never block the owner's next call: above a number over all calls the supervisor is
    alerted.
    """
    counted_as = f"{actor.id} {about.connection.account_no}"
    limit_result = rate_limits.consume(Limit.CALL_FACTS, counted_as)
    if not limit_result.allowed:
        return CheckedFacts(False, limit_result.retry_after)
    try:
        number = identifiers.bill_no(bill_no)
    except Malformed:
        number = ""
    is_bill = is_among_last(number, latest_bill_numbers(about.connection.account_no, LAST_BILLS))
    are_right = is_same_name(spoken_name, about.connection.consumer_name) and is_bill
    if are_right:
        rate_limits.give_back(Limit.CALL_FACTS, counted_as)
    elif not rate_limits.consume_silently(Limit.CALL_FACTS, about.connection.account_no):
        alarm_once(Limit.CALL_FACTS, about.connection.account_no, account_no=about.connection.account_no)
    return CheckedFacts(are_right)


def send_code(
    actor: Actor, call: CallRow, unlocks: OtpPurpose, notice: str, recipient: Recipient
) -> OtpSending:
    """Send a code within the limits of the mobile and of the employee; the code is valid for this call."""
    return send_otp(unlocks, notice, recipient, requester_of_call(actor, call))


def try_code(actor: Actor, call: CallRow, unlocks: OtpPurpose, typed: str) -> OtpResult:
    """Check a code that the caller has read out."""
    return try_otp(unlocks, requester_of_call(actor, call), typed)


def requester_of_call(actor: Actor, call: CallRow) -> OtpRequester:
    """Return the call as the requester of codes."""
    return OtpRequester(call.subject, employee=actor.id)


def count_wrong_answer(actor: Actor, call: CallRow) -> bool:
    """Count one more wrong answer; return whether it was the third, which closes the call."""
    if increment_wrong_answers(call.id) < MAX_WRONG:
        return False
    update_call(call.id, ended_at=now(), outcome=CallOutcome.CLOSED_WRONG.value)
    record(actor, "call_closed", f"connection:{call.account_no}", call=call.id)
    return True
