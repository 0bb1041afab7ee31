"""Fingerprints of the site's secrets, and what was made with them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, inspect, null, or_, select, update

from wss.db import core, database, insert
from wss.domain.site_secrets import FormerSecretUse, FormerUse, KnownSecret
from wss.models import LinkToken, RecoveryCode, Registration, SecretFingerprint, SignedIn

_secret = cast(Table, SecretFingerprint.__table__)
SECRETS = _secret.name
# Key of the advisory lock under which one process at a time writes its secret down. The number has no meaning.
_LOCK = 7_114_203_551
# A link that is valid for longer follows a complaint that is open, so its end is not known.
_DATED = timedelta(days=366)


def present_tables() -> set[str]:
    """Return the names of the tables as they are in the database, which may be those of a former release."""
    return set(inspect(core()).get_table_names())


def known_secrets() -> list[KnownSecret]:
    """Return the secrets that the database names, the first used first."""
    columns = [_secret.c[name] for name in KnownSecret.__slots__]
    found = core().execute(select(*columns).order_by(_secret.c.first_used_at, _secret.c.fingerprint))
    return [KnownSecret(*row) for row in found]


def lock_secrets() -> None:
    """Let other processes wait until this transaction ends."""
    if not database().is_sqlite:
        core().execute(select(func.pg_advisory_xact_lock(_LOCK)))


def save_secret(fingerprint: str, at: datetime) -> None:
    """Store that this secret seals; one that was retired is in use again."""
    row = insert(_secret).values(fingerprint=fingerprint, first_used_at=at, resealed_to="")
    again = {"retired_at": None, "rotation_began_at": None, "resealed_to": ""}
    core().execute(row.on_conflict_do_update(index_elements=["fingerprint"], set_=again))


def begin_rotation(fingerprint: str, at: datetime) -> None:
    """Store when the change to this secret began, unless it has begun already."""
    is_new = _secret.c.fingerprint == fingerprint, _secret.c.rotation_began_at.is_(None)
    core().execute(update(_secret).where(*is_new).values(rotation_began_at=at))


def save_progress(fingerprint: str, resealed_to: str) -> None:
    """Store how far the change to this secret has come."""
    own = update(_secret).where(_secret.c.fingerprint == fingerprint)
    core().execute(own.values(resealed_to=resealed_to))


def retire_all_but(fingerprint: str, at: datetime) -> list[str]:
    """Store that no other secret is needed to open anything; return those that were needed until now."""
    others = _secret.c.fingerprint != fingerprint, _secret.c.retired_at.is_(None)
    retired = update(_secret).where(*others).values(retired_at=at).returning(_secret.c.fingerprint)
    return list(core().execute(retired).scalars())


def uses_of_former_secrets(before: datetime, at: datetime) -> Sequence[FormerSecretUse]:
    """Return what was made before this moment, can still be used, and is stored as a hash with a former secret."""
    codes = or_(RecoveryCode.created_at.is_(None), RecoveryCode.created_at <= before)
    sessions = SignedIn.created_at <= before, SignedIn.expires_at > at
    registrations = Registration.created_at <= before, Registration.expires_at > at
    links = LinkToken.created_at <= before, LinkToken.expires_at > at, LinkToken.used_at.is_(None)
    is_dated = LinkToken.expires_at <= at + _DATED
    employees = select(func.count(RecoveryCode.employee_id.distinct()), null())
    counted: dict[FormerUse, Any] = {
        FormerUse.LOGINS: select(func.count(), func.max(SignedIn.expires_at)).where(*sessions),
        FormerUse.REGISTRATIONS: select(func.count(), func.max(Registration.expires_at)).where(
            *registrations
        ),
        FormerUse.LINKS: select(func.count(), func.max(LinkToken.expires_at)).where(*links, is_dated),
        FormerUse.COMPLAINT_LINKS: select(func.count(), null())
        .select_from(LinkToken)
        .where(*links, ~is_dated),
        FormerUse.RECOVERY_CODES: employees.where(codes, RecoveryCode.used_at.is_(None)),
    }
    found = {what: core().execute(statement).one() for what, statement in counted.items()}
    return [FormerSecretUse(what, how_many, until) for what, (how_many, until) in found.items() if how_many]
