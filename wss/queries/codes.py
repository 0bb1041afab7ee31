"""OTPs and link tokens: stored, found, and used once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, literal, or_, select, update

from wss.db import core, execute_count, session, write_later
from wss.db import insert as upsert
from wss.domain.otp import WRONG_ATTEMPTS, OtpPurpose
from wss.domain.sms_costs import WATCHED
from wss.models import LinkToken, Otp
from wss.prepared_statements import PreparedStatement
from wss.queries._driver_reads import DriverRead
from wss.queries._fragments import delete_some


def add_otp(otp: Otp) -> None:
    """Store an OTP and expire the caller's older ones for the same purpose and subject.

    The expired ones still count among the codes that were sent. A withheld OTP does not expire the one that was
    sent.
    """
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
    """Return the caller's OTPs for this purpose and subject that can still be used, newest first.

    At most one of them was withheld and one was sent. A code that went to another mobile proves nothing about this
    mobile.
    """
    usable = Otp.asker == asker, Otp.used_at.is_(None), Otp.expires_at > at
    statement = select(Otp).where(*_of(unlocks), *usable).order_by(Otp.id.desc())
    return list(session().execute(statement).scalars())


def count_attempts(otp_ids: Iterable[int]) -> set[int]:
    """Count one more attempt for each OTP before it is compared; return those that had attempts left."""
    statement = (
        update(Otp)
        .where(Otp.id.in_(sorted(otp_ids)), Otp.wrong_tries < WRONG_ATTEMPTS)
        .values(wrong_tries=Otp.wrong_tries + 1)
        .returning(Otp.id)
        .execution_options(synchronize_session=False)
    )
    return set(session().execute(statement).scalars())


def latest_otp(unlocks: OtpPurpose, asker: str) -> Otp | None:
    """Return the caller's newest OTP for this, used or not; for the page that asks for the code."""
    statement = select(Otp).where(*_of(unlocks), Otp.asker == asker).order_by(Otp.id.desc())
    return session().execute(statement).scalars().first()


def latest_otp_about(subject: str, purposes: Iterable[str]) -> Otp | None:
    """Return the newest OTP about this subject, whichever mobile it went to."""
    statement = select(Otp).where(Otp.subject == subject, Otp.purpose.in_(purposes)).order_by(Otp.id.desc())
    return session().execute(statement).scalars().first()


def claim_withheld(how_many: int) -> list[tuple[str, str | None]]:
    """Claim OTPs that were withheld because the limit of their mobile was reached; return mobile and message of
    each."""
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
    """Use an OTP: 1 for the first caller, 0 for all later ones."""
    return execute_count(update(Otp).where(Otp.id == otp_id, Otp.used_at.is_(None)).values(used_at=at))


_link = cast(Table, LinkToken.__table__)
_live_subject = DriverRead(
    select(_link.c.subject).where(
        _link.c.token_hash == bindparam("token_hash"),
        _link.c.purpose == bindparam("purpose"),
        _link.c.used_at.is_(None),
        _link.c.expires_at > bindparam("at"),
    ),
    str,
)
_add_link_token = PreparedStatement(lambda: insert(_link))


def add_link_token(columns: dict[str, Any]) -> None:
    """Store the hash of a link's token."""
    write_later(_add_link_token, columns)


def delete_link_token(token_hashes: list[str]) -> None:
    """Delete a link, so that its token can be stored with another subject."""
    core().execute(delete(LinkToken).where(LinkToken.token_hash.in_(token_hashes)))


def live_subject(token_hashes: list[str], purpose: str, at: datetime) -> str | None:
    """Return the subject of a token of this purpose, stored under one of these hashes, that can still be used."""
    found = (_live_subject.first(token_hash=one, purpose=purpose, at=at) for one in token_hashes)
    return next((subject for subject in found if subject is not None), None)


def use_token(token_hashes: list[str], purpose: str, at: datetime) -> str | None:
    """Use a link once: its subject for the first caller, None for all later ones and for any other purpose."""
    statement = (
        update(LinkToken)
        .where(
            LinkToken.token_hash.in_(token_hashes),
            LinkToken.purpose == purpose,
            LinkToken.used_at.is_(None),
            LinkToken.expires_at > at,
        )
        .values(used_at=at)
        .returning(LinkToken.subject)
        .execution_options(synchronize_session=False)
    )
    return session().execute(statement).scalar()


def unused_links(after: str, how_many: int, at: datetime) -> Sequence[LinkToken]:
    """Return the next links, by their hash, that can still be used."""
    usable = LinkToken.used_at.is_(None), LinkToken.expires_at > at, LinkToken.token_hash > after
    statement = select(LinkToken).where(*usable).order_by(LinkToken.token_hash).limit(how_many)
    return session().execute(statement).scalars().all()


def move_link(link: LinkToken, token_hash: str, shown_hash: str, at: datetime) -> None:
    """Store a link's token under another hash, and a second token of the same link."""
    moved = update(LinkToken).where(LinkToken.token_hash == link.token_hash)
    columns = {
        "purpose": link.purpose,
        "subject": link.subject,
        "expires_at": link.expires_at,
        "created_at": at,
    }
    core().execute(moved.values(token_hash=token_hash, created_at=at))
    shown = upsert(LinkToken).values(token_hash=shown_hash, used_at=None, **columns)
    core().execute(shown.on_conflict_do_nothing())


def unused_links_for(purpose: str, after: str, how_many: int, at: datetime) -> list[tuple[str, str]]:
    """Return hash and subject of the next links of a purpose, by their hash, that can still be used."""
    usable = LinkToken.used_at.is_(None), LinkToken.expires_at > at, LinkToken.token_hash > after
    statement = select(LinkToken.token_hash, LinkToken.subject).where(LinkToken.purpose == purpose, *usable)
    return [
        (row[0], row[1]) for row in core().execute(statement.order_by(LinkToken.token_hash).limit(how_many))
    ]


def replace_link(token_hash: str, new_hash: str, at: datetime) -> None:
    """Give a link another token, which ends the former one; it keeps its subject and its end."""
    old = LinkToken.token_hash == token_hash
    if core().execute(select(LinkToken.subject).where(LinkToken.token_hash == new_hash)).first():
        core().execute(delete(LinkToken).where(old))
    else:
        core().execute(update(LinkToken).where(old).values(token_hash=new_hash, created_at=at))


def end_tokens(purpose: str, subject: str, at: datetime) -> None:
    """Expire every unused link of this purpose and subject."""
    session().execute(
        update(LinkToken)
        .where(LinkToken.purpose == purpose, LinkToken.subject == subject, LinkToken.used_at.is_(None))
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )


def set_token_expiry(purpose: str, subject: str, ends_at: datetime) -> None:
    """Change the expiry of the links of this purpose and subject."""
    session().execute(
        update(LinkToken)
        .where(LinkToken.purpose == purpose, LinkToken.subject == subject)
        .values(expires_at=ends_at)
        .execution_options(synchronize_session=False)
    )


def delete_expired_codes(at: datetime, how_many: int) -> int:
    """Delete OTPs that no longer count among those of the last hour, at most so many."""
    return execute_count(delete_some(Otp, how_many, Otp.expires_at <= at - WATCHED))


def delete_expired_links(at: datetime, how_many: int) -> int:
    """Delete expired links, at most so many."""
    return execute_count(delete_some(LinkToken, how_many, LinkToken.expires_at <= at))
