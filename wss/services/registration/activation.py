"""The end of a registration: the code or link is right, and the connection gets its consumer."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from wss.clock import now, to_local
from wss.db import transaction
from wss.domain.actor import VISITOR, Actor, Role
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpRequester, OtpResult, OtpSending, requester_of
from wss.domain.ownership import HOLD, ActivationChannel, OwnershipProof, RecordedContacts, proof_by
from wss.domain.visitor import Visitor
from wss.models import Connection, Consent, Consumer, Ownership, Registration
from wss.queries.codes import end_tokens
from wss.queries.consumers import (
    add,
    add_consumer,
    confirm_email,
    connection_row,
    consumer,
    current_ownership,
    end_ownership,
    holds_of,
    lift_hold,
    lock_connection,
    locked_active_consumer,
    ownership,
)
from wss.queries.drafts import drop_held_drafts
from wss.queries.registrations import end_registration, registration, registration_of
from wss.services.login.known_browsers import end_sessions
from wss.services.login.sessions import open_session
from wss.services.messages.notices import Recipient, queue_notice, recipient_of
from wss.services.messages.otp import send_otp, try_otp
from wss.services.registration.confirmation_letters import send_confirmation
from wss.services.registration.ownership import on_record_of, send_hold_links
from wss.services.shared import links
from wss.services.shared.audit import record

HOLD_PURPOSE = "hold"


class ActivationOutcome(StrEnum):
    """The outcome of a registration's proof."""

    ACTIVE = "active"
    HELD = "held"
    WRONG = "wrong"
    STOPPED = "stopped"
    TAKEN = "taken"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ActivationResult:
    """The outcome; with account, consumer and session once it is proved, or the seconds to wait when rate-limited."""

    outcome: ActivationOutcome
    account_no: str = ""
    consumer_id: int = 0
    session_id: str = ""
    retry_after: int = 0


def verify_code(visitor: Visitor, typed: str) -> ActivationResult:
    """Check the OTP of the visitor's registration; the right one creates the consumer and logs them in. While the
    connection is held, the session shows only the page that says so."""
    with transaction():
        pending = registration_of(visitor.session_hash, now())
        if pending is None or not pending.has_details:
            return ActivationResult(ActivationOutcome.LOST)
        asker = requester_of(visitor, pending.typed(pending.mobile))
        tried = try_otp(OtpPurpose(*pending.unlocks), asker, typed)
        if tried.answer is OtpOutcome.STOPPED:
            return ActivationResult(ActivationOutcome.STOPPED, retry_after=tried.retry_after)
        connection = connection_row(pending.account_no or "")
        if not tried.is_right or connection is None:
            return ActivationResult(ActivationOutcome.WRONG)
        ended = _complete(pending, connection)
        if ended.outcome is ActivationOutcome.TAKEN:
            return ended
        return replace(ended, session_id=open_session(visitor, ended.consumer_id))


def follow_activation_link(token: str, session_hash: str = "") -> ActivationResult:
    """Use an e-mailed link: it activates a registration, or confirms the e-mail address of a consumer.

    `session_hash` names the browser that opens it, whose own registration takes precedence.
    """
    with transaction():
        proved = _proved_by(links.peek_link(token, "activate"), session_hash)
        if proved is not None and links.consume_link(token, "activate") is not None:
            return _complete(*proved)
        consumer_id = links.row_id_of(links.peek_link(token, "confirm_email"))
        owner = locked_active_consumer(consumer_id) if consumer_id is not None else None
        if owner is None or owner.email is None or links.consume_link(token, "confirm_email") is None:
            return ActivationResult(ActivationOutcome.LOST)
        confirm_email(owner.id, owner.email, now())
        return ActivationResult(ActivationOutcome.ACTIVE)


def _proved_by(subject: str | None, session_hash: str) -> tuple[Registration, Connection] | None:
    """Return the registration that an activation link proves, with its connection.

    The link proves that its reader has the mail box. So it activates the registration under way in the reader's
    own browser if that needs the same address, whichever browser requested the letter: strangers who use up the
    letters of an address thereby send its owner what they need. Otherwise it activates the registration that it
    was sent for.
    """
    if subject is None:
        return None
    number = links.row_id_of(subject)
    sent_for = registration(number, now()) if number is not None else None
    for pending in (registration_of(session_hash, now()), sent_for):
        if pending is None or pending.account_no is None or pending.channel != ActivationChannel.EMAIL:
            continue
        connection = connection_row(pending.account_no)
        # The present address: an import may have put another one on record since.
        address = (connection.email_on_record or pending.email) if connection else None
        if connection and address and links.is_about_address(subject, address):
            return pending, connection
    return None


def _complete(pending: Registration, connection: Connection) -> ActivationResult:
    """Create the consumer, the ownership and the consents, and notify everyone concerned."""
    on_record = on_record_of(connection)
    proof = proof_by(pending.mobile, on_record)
    if not _free_connection(connection, proof):
        return ActivationResult(ActivationOutcome.TAKEN)
    new_consumer, at = _consumer(pending, on_record), now()
    end_registration(pending.id)
    held_until = at + HOLD if proof is OwnershipProof.HELD else None
    owned = Ownership(
        consumer_id=new_consumer.id, account_no=connection.account_no, held_until=held_until, created_at=at
    )
    add(owned, *_consents(pending, new_consumer))
    record(
        Actor(Role.CONSUMER, str(new_consumer.id)),
        "register",
        f"connection:{connection.account_no}",
        proof=proof.value,
    )
    _notify(new_consumer, connection, owned)
    return ActivationResult(
        ActivationOutcome.HELD if held_until else ActivationOutcome.ACTIVE,
        connection.account_no,
        new_consumer.id,
    )


def _free_connection(connection: Connection, proof: OwnershipProof) -> bool:
    """Return whether the connection is free. A proof by the mobile on record outranks a hold, which then ends."""
    lock_connection(connection.account_no)
    current = current_ownership(connection.account_no)
    if current is None:
        return True
    is_held = current.held_until is not None and current.held_until > now()
    if not is_held or proof is not OwnershipProof.ACTIVE or on_record_of(connection).asked is None:
        return False
    _end_hold(current, "owner_registered")
    return True


def _consumer(pending: Registration, on_record: RecordedContacts) -> Consumer:
    by_link = pending.channel == "email"
    email = pending.email or (on_record.email if by_link else None)
    verified = email is not None and by_link and email == (on_record.email or pending.email)
    new_consumer = Consumer(
        user_name=pending.user_name,
        password_hash=pending.password_hash or "",
        mobile=pending.mobile,
        email=email,
        email_verified_at=now() if verified else None,
        language=pending.language,
        sms_alerts=pending.sms_alerts,
        email_alerts=pending.email_alerts,
        created_at=now(),
    )
    return add_consumer(new_consumer)


def _consents(pending: Registration, new_consumer: Consumer) -> list[Consent]:
    at = pending.consented_at or now()
    return [
        Consent(consumer_id=new_consumer.id, subject=subject, version=version or "", given_at=at)
        for subject, version in (("terms", pending.terms_version), ("privacy", pending.privacy_version))
    ]


def _notify(new_consumer: Consumer, connection: Connection, owned: Ownership) -> None:
    """Notify the new consumer; the numbers that protect a held connection get the link that ends the hold."""
    if owned.held_until is None:
        queue_notice("registered_consumer", recipient_of(new_consumer), {"account_no": connection.account_no})
    else:
        starts_at = f"{to_local(owned.held_until):%d-%m-%Y %H:%M}"
        queue_notice("registered_held", recipient_of(new_consumer), {"starts_at": starts_at})
        send_hold_links(owned, new_consumer.language, on_record_of(connection).others(new_consumer.mobile))
    if new_consumer.email and new_consumer.email_verified_at is None:
        send_confirmation(new_consumer)


def is_link_valid(token: str, purpose: str, session_hash: str = "") -> bool:
    """Return whether the subject of a link still exists, without using the link."""
    subject = links.peek_link(token, purpose)
    if purpose == "activate":
        return _proved_by(subject, session_hash) is not None
    number = links.row_id_of(subject)
    if number is None:
        return False
    if purpose == "not_me":
        held = ownership(number)
        return held is not None and held.ended_at is None
    owner = consumer(number)
    return owner is not None and owner.closed_at is None


def begun_in_other_browser_at(token: str, session_hash: str) -> datetime | None:
    """Return when the registration that a link activates was begun, if another browser than this one began it."""
    proved = _proved_by(links.peek_link(token, "activate"), session_hash)
    return proved[0].created_at if proved and proved[0].session_hash != session_hash else None


def reject_registration(token: str) -> bool:
    """End a hold for the number on record, whose holder says that they did not register. False for an invalid link."""
    with transaction():
        ownership_id = links.row_id_of(links.consume_link(token, "not_me"))
        held = ownership(ownership_id) if ownership_id is not None else None
        if held is None or held.ended_at is not None:
            return False
        record(VISITOR, "not_me", f"connection:{held.account_no}")
        _end_hold(held, "not_me")
        return True


def _end_hold(held: Ownership, because: str) -> None:
    """End an ownership, its sessions and its link, and notify the consumer who began it."""
    end_ownership(held.id, because, now())
    drop_held_drafts(held.account_no, held.consumer_id)
    end_tokens("not_me", f"ownership:{held.id}", now())
    end_sessions(held.consumer_id)
    former_owner = consumer(held.consumer_id)
    if former_owner is not None:
        queue_notice("hold_ended", Recipient(former_owner.language, former_owner.mobile), {})


def send_hold_code(visitor: Visitor, consumer_id: int) -> OtpSending | None:
    """Send an OTP to the number on record of the consumer's held connection; None when nothing is held. All
    browsers of the consumer share one part of the codes of that number."""
    with transaction():
        held = _first_hold(consumer_id)
        if held is None:
            return None
        owned, mobile, language = held
        unlocks = OtpPurpose(HOLD_PURPOSE, f"ownership:{owned.id}", mobile)
        asker = _holder(visitor, consumer_id, owned)
        return send_otp(unlocks, "hold_otp", Recipient(language, mobile), asker)


def try_hold_code(visitor: Visitor, consumer_id: int, typed: str) -> OtpResult | None:
    """Check the OTP of the number on record: the right one lifts the hold at once; None when nothing is held."""
    with transaction():
        held = _first_hold(consumer_id)
        if held is None:
            return None
        owned, mobile, _language = held
        unlocks = OtpPurpose(HOLD_PURPOSE, f"ownership:{owned.id}", mobile)
        tried = try_otp(unlocks, _holder(visitor, consumer_id, owned), typed)
        if tried.is_right and lift_hold(owned.id, now()):
            end_tokens("not_me", f"ownership:{owned.id}", now())
            record(Actor(Role.CONSUMER, str(consumer_id)), "lift_hold", f"connection:{owned.account_no}")
        return tried


def _holder(visitor: Visitor, consumer_id: int, owned: Ownership) -> OtpRequester:
    return requester_of(visitor, f"ownership {owned.id}", share=f"consumer {consumer_id}")


def hold_mobile(consumer_id: int) -> str | None:
    """Return the number whose OTP lifts the consumer's hold; None when nothing is held, or no number is left."""
    held = _first_hold(consumer_id)
    return held[1] or None if held is not None else None


def _first_hold(consumer_id: int) -> tuple[Ownership, str, str] | None:
    """Return the hold, the number that lifts it (not the consumer's own if there is another), and the language."""
    holds = holds_of(consumer_id, now())
    owner = consumer(consumer_id)
    connection = connection_row(holds[0].account_no) if holds else None
    if owner is None or connection is None:
        return None
    on_record = on_record_of(connection)
    asked = next(iter(on_record.others(owner.mobile)), on_record.asked)
    return holds[0], asked or "", owner.language
