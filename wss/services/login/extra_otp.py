"""The additional proof after the right password, required in an unknown browser while an account's password is
guessed.

A code to the verified mobile; without one, by e-mail to the confirmed address; with neither, a bill number. All of
it is counted apart from what strangers can cause, as only the right password leads here.
"""

from enum import StrEnum

from wss.clock import now
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpResult, OtpSending, requester_of
from wss.domain.ownership import LAST_BILLS, KnowledgeFacts, is_among_last
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Consumer, Proof
from wss.queries.codes import add_otp, live_otps
from wss.queries.consumers import consumer
from wss.queries.proofs import accounts_of, proof_of
from wss.queries.registrations import latest_bill_numbers
from wss.services.messages.notices import ConfirmedEmail, Recipient, confirmed_email, queue_notice
from wss.services.messages.otp import code_values, new_otp, send_counted, try_otp
from wss.services.messages.otp_shares import OtpShare
from wss.services.shared import rate_limits
from wss.services.shared.identity_proof import begin
from wss.services.shared.sms_budget import count_code_request

SECOND = "second_proof"
# Separate counts for codes sent after the password: only the right password can use them up, so their refusal may be
# shown.
_OWN = Limit.OTP_SEND_GAP, Limit.OTP_SEND_SHORT, Limit.OTP_SEND_DAY


class ExtraProof(StrEnum):
    """The kind of additional proof that the account is the consumer's."""

    MOBILE = "mobile"
    EMAIL = "email"
    BILL = "bill"


def proof_kind_of(owner: Consumer) -> ExtraProof:
    """Return the kind of additional proof that this consumer can give."""
    if owner.mobile:
        return ExtraProof.MOBILE
    return ExtraProof.EMAIL if _confirmed_email(owner) else ExtraProof.BILL


def begin_second_proof(visitor: Visitor, owner: Consumer) -> None:
    """Begin an additional proof; a repeated login with the right password continues with the code already sent."""
    proof = proof_of(visitor.session_hash, SECOND, now())
    if proof is None or _is_outdated(proof, owner):
        proof = begin(
            visitor,
            SECOND,
            KnowledgeFacts("", ""),
            consumer_id=owner.id,
            mobile=owner.mobile,
            password_hash=owner.password_hash,
        )
    if not live_otps(OtpPurpose(*proof.unlocks), visitor.session_hash, now()):
        send_second_code(visitor, proof, owner)


def send_second_code(visitor: Visitor, proof: Proof, owner: Consumer) -> OtpSending:
    """Send the code, within limits that only the right password can use up."""
    way, asker = proof_kind_of(owner), requester_of(visitor, f"consumer {owner.id}")
    if way is ExtraProof.MOBILE:
        counted = count_code_request(asker)
        if not counted.ok:
            return counted
        own = rate_limits.consume_all([(limit, f"password {owner.mobile}") for limit in _OWN])
        if not own.allowed:
            return OtpSending(False, own.retry_after)
        recipient = Recipient(proof.language, owner.mobile, consumer_id=owner.id)
        return send_counted(OtpPurpose(*proof.unlocks), "sign_in_otp", recipient, asker, OtpShare(True))
    if way is ExtraProof.BILL:
        return OtpSending(True)
    limit_result = rate_limits.consume(Limit.SIGN_IN_MAIL, f"consumer {owner.id}")
    if not limit_result.allowed:
        return OtpSending(False, limit_result.retry_after)
    otp = new_otp(OtpPurpose(*proof.unlocks), asker, is_sent=True)
    recipient = Recipient(proof.language, email=_confirmed_email(owner), consumer_id=owner.id)
    [otp.message_id] = queue_notice("sign_in_mail", recipient, code_values(otp))
    add_otp(otp)
    return OtpSending(True)


def try_second_proof(visitor: Visitor, proof: Proof, typed: str) -> OtpResult:
    """Check the additional proof. Codes count for the browser, bill numbers for the consumer: browsers cost
    nothing."""
    owner = consumer(proof.consumer_id or 0)
    if owner is None or _is_outdated(proof, owner):
        return OtpResult(OtpOutcome.WRONG)
    if proof_kind_of(owner) is not ExtraProof.BILL:
        return try_otp(OtpPurpose(*proof.unlocks), requester_of(visitor, f"consumer {owner.id}"), typed)
    count = Limit.SIGN_IN_BILL, f"consumer {owner.id}"
    limit_result = rate_limits.consume(*count)
    if not limit_result.allowed:
        return OtpResult(OtpOutcome.STOPPED, limit_result.retry_after)
    accounts = accounts_of(owner.id)
    if not any(is_among_last(typed, latest_bill_numbers(one, LAST_BILLS)) for one in accounts):
        return OtpResult(OtpOutcome.WRONG)
    rate_limits.clear(*count)
    return OtpResult(OtpOutcome.RIGHT)


def _is_outdated(proof: Proof, owner: Consumer) -> bool:
    """Return whether the proof was begun for another consumer, mobile or password than the present ones."""
    begun = proof.consumer_id, proof.mobile, proof.password_hash
    return begun != (owner.id, owner.mobile, owner.password_hash)


def _confirmed_email(owner: Consumer) -> ConfirmedEmail | None:
    return confirmed_email(owner) if owner.email_bounced_at is None else None
