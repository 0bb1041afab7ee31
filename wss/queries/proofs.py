"""Proofs of ownership that are in progress, and changes of a mobile that wait."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update

from wss.db import execute_count, session
from wss.models import Consumer, Otp, Ownership, Proof, ServiceRequest
from wss.queries._fragments import delete_some

_SAME = ("typed_account_no", "typed_mark", "account_no", "consumer_id", "mobile", "new_mobile")
_NO_PENDING_MOBILE: dict[str, Any] = dict.fromkeys(
    ("coming_mobile", "coming_mobile_from", "coming_mobile_told_at")
)


def begin_proof(proof: Proof) -> Proof:
    """Store a proof of the visitor for its purpose, or extend the one with the same inputs, whose OTP stays valid.

    A proof with other inputs replaces the former one. The former one's OTPs are deleted with it, since its number
    may be assigned again.
    """
    kept = proof_of(proof.session_hash, proof.purpose, proof.created_at)
    if kept is not None and all(getattr(kept, name) == getattr(proof, name) for name in _SAME):
        kept.created_at, kept.expires_at = proof.created_at, proof.expires_at
        session().flush()
        return kept
    former = (
        delete(Proof)
        .where(Proof.session_hash == proof.session_hash, Proof.purpose == proof.purpose)
        .returning(Proof.id)
    )
    for number in session().execute(former).scalars().all():
        session().execute(delete(Otp).where(Otp.subject == f"proof:{number}"))
    session().add(proof)
    session().flush()
    return proof


def proof_of(session_hash: str, purpose: str, at: datetime) -> Proof | None:
    """Return the visitor's proof for this purpose that has not expired."""
    statement = select(Proof).where(
        Proof.session_hash == session_hash,
        Proof.purpose == purpose,
        Proof.expires_at > at,
        Proof.done_at.is_(None),
    )
    return session().execute(statement).scalars().first()


def typed_accounts(session_hash: str) -> list[str]:
    """Return the account numbers that a visitor has typed to get OTPs, one for each of their proofs."""
    statement = select(Proof.typed_account_no).where(Proof.session_hash == session_hash)
    return list(session().execute(statement).scalars())


def end_proof(proof_id: int, at: datetime) -> int:
    """Mark a proof as done; return 1 for the first caller."""
    statement = (
        update(Proof)
        .where(Proof.id == proof_id, Proof.done_at.is_(None))
        .values(done_at=at, password_hash=None)
    )
    return execute_count(statement.execution_options(synchronize_session=False))


def has_lodged(session_hash: str, purpose: str, complaint_no: str) -> bool:
    """Return whether this visitor's proof for the purpose became the request of this number."""
    became = (
        Proof.session_hash == session_hash,
        Proof.purpose == purpose,
        Proof.done_at.is_not(None),
        ServiceRequest.account_no == Proof.account_no,
        ServiceRequest.complaint_no == complaint_no,
        ServiceRequest.registered_at >= Proof.created_at,
    )
    return bool(session().execute(select(exists().where(*became))).scalar())


def delete_expired_proofs(at: datetime, how_many: int) -> int:
    """Delete proofs that are abandoned or done, at most so many."""
    return execute_count(delete_some(Proof, how_many, Proof.expires_at <= at))


def change_mobile(consumer_id: int, mobile: str | None) -> None:
    """Replace the consumer's mobile, and cancel a change that waits."""
    session().execute(
        update(Consumer).where(Consumer.id == consumer_id).values(mobile=mobile, **_NO_PENDING_MOBILE)
    )


def add_pending_mobile(
    consumer_id: int, mobile: str, effective_from: datetime, notified_at: datetime
) -> None:
    """Store a number that will replace the consumer's mobile after a waiting period."""
    session().execute(
        update(Consumer)
        .where(Consumer.id == consumer_id)
        .values(coming_mobile=mobile, coming_mobile_from=effective_from, coming_mobile_told_at=notified_at)
    )


def cancel_pending_mobile(consumer_id: int) -> int:
    """Cancel a waiting change of the mobile; return 1 when there was one."""
    statement = (
        update(Consumer)
        .where(Consumer.id == consumer_id, Consumer.coming_mobile.is_not(None))
        .values(**_NO_PENDING_MOBILE)
    )
    return execute_count(statement)


def consumers_with_due_mobile(at: datetime) -> list[Consumer]:
    """Return consumers whose waiting period for a new mobile has ended."""
    statement = select(Consumer).where(Consumer.coming_mobile.is_not(None), Consumer.coming_mobile_from <= at)
    return list(session().execute(statement).scalars())


def consumers_to_remind(at: datetime, notified_before: datetime) -> list[Consumer]:
    """Return consumers with a waiting change of the mobile who were last notified of it before a moment."""
    statement = select(Consumer).where(
        Consumer.coming_mobile.is_not(None),
        Consumer.coming_mobile_from > at,
        Consumer.coming_mobile_told_at <= notified_before,
    )
    return list(session().execute(statement).scalars())


def note_reminder(consumer_id: int, at: datetime, notified_before: datetime) -> int:
    """Record that a consumer is notified again of the waiting number; return 1 for the first caller."""
    statement = (
        update(Consumer)
        .where(
            Consumer.id == consumer_id,
            Consumer.coming_mobile.is_not(None),
            Consumer.coming_mobile_from > at,
            Consumer.coming_mobile_told_at <= notified_before,
        )
        .values(coming_mobile_told_at=at)
    )
    return execute_count(statement)


def end_proofs_about(consumer_id: int, session_hash: str, at: datetime) -> None:
    """Disconnect the proofs of other browsers from a consumer, and end their OTPs.

    The rows stay, so that those browsers get the same answers as for numbers that match no consumer.
    """
    begun = (
        update(Proof)
        .where(Proof.consumer_id == consumer_id, Proof.session_hash != session_hash, Proof.done_at.is_(None))
        .values(consumer_id=None, account_no=None, mobile=None)
        .returning(Proof.id, Proof.purpose)
        .execution_options(synchronize_session=False)
    )
    for number, purpose in session().execute(begun).all():
        codes = update(Otp).where(Otp.subject == f"proof:{number}", Otp.purpose == purpose)
        session().execute(codes.values(mobile="", used_at=at).execution_options(synchronize_session=False))


def accounts_of(consumer_id: int) -> list[str]:
    """Return the account numbers that a consumer owns or holds."""
    statement = select(Ownership.account_no).where(
        Ownership.consumer_id == consumer_id, Ownership.ended_at.is_(None)
    )
    return list(session().execute(statement).scalars())
