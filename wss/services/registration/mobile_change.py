"""A change of mobile number: proved by its OTP, and by the old number's or by a day without objection."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM, VISITOR, Actor, Role
from wss.domain.captcha import UNASKED, CaptchaAnswer
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpSending
from wss.domain.ownership import (
    DORMANT_HOLD,
    HOLD,
    NOT_ME_LIFE,
    REMIND_EVERY,
    UNDO_LIFE,
    KnowledgeFacts,
    RecoveryBasis,
    is_dormant,
)
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Consumer, Proof
from wss.queries.codes import end_tokens
from wss.queries.consumers import connection_row, consumer, locked_active_consumer
from wss.queries.proofs import (
    accounts_of,
    add_pending_mobile,
    cancel_pending_mobile,
    change_mobile,
    consumers_to_remind,
    consumers_with_due_mobile,
    end_proof,
    note_reminder,
    proof_of,
)
from wss.services.messages.notices import Recipient, confirmed_email, queue_notice
from wss.services.messages.otp import send_counted, try_otp
from wss.services.messages.otp_shares import take_shares
from wss.services.registration.ownership import on_record_of
from wss.services.registration.recovery_changes import (
    NOT_MY_NUMBER,
    FormerAddresses,
    end_other_access,
    notify_of_change,
)
from wss.services.shared import captchas, links, rate_limits
from wss.services.shared.attempts import attempted_sum
from wss.services.shared.audit import record
from wss.services.shared.identity_proof import asker_for, begin, browser_of, count_facts, prove
from wss.services.shared.sms_budget import count_code_request

MOBILE = "mobile"
# The purposes of links that stop a pending number.
STOP_PURPOSES = ("not_my_change", NOT_MY_NUMBER)


class MobileChangeOutcome(StrEnum):
    """The state of a change of mobile number."""

    ASKED = "asked"
    WRONG_CAPTCHA = "wrong_captcha"
    CHANGED = "changed"
    COMING = "coming"
    WRONG = "wrong"
    WRONG_OLD = "wrong_old"
    STOPPED = "stopped"
    TOO_OFTEN = "too_often"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class MobileChangeResult:
    """The outcome, and the seconds to wait if any."""

    outcome: MobileChangeOutcome
    retry_after: int = 0


def begin_mobile_change(
    visitor: Visitor, facts: KnowledgeFacts, new_mobile: str, solved: CaptchaAnswer = UNASKED
) -> MobileChangeResult:
    """Begin a change: send codes to the new and the old number; the answer is the same for unknown accounts."""
    with transaction():
        # The new number may belong to anyone: without a captcha a script could send it SMS.
        if captchas.is_missing(visitor, solved):
            return MobileChangeResult(MobileChangeOutcome.WRONG_CAPTCHA)
        limit_result = count_facts(visitor)
        if not limit_result.allowed:
            return MobileChangeResult(MobileChangeOutcome.TOO_OFTEN, limit_result.retry_after)
        owner = prove(facts).owner
        counted = count_code_request(browser_of(visitor, facts))
        if not counted.ok:
            return MobileChangeResult(MobileChangeOutcome.TOO_OFTEN, counted.retry_after)
        captchas.count_code(visitor)
        proof = begin(
            visitor,
            MOBILE,
            facts,
            account_no=facts.account_no if owner else None,
            consumer_id=owner.id if owner else None,
            mobile=owner.mobile if owner else None,
            new_mobile=new_mobile,
        )
        _send_codes(visitor, proof)
        return MobileChangeResult(MobileChangeOutcome.ASKED)


def resend_codes(visitor: Visitor) -> OtpSending | None:
    """Resend both codes, within the limits; None when no proof is under way."""
    with transaction():
        proof = proof_of(visitor.session_hash, MOBILE, now())
        if proof is None:
            return None
        counted = count_code_request(asker_for(visitor, proof))
        if counted.ok:
            _send_codes(visitor, proof)
        return counted


def prove_new_mobile(visitor: Visitor, typed: str, typed_old: str) -> MobileChangeResult:
    """Begin the day of waiting with the new number's code; with the old number's as well, change it at once."""
    with transaction():
        proof = proof_of(visitor.session_hash, MOBILE, now())
        if proof is None:
            return MobileChangeResult(MobileChangeOutcome.LOST)
        tried = try_otp(OtpPurpose(*proof.unlocks_new), asker_for(visitor, proof), typed)
        if tried.answer is OtpOutcome.STOPPED:
            return MobileChangeResult(MobileChangeOutcome.STOPPED, tried.retry_after)
        if not tried.is_right or proof.consumer_id is None:
            return MobileChangeResult(MobileChangeOutcome.WRONG)
        owner = locked_active_consumer(proof.consumer_id)
        if owner is None:
            return MobileChangeResult(MobileChangeOutcome.LOST)
        if typed_old:
            old = try_otp(OtpPurpose(*proof.unlocks), asker_for(visitor, proof), typed_old)
            # A number that is no longer the verified one proves nothing.
            if old.is_right and proof.mobile == owner.mobile:
                end_proof(proof.id, now())
                _change(owner, proof.new_mobile or "")
                return MobileChangeResult(MobileChangeOutcome.CHANGED)
        limit_result = rate_limits.consume(Limit.MOBILE_COMING, f"consumer:{owner.id}")
        if not limit_result.allowed:
            return MobileChangeResult(MobileChangeOutcome.TOO_OFTEN, limit_result.retry_after)
        end_proof(proof.id, now())
        _store_pending(owner, proof.new_mobile or "")
        return MobileChangeResult(MobileChangeOutcome.WRONG_OLD if typed_old else MobileChangeOutcome.COMING)


def stop_pending_mobile(token: str) -> bool:
    """Stop a pending number with the link sent to the old number. Return False for an invalid link."""
    with transaction():
        purpose = next((each for each in STOP_PURPOSES if links.peek_link(token, each)), "")
        consumer_id = links.row_id_of(links.peek_link(token, purpose))
        owner = locked_active_consumer(consumer_id) if consumer_id is not None else None
        if owner is None or links.consume_link(token, purpose) is None or not cancel_pending_mobile(owner.id):
            return False
        record(VISITOR, "mobile_objected", f"consumer:{owner.id}")
        end_other_access(owner.id)
        return True


def is_mobile_waiting(token: str) -> bool:
    """Return whether a link stops a pending number."""
    subject = next(filter(None, (links.peek_link(token, each) for each in STOP_PURPOSES)), None)
    consumer_id = links.row_id_of(subject)
    owner = consumer(consumer_id) if consumer_id is not None else None
    return owner is not None and owner.coming_mobile is not None


def change_due_mobiles() -> int:
    """Apply the pending numbers whose waiting time has ended; return how many."""
    with reading():
        due = [one.id for one in consumers_with_due_mobile(now())]
    return attempted_sum(partial(_change_if_due, consumer_id) for consumer_id in due)


def _change_if_due(consumer_id: int) -> int:
    at = now()
    with transaction():
        owner = locked_active_consumer(consumer_id)
        if owner is None or owner.coming_mobile is None or (owner.coming_mobile_from or at) > at:
            return 0
        _change(owner, owner.coming_mobile, by=SYSTEM)
    return 1


def remind_of_coming_mobiles() -> int:
    """Notify the old addresses again of the numbers that wait longer than a day; return the number of consumers. A
    second worker running at the same time finds them notified."""
    at = now()
    with reading():
        waiting = [one.id for one in consumers_to_remind(at, at - REMIND_EVERY)]
    return attempted_sum(partial(_remind, consumer_id, at) for consumer_id in waiting)


def _remind(consumer_id: int, at: datetime) -> int:
    with transaction():
        owner = locked_active_consumer(consumer_id)
        if owner is None or not note_reminder(owner.id, at, at - REMIND_EVERY):
            return 0
        _announce_to_all(owner, owner.coming_mobile_from or at)
    return 1


def _send_codes(visitor: Visitor, proof: Proof) -> None:
    """Send a code to the new number and one to the old; what limits either of them is not revealed."""
    asker = asker_for(visitor, proof)
    new, old = take_shares(asker, proof.new_mobile, proof.mobile)
    to_new = Recipient(proof.language, proof.new_mobile)
    send_counted(OtpPurpose(*proof.unlocks_new), "new_mobile_otp", to_new, asker, new)
    to_old = Recipient(proof.language, proof.mobile, consumer_id=proof.consumer_id)
    send_counted(OtpPurpose(*proof.unlocks), "old_mobile_otp", to_old, asker, old)


def _change(owner: Consumer, mobile: str, by: Actor | None = None) -> None:
    """Apply the new number: end sessions, and send links that undo it to the old addresses, one that removes it to
    the new."""
    before, subject = FormerAddresses.of(owner), f"consumer:{owner.id}"
    change_mobile(owner.id, mobile)
    for purpose in STOP_PURPOSES:
        end_tokens(purpose, subject, now())
    end_other_access(owner.id)
    record(by or Actor(Role.CONSUMER, str(owner.id)), "new_mobile", subject)
    notify_of_change(before, RecoveryBasis.MOBILE, before.mobile)
    token = links.new_link(NOT_MY_NUMBER, subject, UNDO_LIFE)
    recipient = Recipient(owner.language, mobile, consumer_id=owner.id)
    queue_notice("number_in_use", recipient, {"path": f"/not-me/{token}"})


def _store_pending(owner: Consumer, mobile: str) -> None:
    """Store the new number as pending for a day; the old number and the e-mail address are notified how to object.
    Where no one has logged in for long, the old number may belong to another person: a day without objection is
    then not enough.

    Links of former pending numbers stop the present one as well: reading the first message is enough.
    """
    at = now()
    is_late = is_dormant(owner.signed_in_at, owner.created_at, at)
    effective_from = at + (DORMANT_HOLD if is_late else HOLD)
    add_pending_mobile(owner.id, mobile, effective_from, at)
    record(Actor(Role.CONSUMER, str(owner.id)), "mobile_coming", f"consumer:{owner.id}")
    if is_late:
        _announce_to_all(owner, effective_from)
    else:
        _announce(owner)


def _announce(owner: Consumer) -> None:
    email = confirmed_email(owner)
    if owner.mobile or email:
        token = links.new_link("not_my_change", f"consumer:{owner.id}", NOT_ME_LIFE)
        recipient = Recipient(owner.language, owner.mobile, email, owner.id)
        queue_notice("mobile_coming", recipient, {"path": f"/not-me/{token}"})


def _announce_to_all(owner: Consumer, effective_from: datetime) -> None:
    """Notify every known address of the pending number; a new holder of the old one can remove that as well."""
    life, day = effective_from - now(), f"{local_date(effective_from):%d-%m-%Y}"
    subject, language = f"consumer:{owner.id}", owner.language
    if owner.mobile:
        token = links.new_link(NOT_MY_NUMBER, subject, life)
        recipient = Recipient(language, owner.mobile, consumer_id=owner.id)
        queue_notice("mobile_coming_late", recipient, {"path": f"/not-me/{token}", "due_on": day})
    token = links.new_link("not_my_change", subject, life)
    values = {"path": f"/not-me/{token}", "due_on": day}
    email = confirmed_email(owner)
    if email:
        recipient = Recipient(language, email=email, consumer_id=owner.id)
        queue_notice("mobile_coming_late", recipient, values)
    on_record = [on_record_of(connection_row(one)).asked for one in accounts_of(owner.id)]
    for number in sorted(
        {one for one in on_record if one and one not in (owner.mobile, owner.coming_mobile)}
    ):
        queue_notice("mobile_coming_late", Recipient(language, number), values)
