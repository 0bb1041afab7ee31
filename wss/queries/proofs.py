"""Proofs under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update

from wss.db import affected, session
from wss.models import Consumer, Otp, Ownership, Proof, ServiceRequest
from wss.queries._fragments import delete_some

_SAME = ("typed_account_no", "typed_mark", "account_no", "consumer_id", "mobile", "new_mobile")
_NOTHING_COMES: dict[str, Any] = dict.fromkeys(
    ("coming_mobile", "coming_mobile_from", "coming_mobile_told_at")
)


def begin_proof(proof: Proof) -> Proof:
    """Keep a proof of the visitor for its purpose. Who has typed the same again goes on with the former one, and its
    code stays right; any other is put in the former one's place, whose codes go with it: its number may be given anew.
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
    """The visitor's proof of this purpose, while it lives."""
    statement = select(Proof).where(
        Proof.session_hash == session_hash,
        Proof.purpose == purpose,
        Proof.expires_at > at,
        Proof.done_at.is_(None),
    )
    return session().execute(statement).scalars().first()


def typed_by(session_hash: str) -> list[str]:
    """What a visitor has typed to name the receiver of codes, in each of their proofs."""
    statement = select(Proof.typed_account_no).where(Proof.session_hash == session_hash)
    return list(session().execute(statement).scalars())


def end_proof(proof_id: int, at: datetime) -> int:
    """Mark a proof as done; 1 for the first who asks."""
    statement = (
        update(Proof)
        .where(Proof.id == proof_id, Proof.done_at.is_(None))
        .values(done_at=at, password_hash=None)
    )
    return affected(statement.execution_options(synchronize_session=False))


def has_lodged(session_hash: str, purpose: str, complaint_no: str) -> bool:
    """Whether what this visitor has proved for the purpose became the request of this number."""
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
    """Drop proofs that were given up or are done, so many at most."""
    return affected(delete_some(Proof, how_many, Proof.expires_at <= at))


def change_mobile(consumer_id: int, mobile: str | None) -> None:
    """Put a number in the place of the consumer's mobile, and nothing is coming any more."""
    session().execute(
        update(Consumer).where(Consumer.id == consumer_id).values(mobile=mobile, **_NOTHING_COMES)
    )


def let_mobile_come(consumer_id: int, mobile: str, comes_at: datetime, told_at: datetime) -> None:
    """Have a number wait before it takes the mobile's place."""
    session().execute(
        update(Consumer)
        .where(Consumer.id == consumer_id)
        .values(coming_mobile=mobile, coming_mobile_from=comes_at, coming_mobile_told_at=told_at)
    )


def stop_coming_mobile(consumer_id: int) -> int:
    """Send a waiting number away; 1 when one was waiting."""
    statement = (
        update(Consumer)
        .where(Consumer.id == consumer_id, Consumer.coming_mobile.is_not(None))
        .values(**_NOTHING_COMES)
    )
    return affected(statement)


def consumers_with_due_mobile(at: datetime) -> list[Consumer]:
    """Consumers whose waiting number has waited long enough."""
    statement = select(Consumer).where(Consumer.coming_mobile.is_not(None), Consumer.coming_mobile_from <= at)
    return list(session().execute(statement).scalars())


def consumers_to_remind(at: datetime, told_before: datetime) -> list[Consumer]:
    """Consumers whose waiting number still waits, and who were last told of it before a moment."""
    statement = select(Consumer).where(
        Consumer.coming_mobile.is_not(None),
        Consumer.coming_mobile_from > at,
        Consumer.coming_mobile_told_at <= told_before,
    )
    return list(session().execute(statement).scalars())


def note_reminder(consumer_id: int, at: datetime, told_before: datetime) -> int:
    """Note that a consumer is told again of the waiting number; 1 for the first who asks."""
    statement = (
        update(Consumer)
        .where(
            Consumer.id == consumer_id,
            Consumer.coming_mobile.is_not(None),
            Consumer.coming_mobile_from > at,
            Consumer.coming_mobile_told_at <= told_before,
        )
        .values(coming_mobile_told_at=at)
    )
    return affected(statement)


def end_proofs_about(consumer_id: int, session_hash: str, at: datetime) -> None:
    """Have what other browsers have begun for a consumer lead to nobody, and end its codes. The rows stay: whoever
    began them is answered as for numbers that fit nobody."""
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
    """The account numbers that a consumer owns or holds."""
    statement = select(Ownership.account_no).where(
        Ownership.consumer_id == consumer_id, Ownership.ended_at.is_(None)
    )
    return list(session().execute(statement).scalars())
