"""Claims to a connection ("this is my connection"): the holder of the mobile on record gets it at once; without a
mobile on record an officer decides."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.captcha import UNASKED, CaptchaAnswer
from wss.domain.catalogue import CLAIM
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpSending
from wss.domain.ownership import PRIVACY_VERSION, TERMS_VERSION, KnowledgeFacts
from wss.domain.rate_limits import LimitResult
from wss.domain.routing import Level, holder
from wss.domain.visitor import Visitor
from wss.models import Connection, Consumer, Proof
from wss.queries.consumers import add, add_consumer, connection_row
from wss.queries.proofs import end_proof, proof_of
from wss.queries.reference import add_built_in_kind, reference
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.otp import send_counted, try_otp
from wss.services.registration.ownership import (
    CLAIMED,
    begin_ownership,
    consents_of,
    end_current,
    on_record_of,
)
from wss.services.requests.creation import NewRequest, register_request
from wss.services.shared import captchas
from wss.services.shared.identity_proof import asker_for, begin, browser_of, captcha_counts, try_numbers
from wss.services.shared.password_hashes import new_password
from wss.services.shared.sms_budget import count_code_request

CLAIM_PURPOSE = "claim"


class ClaimOutcome(StrEnum):
    """The state of a claim."""

    CODE_SENT = "code_sent"
    WRONG_CAPTCHA = "wrong_captcha"
    MOVED = "moved"
    LODGED = "lodged"
    MOBILE_REQUIRED = "mobile_required"
    NO_MATCH = "no_match"
    FREE = "free"
    WRONG = "wrong"
    STOPPED = "stopped"
    TOO_OFTEN = "too_often"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """The outcome; with the account or the complaint number, or the seconds to wait."""

    outcome: ClaimOutcome
    number: str = ""
    retry_after: int = 0


def begin_claim(
    visitor: Visitor, facts: KnowledgeFacts, own_mobile: str | None, solved: CaptchaAnswer = UNASKED
) -> ClaimResult:
    """Begin a claim: both numbers must fit; without a mobile on record the claimant's own is required."""
    with transaction():
        if captchas.is_missing(visitor, solved, *captcha_counts(facts.account_no, facts.bill_no)):
            return ClaimResult(ClaimOutcome.WRONG_CAPTCHA)
        known = try_numbers(visitor, facts)
        if isinstance(known, LimitResult):
            return ClaimResult(ClaimOutcome.TOO_OFTEN, retry_after=known.retry_after)
        if known.connection is None:
            return ClaimResult(ClaimOutcome.NO_MATCH)
        if known.owner is None:
            return ClaimResult(ClaimOutcome.FREE)
        on_record = on_record_of(known.connection)
        mobile = on_record.asked or own_mobile
        if mobile is None:
            return ClaimResult(ClaimOutcome.MOBILE_REQUIRED)
        counted = count_code_request(browser_of(visitor, facts))
        if not counted.ok:
            return ClaimResult(ClaimOutcome.TOO_OFTEN, retry_after=counted.retry_after)
        proof = begin(
            visitor,
            CLAIM_PURPOSE,
            facts,
            account_no=facts.account_no,
            mobile=mobile,
            # A number that came on record recently proves nothing against the former one: an officer decides.
            new_mobile=None if on_record.protecting == (mobile,) else mobile,
        )
        captchas.count_code(visitor)
        _send(visitor, proof)
        return ClaimResult(ClaimOutcome.CODE_SENT)


def resend_claim_code(visitor: Visitor) -> OtpSending | None:
    """Resend the code, within the limits; None when no claim is under way."""
    with transaction():
        proof = proof_of(visitor.session_hash, CLAIM_PURPOSE, now())
        if proof is None:
            return None
        counted = count_code_request(asker_for(visitor, proof))
        return _send(visitor, proof) if counted.ok else counted


def prove_claim(visitor: Visitor, typed: str, password: str) -> ClaimResult:
    """Move the connection with the code of the mobile on record; with the claimant's own, ask the SDO to decide."""
    new = new_password(visitor, password)
    if new.retry_after:
        return ClaimResult(ClaimOutcome.STOPPED, retry_after=new.retry_after)
    with transaction():
        proof = proof_of(visitor.session_hash, CLAIM_PURPOSE, now())
        connection = connection_row(proof.account_no or "") if proof is not None else None
        password_hash = proof and (new.hash or proof.password_hash)
        if proof is None or connection is None or not password_hash:
            return ClaimResult(ClaimOutcome.LOST)
        proof.password_hash = password_hash
        tried = try_otp(OtpPurpose(*proof.unlocks), asker_for(visitor, proof), typed)
        if tried.answer is OtpOutcome.STOPPED:
            return ClaimResult(ClaimOutcome.STOPPED, retry_after=tried.retry_after)
        if not tried.is_right:
            return ClaimResult(ClaimOutcome.WRONG)
        # An import may have changed the number on record since the code was sent.
        if proof.new_mobile is None and on_record_of(connection).protecting != (proof.mobile,):
            return ClaimResult(ClaimOutcome.LOST)
        end_proof(proof.id, now())
        new_consumer = _add_consumer(visitor, proof, password_hash)
        if proof.new_mobile is not None:
            return ClaimResult(ClaimOutcome.LODGED, _lodge(new_consumer, connection))
        _move(new_consumer, connection)
        return ClaimResult(ClaimOutcome.MOVED, connection.account_no)


def _send(visitor: Visitor, proof: Proof) -> OtpSending:
    recipient = Recipient(proof.language, proof.mobile)
    return send_counted(OtpPurpose(*proof.unlocks), "claim_otp", recipient, asker_for(visitor, proof))


def _add_consumer(visitor: Visitor, proof: Proof, password_hash: str) -> Consumer:
    at = now()
    new_consumer = add_consumer(
        Consumer(
            user_name=None,
            password_hash=password_hash,
            mobile=proof.mobile,
            email=None,
            language=visitor.language,
            sms_alerts=True,
            email_alerts=False,
            created_at=at,
        )
    )
    add(*consents_of(new_consumer, TERMS_VERSION, PRIVACY_VERSION, at))
    return new_consumer


def _move(new_consumer: Consumer, connection: Connection) -> None:
    """Notify both sides; the former owner's sessions end, and their requests stay theirs alone."""
    end_current(connection.account_no, "claimed", CLAIMED)
    begin_ownership(Actor(Role.CONSUMER, str(new_consumer.id)), new_consumer.id, connection.account_no)
    recipient = Recipient(new_consumer.language, new_consumer.mobile, consumer_id=new_consumer.id)
    queue_notice("registered_consumer", recipient, {"account_no": connection.account_no})


def _lodge(new_consumer: Consumer, connection: Connection) -> str:
    """Register the claim as a service request that the SDO decides; until then the owner stays the same."""
    add_built_in_kind(CLAIM)
    tables = reference()
    new = NewRequest(
        form_token=secrets.token_urlsafe(32),
        account_no=connection.account_no,
        office_code=connection.subdivision_code,
        kind=CLAIM,
        language=new_consumer.language,
        fields={"claimant": new_consumer.id},
        holder=holder(
            Role(CLAIM.route_role), Level(CLAIM.route_level), tables.chain(connection.subdivision_code)
        ),
        promised_on=tables.calendar.promised_on(local_date(now()), CLAIM.target_days),
        tables=tables,
        consumer_id=new_consumer.id,
    )
    recipient = Recipient(new_consumer.language, new_consumer.mobile, consumer_id=new_consumer.id)
    return register_request(Actor(Role.CONSUMER, str(new_consumer.id)), new, recipient).complaint_no
