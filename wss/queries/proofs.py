"""Proofs under way."""

from datetime import datetime

from sqlalchemy import delete, exists, select, update

from wss.db import affected, session
from wss.models import Consumer, Otp, Ownership, Proof, ServiceRequest
from wss.queries._fragments import delete_some


def begin_proof(proof: Proof) -> None:
    """Put this proof in the place of the visitor's former one of the same purpose, whose codes go with it: the
    former one's number may be given anew."""
    former = (
        delete(Proof)
        .where(Proof.session_hash == proof.session_hash, Proof.purpose == proof.purpose)
        .returning(Proof.id)
    )
    for number in session().execute(former).scalars().all():
        session().execute(delete(Otp).where(Otp.subject == f"proof:{number}"))
    session().add(proof)
    session().flush()


def proof_of(session_hash: str, purpose: str, at: datetime) -> Proof | None:
    """The visitor's proof of this purpose, while it lives."""
    statement = select(Proof).where(
        Proof.session_hash == session_hash,
        Proof.purpose == purpose,
        Proof.expires_at > at,
        Proof.done_at.is_(None),
    )
    return session().execute(statement).scalars().first()


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
        update(Consumer)
        .where(Consumer.id == consumer_id)
        .values(mobile=mobile, coming_mobile=None, coming_mobile_from=None)
    )


def let_mobile_come(consumer_id: int, mobile: str, comes_at: datetime) -> None:
    """Have a number wait before it takes the mobile's place."""
    session().execute(
        update(Consumer)
        .where(Consumer.id == consumer_id)
        .values(coming_mobile=mobile, coming_mobile_from=comes_at)
    )


def stop_coming_mobile(consumer_id: int) -> int:
    """Send a waiting number away; 1 when one was waiting."""
    statement = (
        update(Consumer)
        .where(Consumer.id == consumer_id, Consumer.coming_mobile.is_not(None))
        .values(coming_mobile=None, coming_mobile_from=None)
    )
    return affected(statement)


def consumers_with_due_mobile(at: datetime) -> list[Consumer]:
    """Consumers whose waiting number has waited long enough."""
    statement = select(Consumer).where(Consumer.coming_mobile.is_not(None), Consumer.coming_mobile_from <= at)
    return list(session().execute(statement).scalars())


def accounts_of(consumer_id: int) -> list[str]:
    """The account numbers that a consumer owns or holds."""
    statement = select(Ownership.account_no).where(
        Ownership.consumer_id == consumer_id, Ownership.ended_at.is_(None)
    )
    return list(session().execute(statement).scalars())
