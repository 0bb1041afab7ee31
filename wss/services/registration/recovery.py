"""Recovery with a bill: login by OTP, a new password, the forgotten user name.

All of them answer alike and do the same work, whether or not the account exists and the bill is one of its last.
"""

from dataclasses import dataclass
from enum import StrEnum

from wss import passwords
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.captcha import UNASKED, CaptchaAnswer
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpSending
from wss.domain.ownership import (
    LAST_BILLS,
    KnowledgeFacts,
    RecoveryBasis,
    is_among_last,
    is_dormant,
    recovers,
)
from wss.domain.visitor import Visitor
from wss.models import Consumer, Proof
from wss.queries.consumers import consumer, locked_active_consumer, set_password_hash
from wss.queries.proofs import accounts_of, end_proof, proof_of
from wss.queries.registrations import latest_bill_numbers
from wss.services.login.sessions import open_session
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.otp import send_counted, try_otp
from wss.services.messages.otp_shares import take_share
from wss.services.registration._reset_links import consumer_of_link, send_reset_link
from wss.services.registration.recovery_changes import FormerAddresses, end_other_access, notify_of_change
from wss.services.shared import links
from wss.services.shared.audit import record
from wss.services.shared.captchas import answer_captcha
from wss.services.shared.identity_proof import (
    asker_for,
    begin,
    browser_of,
    count_facts,
    count_one_number,
    prove,
    with_account,
)
from wss.services.shared.login_failures import is_site_under_guessing
from wss.services.shared.password_hashes import new_password
from wss.services.shared.sms_budget import consume_budget, count_code_request

SIGN_IN = "sign_in"
PASSWORD = "password"  # noqa: S105 the name of a purpose, no secret

_NOTICES = {SIGN_IN: "sign_in_otp", PASSWORD: "password_otp"}


class RecoveryOutcome(StrEnum):
    """The outcome of a recovery; all but DONE show the same page again."""

    DONE = "done"
    WRONG = "wrong"
    STOPPED = "stopped"
    TOO_OFTEN = "too_often"
    WRONG_CAPTCHA = "wrong_captcha"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class RecoveryResult:
    """The outcome; with the new session's id and the consumer after a login, or the seconds to wait."""

    outcome: RecoveryOutcome
    session_id: str = ""
    consumer_id: int = 0
    retry_after: int = 0


def begin_recovery(
    visitor: Visitor, purpose: str, facts: KnowledgeFacts, solved: CaptchaAnswer = UNASKED
) -> RecoveryResult:
    """Begin a login by OTP or a new password: send a code to the verified mobile, if there is one."""
    with transaction():
        refused = _refused(visitor, facts, solved)
        if refused is not None:
            return refused
        found = with_account(facts)
        owner = _reached_by(facts, prove(found).owner)
        counted = count_code_request(browser_of(visitor, facts))
        if not counted.ok:
            return RecoveryResult(RecoveryOutcome.TOO_OFTEN, retry_after=counted.retry_after)
        proof = begin(
            visitor,
            purpose,
            facts,
            account_no=found.account_no if owner else None,
            consumer_id=owner.id if owner else None,
            mobile=owner.mobile if owner else None,
        )
        _send(visitor, proof)
        if purpose == PASSWORD:
            send_reset_link(visitor, owner)
        return RecoveryResult(RecoveryOutcome.DONE)


def resend_code(visitor: Visitor, purpose: str) -> OtpSending | None:
    """Resend the code, within the limits; None when no proof is under way."""
    with transaction():
        proof = proof_of(visitor.session_hash, purpose, now())
        if proof is None:
            return None
        counted = count_code_request(asker_for(visitor, proof))
        return _send(visitor, proof) if counted.ok else counted


def log_in_by_code(visitor: Visitor, typed: str) -> RecoveryResult:
    """Log in with the right code after account and bill: three facts, no password and no captcha."""
    with transaction():
        proof = proof_of(visitor.session_hash, SIGN_IN, now())
        if proof is None:
            return RecoveryResult(RecoveryOutcome.LOST)
        refused = _try(visitor, proof, typed)
        if refused is not None or proof.consumer_id is None:
            return refused or RecoveryResult(RecoveryOutcome.WRONG)
        end_proof(proof.id, now())
        record(_actor(proof.consumer_id), "sign_in_by_otp", f"consumer:{proof.consumer_id}")
        session_id = open_session(visitor, proof.consumer_id)
        return RecoveryResult(RecoveryOutcome.DONE, session_id, proof.consumer_id)


def set_password_by_code(visitor: Visitor, typed: str, password: str) -> RecoveryResult:
    """Set a new password with the right code, end every session and notify the consumer. Without `password`, the
    one typed before with a wrong code is set."""
    new = new_password(visitor, password)
    if new.retry_after:
        return RecoveryResult(RecoveryOutcome.STOPPED, retry_after=new.retry_after)
    with transaction():
        proof = proof_of(visitor.session_hash, PASSWORD, now())
        password_hash = proof and (new.hash or proof.password_hash)
        if proof is None or not password_hash:
            return RecoveryResult(RecoveryOutcome.LOST)
        proof.password_hash = password_hash
        refused = _try(visitor, proof, typed)
        if refused is not None or proof.consumer_id is None:
            return refused or RecoveryResult(RecoveryOutcome.WRONG)
        end_proof(proof.id, now())
        _set_password(proof.consumer_id, password_hash)
        return RecoveryResult(RecoveryOutcome.DONE)


def keep_password(visitor: Visitor, purpose: str, password: str) -> None:
    """Store an acceptable password although another field has to be corrected."""
    new = new_password(visitor, password)
    with transaction():
        proof = proof_of(visitor.session_hash, purpose, now())
        if proof is not None and new.hash:
            proof.password_hash = new.hash


def set_password_by_link(token: str, bill_no: str, password: str) -> RecoveryResult:
    """Set a new password with the e-mailed link and a bill number of the last three; a wrong one leaves the link
    valid."""
    # An invalid link, or one without attempts left, is refused before the password is hashed.
    with reading():
        if not is_reset_open(token):
            return RecoveryResult(RecoveryOutcome.LOST)
        if not links.has_attempts_left(token):
            return RecoveryResult(RecoveryOutcome.STOPPED)
    password_hash = passwords.hash_password(password)
    with transaction():
        consumer_id = consumer_of_link(token)
        owner = locked_active_consumer(consumer_id) if consumer_id is not None else None
        if owner is None or not recovers(owner.email_verified_at, now()):
            return RecoveryResult(RecoveryOutcome.LOST)
        # Attempts are counted for the link itself: after five it is invalid.
        if not links.count_attempt(token):
            return RecoveryResult(RecoveryOutcome.STOPPED)
        if not any(
            is_among_last(bill_no, latest_bill_numbers(one, LAST_BILLS)) for one in accounts_of(owner.id)
        ):
            return RecoveryResult(RecoveryOutcome.WRONG)
        if links.consume_link(token, "reset") is None:
            return RecoveryResult(RecoveryOutcome.LOST)
        _set_password(owner.id, password_hash)
        return RecoveryResult(RecoveryOutcome.DONE)


def is_reset_open(token: str) -> bool:
    """Return whether an e-mailed link can still set a password, without using it."""
    consumer_id = consumer_of_link(token)
    owner = consumer(consumer_id) if consumer_id is not None else None
    return owner is not None and owner.closed_at is None


def send_user_name(
    visitor: Visitor, facts: KnowledgeFacts, solved: CaptchaAnswer = UNASKED
) -> RecoveryResult:
    """Send the user name to the verified mobile; it is never shown."""
    with transaction():
        refused = _refused(visitor, facts, solved)
        if refused is not None:
            return refused
        found = with_account(facts)
        owner = _reached_by(facts, prove(found).owner)
        mobile = owner.mobile if owner else None
        name = (owner.user_name if owner else None) or found.account_no
        language = owner.language if owner else visitor.language
        # The same limits as for codes: otherwise a person with the consumer's bill could send them SMS all day.
        asker = browser_of(visitor, facts)
        counted = count_code_request(asker)
        if not counted.ok:
            return RecoveryResult(RecoveryOutcome.TOO_OFTEN, retry_after=counted.retry_after)
        asked = consume_budget(asker, mobile, withhold=not take_share(asker, mobile).is_granted)
        queue_notice("user_name", Recipient(language, mobile), {"user_name": name}, withhold=asked.withhold)
        return RecoveryResult(RecoveryOutcome.DONE)


def _refused(visitor: Visitor, facts: KnowledgeFacts, solved: CaptchaAnswer) -> RecoveryResult | None:
    """Count a recovery and return its refusal, if any; it does not depend on the facts.

    A bill number alone requires a captcha and has counts of its own. While passwords are guessed all over the
    site, both numbers require a captcha too.
    """
    is_due = not facts.account_no or is_site_under_guessing()
    if is_due and not answer_captcha(solved.captcha_id, visitor.session_hash, solved.captcha):
        return RecoveryResult(RecoveryOutcome.WRONG_CAPTCHA)
    limit_result = count_facts(visitor) if facts.account_no else count_one_number(visitor)
    return (
        None
        if limit_result.allowed
        else RecoveryResult(RecoveryOutcome.TOO_OFTEN, retry_after=limit_result.retry_after)
    )


def _reached_by(facts: KnowledgeFacts, owner: Consumer | None) -> Consumer | None:
    """Return the consumer if these facts are enough. One number is not enough where no one has logged in for a
    long time, as the mobile may belong to another person now."""
    is_alone = not facts.account_no
    if owner is not None and is_alone and is_dormant(owner.signed_in_at, owner.created_at, now()):
        return None
    return owner


def _send(visitor: Visitor, proof: Proof) -> OtpSending:
    return send_counted(
        OtpPurpose(*proof.unlocks),
        _NOTICES[proof.purpose],
        Recipient(proof.language, proof.mobile, consumer_id=proof.consumer_id),
        asker_for(visitor, proof),
    )


def _try(visitor: Visitor, proof: Proof, typed: str) -> RecoveryResult | None:
    """Check the typed code; return the refusal, or None when the code is right."""
    tried = try_otp(OtpPurpose(*proof.unlocks), asker_for(visitor, proof), typed)
    if tried.answer is OtpOutcome.STOPPED:
        return RecoveryResult(RecoveryOutcome.STOPPED, retry_after=tried.retry_after)
    # The number may have changed since the code was sent: the holder of the old number must not log in.
    return None if tried.is_right and _is_still_verified(proof) else RecoveryResult(RecoveryOutcome.WRONG)


def _is_still_verified(proof: Proof) -> bool:
    owner = locked_active_consumer(proof.consumer_id) if proof.consumer_id is not None else None
    return owner is not None and owner.mobile == proof.mobile


def _set_password(consumer_id: int, password_hash: str) -> None:
    set_password_hash(consumer_id, password_hash)
    end_other_access(consumer_id)
    record(_actor(consumer_id), "new_password", f"consumer:{consumer_id}")
    owner = consumer(consumer_id)
    if owner is not None:
        notify_of_change(FormerAddresses.of(owner), RecoveryBasis.PASSWORD)


def _actor(consumer_id: int) -> Actor:
    return Actor(Role.CONSUMER, str(consumer_id))
