"""Statements for the erasure of a consumer: what blocks it, what is closed, what is erased at the end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, and_, delete, exists, func, or_, select, update

from wss.db import session
from wss.domain.call_backs import CallBackOutcome
from wss.domain.lifecycle import OPEN
from wss.domain.retention import PERSONAL_ANSWERS, ConsumerActivity
from wss.models import (
    AlertChoice,
    AlertSent,
    CallBack,
    Connection,
    Consent,
    Consumer,
    Document,
    Draft,
    Event,
    GeneratedBill,
    LinkToken,
    Message,
    Ownership,
    Proof,
    Replaced,
    ServiceRequest,
    SignedIn,
)

NO_PASSWORD = "erased"  # noqa: S105 no hash at all: no password fits it
_consumer = cast(Table, Consumer.__table__)
_request = cast(Table, ServiceRequest.__table__)
_ownership = cast(Table, Ownership.__table__)


def lock_consumer(consumer_id: int) -> Consumer | None:
    """Return the consumer unless closed, locked: other transactions wait until this one ends."""
    statement = (
        select(Consumer)
        .where(Consumer.id == consumer_id, Consumer.closed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session().execute(statement).scalars().first()


def activity_of(consumer: Consumer) -> ConsumerActivity:
    """Return the consumer's open complaints, and when the last one was closed or the last connection was added."""
    open_ones = select(_request.c.complaint_no).where(
        _request.c.consumer_id == consumer.id, _request.c.status.in_(sorted(OPEN))
    )
    moments = [
        select(func.max(_request.c.status_since)).where(_request.c.consumer_id == consumer.id),
        select(func.max(_ownership.c.created_at)).where(_ownership.c.consumer_id == consumer.id),
    ]
    last = [session().execute(moment).scalar() for moment in moments]
    numbers = session().execute(open_ones.order_by(_request.c.id)).scalars().all()
    return ConsumerActivity(numbers, max(each for each in (consumer.created_at, *last) if each is not None))


def erasure_asked_at(consumer_id: int) -> datetime | None:
    """Return when the consumer asked to be erased, if the erasure is pending."""
    return session().execute(select(Consumer.erasure_asked_at).where(Consumer.id == consumer_id)).scalar()


def set_erasure_request(consumer_id: int, at: datetime | None) -> None:
    """Store when erasure was first asked for; None cancels it."""
    statement = update(Consumer).where(Consumer.id == consumer_id)
    if at is not None:
        statement = statement.where(Consumer.erasure_asked_at.is_(None))
    session().execute(statement.values(erasure_asked_at=at))


def due_erasures(at: datetime, retention: timedelta, how_many: int) -> Sequence[int]:
    """Return consumers who asked for erasure and whose retention periods have ended."""
    asked = select(_consumer.c.id).where(
        _consumer.c.erasure_asked_at.is_not(None),
        _consumer.c.closed_at.is_(None),
        _consumer.c.created_at <= at - retention,
        ~exists().where(
            _request.c.consumer_id == _consumer.c.id,
            or_(_request.c.status.in_(sorted(OPEN)), _request.c.status_since > at - retention),
        ),
        ~exists().where(_ownership.c.consumer_id == _consumer.c.id, _ownership.c.created_at > at - retention),
    )
    return session().execute(asked.order_by(_consumer.c.erasure_asked_at).limit(how_many)).scalars().all()


def mobile_on_record_of(consumer_id: int) -> str | None:
    """Return the mobile on record of a connection that the consumer owns, for a consumer without a verified one."""
    statement = (
        select(Connection.mobile_on_record)
        .join(Ownership, Ownership.account_no == Connection.account_no)
        .where(Ownership.consumer_id == consumer_id, Ownership.ended_at.is_(None))
        .where(Connection.mobile_on_record.is_not(None))
        .limit(1)
    )
    return session().execute(statement).scalar()


def close_consumer(consumer_id: int, at: datetime) -> None:
    """Close a consumer: erase name, numbers and addresses, and make the password unusable."""
    session().execute(
        update(Consumer)
        .where(Consumer.id == consumer_id)
        .values(
            closed_at=at,
            browsers_version=Consumer.browsers_version + 1,
            erasure_asked_at=None,
            password_hash=NO_PASSWORD,
            sms_alerts=False,
            email_alerts=False,
            **dict.fromkeys(("user_name", "mobile", "coming_mobile", "coming_mobile_from")),
            **dict.fromkeys(("coming_mobile_told_at", "signed_in_at")),
            **dict.fromkeys(("email", "email_verified_at", "email_bounced_at")),
        )
    )


def end_everything_of(consumer_id: int, because: str, at: datetime) -> None:
    """End sessions, ownerships, consents, links, proofs, alerts and the asked-for call of a consumer."""
    for alerts in (AlertChoice, AlertSent):
        session().execute(delete(alerts).where(alerts.consumer_id == consumer_id))
    session().execute(delete(SignedIn).where(SignedIn.consumer_id == consumer_id))
    session().execute(
        update(Ownership)
        .where(Ownership.consumer_id == consumer_id, Ownership.ended_at.is_(None))
        .values(ended_at=at, ended_because=because)
    )
    session().execute(
        update(Consent)
        .where(Consent.consumer_id == consumer_id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
    )
    session().execute(
        update(CallBack)
        .where(CallBack.consumer_id == consumer_id, CallBack.ended_at.is_(None))
        .values(ended_at=at, outcome=CallBackOutcome.CLOSED.value)
    )
    session().execute(delete(LinkToken).where(LinkToken.subject == f"consumer:{consumer_id}"))
    session().execute(delete(Proof).where(Proof.consumer_id == consumer_id))
    session().execute(delete(Replaced).where(Replaced.consumer_id == consumer_id))


def drop_drafts_of(consumer_id: int) -> list[str]:
    """Delete a consumer's drafts, and the unsent forms that calls about their connections have left.

    Returns the keys of their documents, which the store no longer needs.
    """
    connections = select(_ownership.c.account_no).where(_ownership.c.consumer_id == consumer_id)
    on_calls = and_(Draft.consumer_id.is_(None), Draft.account_no.in_(connections))
    own = select(Draft.id).where(or_(Draft.consumer_id == consumer_id, on_calls))
    freed = session().execute(
        delete(Document).where(Document.draft_id.in_(own)).returning(Document.storage_key)
    )
    keys = list(freed.scalars())
    session().execute(delete(Draft).where(Draft.id.in_(own)))
    return keys


def consumers_to_anonymise(closed_before: datetime, how_many: int) -> Sequence[int]:
    """Return consumers closed so long ago that even the logs about them may be erased."""
    statement = select(Consumer.id).where(Consumer.closed_at <= closed_before, Consumer.emptied_at.is_(None))
    return session().execute(statement.order_by(Consumer.closed_at).limit(how_many)).scalars().all()


def anonymise_consumer(consumer_id: int, at: datetime) -> list[str]:
    """Erase the remaining data of a closed consumer; numbers, dates and decisions stay.

    Returns the keys of the consumer's documents.
    """
    own_requests = select(_request.c.id).where(_request.c.consumer_id == consumer_id)
    own = or_(Document.consumer_id == consumer_id, Document.service_request_id.in_(own_requests))
    keys = list(session().execute(delete(Document).where(own).returning(Document.storage_key)).scalars())
    for request_id, fields in _answers_of(consumer_id):
        kept = {name: value for name, value in fields.items() if name not in PERSONAL_ANSWERS}
        emptied = {"fields": kept, "contact_mobile": None}
        session().execute(update(ServiceRequest).where(ServiceRequest.id == request_id).values(**emptied))
    session().execute(
        update(Event)
        .where(Event.service_request_id.in_(own_requests), Event.role == "consumer", Event.remark != "")
        .values(remark="")
        .execution_options(synchronize_session=False)
    )
    session().execute(
        update(Message)
        .where(Message.consumer_id == consumer_id)
        .values(recipient="", text_sealed="")
        .execution_options(synchronize_session=False)
    )
    session().execute(delete(CallBack).where(CallBack.consumer_id == consumer_id))
    # The figures are those of the connection; the photo is deleted above.
    session().execute(
        update(GeneratedBill).where(GeneratedBill.consumer_id == consumer_id).values(consumer_id=None)
    )
    session().execute(update(Consumer).where(Consumer.id == consumer_id).values(emptied_at=at))
    return keys


def _answers_of(consumer_id: int) -> Sequence[Any]:
    statement = select(_request.c.id, _request.c.fields).where(_request.c.consumer_id == consumer_id)
    return session().execute(statement).all()
