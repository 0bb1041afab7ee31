"""One-time passwords and link tokens: kept, found, and used once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, insert, select, update

from wss.db import affected, core, session
from wss.domain.otp import Unlocks
from wss.domain.spending import WATCHED
from wss.models import LinkToken, Otp
from wss.queries._fragments import delete_some


def add_otp(otp: Otp) -> None:
    """Keep an OTP, in the place of older ones of the same purpose and subject: only the newest is right. Those are
    over, and still count among the codes that were sent."""
    older = (Otp.purpose == otp.purpose, Otp.subject == otp.subject, Otp.expires_at > otp.created_at)
    session().execute(
        update(Otp)
        .where(*older)
        .values(expires_at=otp.created_at)
        .execution_options(synchronize_session=False)
    )
    session().add(otp)


def live_otp(unlocks: Unlocks, at: datetime) -> Otp | None:
    """The OTP that can still be used for this; one that went to another mobile proves nothing about this one."""
    statement = select(Otp).where(*_of(unlocks), Otp.used_at.is_(None), Otp.expires_at > at)
    return session().execute(statement).scalars().first()


def latest_otp(unlocks: Unlocks) -> Otp | None:
    """The newest OTP for this, used or not; for the page that asks for it."""
    statement = select(Otp).where(*_of(unlocks)).order_by(Otp.id.desc())
    return session().execute(statement).scalars().first()


def latest_otp_about(subject: str, purposes: Iterable[str]) -> Otp | None:
    """The newest OTP about this, whichever mobile it went to."""
    statement = select(Otp).where(Otp.subject == subject, Otp.purpose.in_(purposes)).order_by(Otp.id.desc())
    return session().execute(statement).scalars().first()


def _of(unlocks: Unlocks) -> tuple[ColumnElement[bool], ...]:
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
