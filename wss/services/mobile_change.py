"""A new mobile number: proved by its own OTP, and by the old number's at once or by a day without objection."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import SYSTEM, VISITOR, Actor, Role
from wss.domain.captcha import UNASKED, Solved
from wss.domain.otp import OtpAnswer, SendLimits, Sent, Unlocks
from wss.domain.ownership import HOLD, NOT_ME_LIFE, Facts
from wss.domain.visitor import Visitor
from wss.models import Consumer, Proof
from wss.queries.codes import end_tokens
from wss.queries.consumers import staying_consumer
from wss.queries.proofs import (
    change_mobile,
    consumers_with_due_mobile,
    end_proof,
    let_mobile_come,
    proof_of,
    stop_coming_mobile,
)
from wss.queries.sessions import delete_sessions_of
from wss.services.steps import captchas, links
from wss.services.steps.audit import record
from wss.services.steps.notices import Recipient, queue_notice
from wss.services.steps.otp import send_otp, try_otp
from wss.services.steps.proving import begin, count_facts, known_by
from wss.services.steps.spending import ask_people

MOBILE = "mobile"


class Change(StrEnum):
    """How a change of mobile stands."""

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
class Changed:
    """The outcome, and the seconds to wait where there are some."""

    outcome: Change
    retry_after: int = 0


def ask_new_mobile(visitor: Visitor, facts: Facts, new_mobile: str, solved: Solved = UNASKED) -> Changed:
    """Begin a change: a code to the new number and one to the old; nobody learns whether the account exists."""
    with transaction():
        # The new number may be anybody's: without this a script could have it rung up from here.
        if captchas.is_missing(visitor, solved):
            return Changed(Change.WRONG_CAPTCHA)
        captchas.count_code(visitor)
        spent = count_facts(visitor, facts)
        if not spent.allowed:
            return Changed(Change.TOO_OFTEN, spent.retry_after)
        owner = known_by(facts).owner
        proof = begin(
            visitor,
            MOBILE,
            facts,
            account_no=facts.account_no if owner else None,
            consumer_id=owner.id if owner else None,
            mobile=owner.mobile if owner else None,
            new_mobile=new_mobile,
        )
        sent = _send_codes(visitor, proof)
        return Changed(Change.ASKED) if sent.ok else Changed(Change.TOO_OFTEN, sent.retry_after)


def ask_codes_again(visitor: Visitor) -> Sent | None:
    """Send both codes once more, within the limits; None when nothing is under way."""
    with transaction():
        proof = proof_of(visitor.session_hash, MOBILE, now())
        return _send_codes(visitor, proof) if proof is not None else None


def prove_new_mobile(visitor: Visitor, typed: str, typed_old: str) -> Changed:
    """The new number's code begins the day of waiting; the old one's beside it changes the number at once."""
    with transaction():
        proof = proof_of(visitor.session_hash, MOBILE, now())
        if proof is None:
            return Changed(Change.LOST)
        tried = try_otp(Unlocks(*proof.unlocks_new), proof.new_mobile or "", typed)
        if tried.answer is OtpAnswer.STOPPED:
            return Changed(Change.STOPPED, tried.retry_after)
        if not tried.is_right or proof.consumer_id is None:
            return Changed(Change.WRONG)
        owner = staying_consumer(proof.consumer_id)
        if owner is None:
            return Changed(Change.LOST)
        end_proof(proof.id, now())
        if typed_old:
            old = try_otp(Unlocks(*proof.unlocks), proof.counted_as, typed_old, proof.counted_silently_as)
            # A number that is no longer the verified one has no say any more.
            if old.is_right and proof.mobile == owner.mobile:
                _change(owner, proof.new_mobile or "")
                return Changed(Change.CHANGED)
        _let_come(owner, proof.new_mobile or "")
        return Changed(Change.WRONG_OLD if typed_old else Change.COMING)


def object_to_mobile(token: str) -> bool:
    """Whoever has the old number says no: the waiting number goes away. False for a dead link."""
    with transaction():
        consumer_id = links.row_of(links.look_at(token, "not_my_change"))
        owner = staying_consumer(consumer_id) if consumer_id is not None else None
        if (
            owner is None
            or links.use_link(token, "not_my_change") is None
            or not stop_coming_mobile(owner.id)
        ):
            return False
        record(VISITOR, "mobile_objected", f"consumer:{owner.id}")
        delete_sessions_of(owner.id)
        return True


def change_due_mobiles() -> int:
    """Let the numbers that have waited their day take their place; how many."""
    with transaction():
        due = consumers_with_due_mobile(now())
        for owner in filter(None, (staying_consumer(one.id) for one in due)):
            if owner.coming_mobile is not None:
                _change(owner, owner.coming_mobile, by=SYSTEM)
    return len(due)


def _send_codes(visitor: Visitor, proof: Proof) -> Sent:
    """The new number's limits are told, for it was typed; the old one's are not. People are counted for both before
    either costs anything, or two such changes could wait for each other."""
    to_new = SendLimits(proof.new_mobile or "", visitor.address, device=visitor.session_hash)
    to_old = SendLimits(proof.counted_as, visitor.address, proof.counted_silently_as)
    new = ask_people(to_new)
    old = new if new.refused else ask_people(to_old)
    if old.refused is not None:
        return old.refused
    recipient = Recipient(proof.language, proof.new_mobile)
    sent = send_otp(Unlocks(*proof.unlocks_new), "new_mobile_otp", recipient, to_new, new)
    if not sent.ok:
        return sent
    recipient = Recipient(proof.language, proof.mobile, consumer_id=proof.consumer_id)
    return send_otp(Unlocks(*proof.unlocks), "old_mobile_otp", recipient, to_old, old)


def _change(owner: Consumer, mobile: str, by: Actor | None = None) -> None:
    """Put the new number in place: other sessions end, both numbers are told."""
    old = owner.mobile
    change_mobile(owner.id, mobile)
    end_tokens("not_my_change", f"consumer:{owner.id}", now())
    delete_sessions_of(owner.id)
    record(by or Actor(Role.CONSUMER, str(owner.id)), "new_mobile", f"consumer:{owner.id}")
    for number in {old, mobile} - {None}:
        queue_notice("mobile_changed", Recipient(owner.language, number, consumer_id=owner.id), {})


def _let_come(owner: Consumer, mobile: str) -> None:
    """Have the new number wait a day; the old one, and the e-mail address, are told how to object."""
    let_mobile_come(owner.id, mobile, now() + HOLD)
    end_tokens("not_my_change", f"consumer:{owner.id}", now())
    record(Actor(Role.CONSUMER, str(owner.id)), "mobile_coming", f"consumer:{owner.id}")
    email = owner.email if owner.email_verified_at else None
    if owner.mobile or email:
        token = links.new_link("not_my_change", f"consumer:{owner.id}", NOT_ME_LIFE)
        recipient = Recipient(owner.language, owner.mobile, email, owner.id)
        queue_notice("mobile_coming", recipient, {"path": f"/not-me/{token}"})
