"""Adding a connection to a login: account, bill, and an OTP to the number on record."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpSending
from wss.domain.ownership import HOLD, KnowledgeFacts, RecoveryBasis
from wss.domain.rate_limits import Limit, LimitResult
from wss.domain.visitor import Visitor
from wss.models import Proof
from wss.queries.consumers import (
    connection_row,
    consumer,
    current_ownership,
    lock_connection,
    locked_active_consumer,
)
from wss.queries.proofs import end_proof, proof_of
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_counted, try_otp
from wss.services.registration.ownership import begin_ownership, on_record_of, send_hold_links
from wss.services.registration.recovery_changes import FormerAddresses, notify_of_change
from wss.services.shared import rate_limits
from wss.services.shared.identity_proof import asker_for, begin, browser_of, try_numbers
from wss.services.shared.sms_budget import count_code_request

JOIN = "join"


class AddedConnectionOutcome(StrEnum):
    """The state of adding a connection."""

    CODE_SENT = "code_sent"
    ADDED = "added"
    HELD = "held"
    OWN_ALREADY = "own_already"
    OTHERS = "others"
    NO_MATCH = "no_match"
    NO_MOBILE = "no_mobile"
    WRONG = "wrong"
    STOPPED = "stopped"
    TOO_OFTEN = "too_often"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class AddedConnectionResult:
    """The outcome; with the account, or the seconds to wait."""

    outcome: AddedConnectionOutcome
    account_no: str = ""
    retry_after: int = 0


def begin_join(visitor: Visitor, consumer_id: int, facts: KnowledgeFacts) -> AddedConnectionResult:
    """Begin adding a connection without an owner; the code goes to the mobile on record, else to their own."""
    with transaction():
        # Counted per consumer first, as one consumer can use many networks; then as for everyone.
        misses = Limit.JOIN_MISSES, f"consumer {consumer_id}"
        limit_result = rate_limits.consume(*misses)
        known = try_numbers(visitor, facts) if limit_result.allowed else limit_result
        if isinstance(known, LimitResult):
            return AddedConnectionResult(AddedConnectionOutcome.TOO_OFTEN, retry_after=known.retry_after)
        asker = locked_active_consumer(consumer_id)
        if known.connection is None or asker is None:
            return AddedConnectionResult(AddedConnectionOutcome.NO_MATCH)
        rate_limits.give_back(*misses)
        owned = current_ownership(facts.account_no)
        if owned is not None:
            return AddedConnectionResult(
                AddedConnectionOutcome.OWN_ALREADY
                if owned.consumer_id == consumer_id
                else AddedConnectionOutcome.OTHERS
            )
        mobile = on_record_of(known.connection).asked or asker.mobile
        if mobile is None:
            return AddedConnectionResult(AddedConnectionOutcome.NO_MOBILE)
        counted = count_code_request(browser_of(visitor, facts))
        if not counted.ok:
            return AddedConnectionResult(AddedConnectionOutcome.TOO_OFTEN, retry_after=counted.retry_after)
        proof = begin(
            visitor, JOIN, facts, account_no=facts.account_no, consumer_id=consumer_id, mobile=mobile
        )
        _send(visitor, proof)
        return AddedConnectionResult(AddedConnectionOutcome.CODE_SENT)


def resend_join_code(visitor: Visitor) -> OtpSending | None:
    """Resend the code, within the limits; None when no proof is under way."""
    with transaction():
        proof = proof_of(visitor.session_hash, JOIN, now())
        if proof is None:
            return None
        counted = count_code_request(asker_for(visitor, proof))
        return _send(visitor, proof) if counted.ok else counted


def prove_join(visitor: Visitor, consumer_id: int, typed: str) -> AddedConnectionResult:
    """Add the connection with the right code, unless it has got another owner since."""
    with transaction():
        proof = proof_of(visitor.session_hash, JOIN, now())
        if proof is None or proof.consumer_id != consumer_id or proof.account_no is None:
            return AddedConnectionResult(AddedConnectionOutcome.LOST)
        if locked_active_consumer(consumer_id) is None:
            return AddedConnectionResult(AddedConnectionOutcome.LOST)
        tried = try_otp(OtpPurpose(*proof.unlocks), asker_for(visitor, proof), typed)
        if tried.answer is OtpOutcome.STOPPED:
            return AddedConnectionResult(AddedConnectionOutcome.STOPPED, retry_after=tried.retry_after)
        if not tried.is_right:
            return AddedConnectionResult(AddedConnectionOutcome.WRONG)
        lock_connection(proof.account_no)
        if current_ownership(proof.account_no) is not None:
            return AddedConnectionResult(AddedConnectionOutcome.OTHERS)
        # An import may have changed the number on record since the code was sent.
        if not _proves(proof, consumer_id):
            return AddedConnectionResult(AddedConnectionOutcome.LOST)
        end_proof(proof.id, now())
        return _add(proof, consumer_id, proof.account_no)


def _add(proof: Proof, consumer_id: int, account_no: str) -> AddedConnectionResult:
    """Make the consumer the owner; held for a day where a former number protects the connection as well."""
    others = on_record_of(connection_row(account_no)).others(proof.mobile)
    held_until = now() + HOLD if others else None
    actor = Actor(Role.CONSUMER, str(consumer_id))
    owned = begin_ownership(actor, consumer_id, account_no, held_until=held_until)
    send_hold_links(owned, proof.language, others)
    asker = consumer(consumer_id)
    if asker is not None:
        notify_of_change(FormerAddresses.of(asker), RecoveryBasis.CONNECTION, account_no)
    return AddedConnectionResult(
        AddedConnectionOutcome.HELD if others else AddedConnectionOutcome.ADDED, account_no
    )


def _proves(proof: Proof, consumer_id: int) -> bool:
    """Return whether the code went to the number that proves it now: the one on record, else the consumer's own."""
    on_record, asker = on_record_of(connection_row(proof.account_no or "")), consumer(consumer_id)
    return proof.mobile == (on_record.asked or (asker.mobile if asker is not None else None))


def _send(visitor: Visitor, proof: Proof) -> OtpSending:
    recipient = Recipient(proof.language, proof.mobile)
    return send_counted(OtpPurpose(*proof.unlocks), "join_otp", recipient, asker_for(visitor, proof))
