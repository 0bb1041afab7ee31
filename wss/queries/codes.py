"""One-time passwords and link tokens: kept, found, and used once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, insert, literal, or_, select, update

from wss.db import affected, core, session
from wss.domain.otp import WRONG_TRIES, OtpPurpose
from wss.domain.sms_costs import WATCHED
from wss.models import LinkToken, Otp
from wss.queries._fragments import delete_some


def add_otp(otp: Otp) -> None:
    """Keep an OTP in the place of the same asker's older ones for this; those are over, and still count among the
    codes that were sent. One that is withheld leaves the one that was sent as it is."""
    older = (
        Otp.purpose == otp.purpose,
        Otp.subject == otp.subject,
        Otp.asker == otp.asker,
        Otp.expires_at > otp.created_at,
        or_(Otp.is_sent.is_(False), Otp.mobile != otp.mobile, literal(otp.is_sent)),
    )
    session().execute(
        update(Otp)
        .where(*older)
        .values(expires_at=otp.created_at)
        .execution_options(synchronize_session=False)
    )
    session().add(otp)


def live_otps(unlocks: OtpPurpose, asker: str, at: datetime) -> list[Otp]:
    """The asker's OTPs for this that can still be used, the newest first: at most one that was withheld, and one that
    was sent. One that went to another mobile proves nothing about this one."""
    usable = Otp.asker == asker, Otp.used_at.is_(None), Otp.expires_at > at
    statement = select(Otp).where(*_of(unlocks), *usable).order_by(Otp.id.desc())
    return list(session().execute(statement).scalars())


def count_tries(otp_ids: Iterable[int]) -> set[int]:
    """Count one more try of each OTP, before it is looked at; those whose tries were not used up."""
    statement = (
        update(Otp)
        .where(Otp.id.in_(sorted(otp_ids)), Otp.wrong_tries < WRONG_TRIES)
        .values(wrong_tries=Otp.wrong_tries + 1)
        .returning(Otp.id)
        .execution_options(synchronize_session=False)
    )
    return set(session().execute(statement).scalars())


def latest_otp(unlocks: OtpPurpose, asker: str) -> Otp | None:
    """The asker's newest OTP for this, used or not; for the page that asks for it."""
    statement = select(Otp).where(*_of(unlocks), Otp.asker == asker).order_by(Otp.id.desc())
    return session().execute(statement).scalars().first()


def latest_otp_about(subject: str, purposes: Iterable[str]) -> Otp | None:
    """The newest OTP about this, whichever mobile it went to."""
    statement = select(Otp).where(Otp.subject == subject, Otp.purpose.in_(purposes)).order_by(Otp.id.desc())
    return session().execute(statement).scalars().first()


def take_held_back(how_many: int) -> list[tuple[str, str | None]]:
    """Take OTPs that were withheld because the codes of their mobile were used up: mobile and message of each."""
    waiting = select(Otp.id).where(Otp.is_held_back).order_by(Otp.id).limit(how_many)
    statement = (
        update(Otp)
        .where(Otp.id.in_(waiting.scalar_subquery()), Otp.is_held_back)
        .values(is_held_back=False)
        .returning(Otp.mobile, Otp.message_id)
        .execution_options(synchronize_session=False)
    )
    return [(mobile, message_id) for mobile, message_id in session().execute(statement)]


def _of(unlocks: OtpPurpose) -> tuple[ColumnElement[bool], ...]:
    return (
        Otp.purpose == unlocks.purpose,
        Otp.subject == unlocks.subject,
        Otp.mobile == unlocks.mobile,
    )


def use_otp(otp_id: int, at: datetime) -> int:
    """Use an OTP; 1 for the first who comes, 0 for everybody after."""
    return affected(update(Otp).where(Otp.id == otp_id, Otp.used_at.is_(None)).values(used_at=at))


_add_link_token = insert(cast(Table, LinkToken.__table__))


def add_link_token(columns: dict[str, Any]) -> None:
    """Keep a link's token (its hash)."""
    core().execute(_add_link_token, columns)


def live_token(token_hash: str, purpose: str, at: datetime) -> LinkToken | None:
    """A token of this purpose that can still be used."""
    statement = select(LinkToken).where(
        LinkToken.token_hash == token_hash,
        LinkToken.purpose == purpose,
        LinkToken.used_at.is_(None),
        LinkToken.expires_at > at,
    )
    return session().execute(statement).scalars().first()


def use_token(token_hash: str, purpose: str, at: datetime) -> str | None:
    """Use a link once: its subject for the first who comes, None for everybody after and for any other purpose."""
    statement = (
        update(LinkToken)
        .where(
            LinkToken.token_hash == token_hash,
            LinkToken.purpose == purpose,
            LinkToken.used_at.is_(None),
            LinkToken.expires_at > at,
        )
        .values(used_at=at)
        .returning(LinkToken.subject)
        .execution_options(synchronize_session=False)
    )
    return session().execute(statement).scalar()


def end_tokens(purpose: str, subject: str, at: datetime) -> None:
    """Make every unused link of this purpose and subject useless."""
    session().execute(
        update(LinkToken)
        .where(LinkToken.purpose == purpose, LinkToken.subject == subject, LinkToken.used_at.is_(None))
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )


def move_token_end(purpose: str, subject: str, ends_at: datetime) -> None:
    """Let the links of this purpose and subject work until another moment."""
    session().execute(
        update(LinkToken)
        .where(LinkToken.purpose == purpose, LinkToken.subject == subject)
        .values(expires_at=ends_at)
        .execution_options(synchronize_session=False)
    )


def delete_expired_codes(at: datetime, how_many: int) -> int:
    """Drop OTPs once nobody counts them among those of the last hour, so many at most."""
    return affected(delete_some(Otp, how_many, Otp.expires_at <= at - WATCHED))


def delete_expired_links(at: datetime, how_many: int) -> int:
    """Drop links whose time is over, so many at most."""
    return affected(delete_some(LinkToken, how_many, LinkToken.expires_at <= at))
