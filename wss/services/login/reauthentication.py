"""Reauthentication of the consumer, before a basis of recovery is changed or all data are exported."""

from dataclasses import dataclass
from enum import StrEnum

from wss import passwords
from wss.clock import now
from wss.db import transaction
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpSending
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.queries.consumers import consumer, is_current_password, locked_active_consumer
from wss.queries.proofs import accounts_of, end_proof, proof_of
from wss.queries.sessions import note_confirmed
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_otp, try_otp
from wss.services.shared import rate_limits
from wss.services.shared.identity_proof import asker_for, begin

CONFIRM = "confirm"


class ReauthenticationOutcome(StrEnum):
    """The outcome of a reauthentication."""

    DONE = "done"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ReauthenticationResult:
    """The outcome; when refused by a rate limit, the seconds to wait."""

    outcome: ReauthenticationOutcome
    retry_after: int = 0


def confirm_by_password(visitor: Visitor, consumer_id: int, password: str) -> ReauthenticationResult:
    """Reauthenticate this session by password for a few minutes; checked between two transactions, as at login."""
    # Counted by session: the user of another phone must not use up the attempts of this one.
    counted_as = f"session {visitor.session_hash}"
    with transaction():
        limit_result = rate_limits.consume(Limit.PROVE_AGAIN, counted_as)
        owner = consumer(consumer_id)
    if not limit_result.allowed:
        return ReauthenticationResult(ReauthenticationOutcome.TOO_OFTEN, limit_result.retry_after)
    if owner is None or not passwords.is_right(password, owner.password_hash):
        return ReauthenticationResult(ReauthenticationOutcome.WRONG)
    with transaction():
        if not is_current_password(consumer_id, owner.password_hash):
            return ReauthenticationResult(ReauthenticationOutcome.WRONG)
        rate_limits.clear(Limit.PROVE_AGAIN, counted_as)
        return _note(visitor, consumer_id)


def ask_confirm_code(visitor: Visitor, consumer_id: int) -> OtpSending | None:
    """Send an OTP to the verified mobile; None where there is none."""
    with transaction():
        owner = locked_active_consumer(consumer_id)
        if owner is None or owner.mobile is None:
            return None
        proof = proof_of(visitor.session_hash, CONFIRM, now())
        if proof is None or proof.consumer_id != owner.id or proof.mobile != owner.mobile:
            own = KnowledgeFacts(next(iter(accounts_of(owner.id)), ""), "")
            proof = begin(visitor, CONFIRM, own, consumer_id=owner.id, mobile=owner.mobile)
        return send_otp(
            OtpPurpose(*proof.unlocks),
            "confirm_otp",
            Recipient(owner.language, owner.mobile, consumer_id=owner.id),
            asker_for(visitor, proof),
        )


def confirm_by_code(visitor: Visitor, consumer_id: int, typed: str) -> ReauthenticationResult:
    """Reauthenticate the session that requested the code, if the code went to the present mobile."""
    with transaction():
        proof = proof_of(visitor.session_hash, CONFIRM, now())
        owner = locked_active_consumer(consumer_id)
        if proof is None or owner is None or proof.consumer_id != consumer_id:
            return ReauthenticationResult(ReauthenticationOutcome.LOST)
        tried = try_otp(OtpPurpose(*proof.unlocks), asker_for(visitor, proof), typed)
        if tried.answer is OtpOutcome.STOPPED:
            return ReauthenticationResult(ReauthenticationOutcome.TOO_OFTEN, tried.retry_after)
        if not tried.is_right or proof.mobile != owner.mobile:
            return ReauthenticationResult(ReauthenticationOutcome.WRONG)
        end_proof(proof.id, now())
        return _note(visitor, consumer_id)


def _note(visitor: Visitor, consumer_id: int) -> ReauthenticationResult:
    """Mark the session as reauthenticated, unless it has ended since."""
    is_there = note_confirmed(consumer_id, visitor.session_hash, now())
    return ReauthenticationResult(ReauthenticationOutcome.DONE if is_there else ReauthenticationOutcome.LOST)
