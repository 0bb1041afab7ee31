"""Verification of callers: by a code to the mobile on record, or, without one, by bill number and name."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain import identifiers
from wss.domain.actor import Actor
from wss.domain.calls import CONSENT_VERSION, SCRIPT_VERSION, Relation, VerifiedBy
from wss.domain.errors import Forbidden, Malformed
from wss.domain.otp import OtpOutcome, OtpPurpose
from wss.queries.calls import CallRow, is_mobile_of_staff, update_call
from wss.queries.codes import latest_otp
from wss.services.calls._call import (
    CallSubject,
    call_subject,
    check_facts,
    count_wrong_answer,
    lock_open_call,
    lock_verified_call,
    requester_of_call,
    send_code,
    try_code,
)
from wss.services.shared.audit import record

CALL, CALL_OWN = "call", "call_own"


class VerificationOutcome(StrEnum):
    """The state of a verification; CLOSED is the third wrong answer."""

    VERIFIED = "verified"
    CODE_SENT = "code_sent"
    FACTS_RIGHT = "facts_right"
    NO_MOBILE = "no_mobile"
    WRONG = "wrong"
    CLOSED = "closed"
    STOPPED = "stopped"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The outcome; with the reference number of a code that was sent, or the seconds to wait."""

    outcome: VerificationOutcome
    reference_no: str = ""
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class CallerProof:
    """The caller's answers: a code; or, without a mobile on record, bill number, name and a number of their own."""

    otp: str = ""
    bill_no: str = ""
    spoken_name: str = ""
    caller_mobile: str = ""


def send_otp(actor: Actor, call_id: int) -> VerificationResult:
    """Send the code that the caller reads back; NO_MOBILE where there is no number to send it to."""
    with transaction():
        call = lock_open_call(actor, call_id)
        about = call_subject(call)
        if about.mobile is None:
            return VerificationResult(VerificationOutcome.NO_MOBILE)
        return _send(actor, call, about, CALL, about.mobile)


def verify(actor: Actor, call_id: int, proofs: CallerProof) -> VerificationResult:
    """Check the caller's answers. Wrong answers stay counted: three of any kind close the call.

    Raises Forbidden where bill and name are given although there is a mobile for a code, and Malformed for an
    invalid number of the caller's own, and for a bill number or name that is missing or invalid: neither is an answer,
    so neither counts.
    """
    own_mobile = identifiers.mobile(proofs.caller_mobile) if proofs.caller_mobile.strip() else ""
    with transaction():
        call = lock_open_call(actor, call_id)
        about = call_subject(call)
        if call.is_verified:
            return VerificationResult(VerificationOutcome.VERIFIED)
        if about.mobile is not None:
            if not proofs.otp.strip():
                raise Forbidden("otp_required")
            return _by_code(actor, call, OtpPurpose(CALL, call.subject, about.mobile), proofs.otp)
        if call.verified_by != VerifiedBy.FACTS:
            for code in incomplete_facts(proofs).values():
                raise Malformed(code)
            refused = _refuse_facts(actor, call, about, proofs)
            if refused is not None:
                return refused
            update_call(call.id, verified_by=VerifiedBy.FACTS.value)
        return _own_number(actor, call, about, own_mobile, proofs.otp)


def incomplete_facts(proofs: CallerProof) -> dict[str, str]:
    """Return the code of what is missing or invalid at the bill number and the name, by field."""
    wrong = {}
    try:
        identifiers.bill_no(proofs.bill_no)
    except Malformed as malformed:
        wrong["bill_no"] = malformed.code
    if not proofs.spoken_name.strip():
        wrong["spoken_name"] = "spoken_name_missing"
    return wrong


def give_consent(actor: Actor, call_id: int, relation: str, consent: bool) -> None:
    """Store the caller's relation to the consumer, and their consent to the sentence that was read out to them."""
    with transaction():
        call = lock_verified_call(actor, call_id)
        if relation not in frozenset(Relation):
            raise Forbidden("relation_required")
        if not consent:
            raise Forbidden("consent_required")
        update_call(
            call.id,
            relation=relation,
            consent_version=CONSENT_VERSION,
            script_version=SCRIPT_VERSION,
            consent_at=now(),
        )
        record(
            actor,
            "consent_told",
            f"connection:{call.account_no}",
            call=call.id,
            relation=relation,
            version=CONSENT_VERSION,
        )


def _by_code(actor: Actor, call: CallRow, unlocks: OtpPurpose, typed: str) -> VerificationResult:
    """Verify the caller by the right code; the code's purpose decides whose number it proves."""
    tried = try_code(actor, call, unlocks, typed)
    if tried.answer is OtpOutcome.STOPPED:
        return VerificationResult(VerificationOutcome.STOPPED, retry_after=tried.retry_after)
    if not tried.is_right:
        return _wrong(actor, call)
    at = now()
    by = VerifiedBy.OTP_ON_RECORD if unlocks.purpose == CALL else VerifiedBy.FACTS
    own = {"caller_mobile_verified_at": at} if by is VerifiedBy.FACTS else {}
    update_call(call.id, verified_at=at, verified_by=by.value, **own)
    record(actor, "call_verified", f"connection:{call.account_no}", call=call.id, by=by.value)
    return VerificationResult(VerificationOutcome.VERIFIED)


def _refuse_facts(
    actor: Actor, call: CallRow, about: CallSubject, proofs: CallerProof
) -> VerificationResult | None:
    """Return why bill number and name prove nothing; None when they are right."""
    checked = check_facts(actor, about, proofs.bill_no, proofs.spoken_name)
    if checked.retry_after:
        return VerificationResult(VerificationOutcome.STOPPED, retry_after=checked.retry_after)
    return None if checked.are_right else _wrong(actor, call)


def _own_number(
    actor: Actor, call: CallRow, about: CallSubject, mobile: str, typed: str
) -> VerificationResult:
    """After bill and name, take the caller's own number and verify it by the code sent to it."""
    if mobile and not (typed and mobile == call.caller_mobile):
        # An employee's own number must not verify the caller.
        if is_mobile_of_staff(actor.id, mobile):
            raise Malformed("mobile_of_employee")
        update_call(call.id, verified_by=VerifiedBy.FACTS.value, caller_mobile=mobile)
        return _send(actor, call, about, CALL_OWN, mobile)
    if typed and call.caller_mobile:
        return _by_code(actor, call, OtpPurpose(CALL_OWN, call.subject, call.caller_mobile), typed)
    return VerificationResult(VerificationOutcome.FACTS_RIGHT)


def _send(actor: Actor, call: CallRow, about: CallSubject, purpose: str, mobile: str) -> VerificationResult:
    unlocks = OtpPurpose(purpose, call.subject, mobile)
    to = about.recipient(call, mobile)
    sent = send_code(actor, call, unlocks, f"{purpose}_otp", to)
    if not sent.ok:
        return VerificationResult(VerificationOutcome.TOO_OFTEN, retry_after=sent.retry_after)
    otp = latest_otp(unlocks, requester_of_call(actor, call).key)
    return VerificationResult(VerificationOutcome.CODE_SENT, otp.reference_no if otp else "")


def _wrong(actor: Actor, call: CallRow) -> VerificationResult:
    return VerificationResult(
        VerificationOutcome.CLOSED if count_wrong_answer(actor, call) else VerificationOutcome.WRONG
    )
