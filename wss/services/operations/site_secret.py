"""The check that a process has the secrets with which its database was written."""

from wss import vault
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM
from wss.domain.site_secrets import (
    FormerSecretUse,
    KnownSecret,
    SecretCheck,
    SecretFault,
    is_written_down,
    missing_secrets,
)
from wss.queries.sealed_texts import AUTHENTICATORS, newest_texts
from wss.queries.site_secrets import (
    SECRETS,
    known_secrets,
    lock_secrets,
    present_tables,
    retire_all_but,
    save_secret,
    uses_of_former_secrets,
)
from wss.services.shared.audit import record

_TRIED = 20


def check_secret() -> SecretCheck:
    """Return whether this process may use the database; writes nothing.

    The tables may be those of a former release, of which none names a secret.
    """
    with reading():
        tables = present_tables()
        if AUTHENTICATORS.text.table.name not in tables:
            return SecretCheck()
        return _compared(known_secrets() if SECRETS in tables else [])


def accept_secret() -> SecretCheck:
    """Check the secrets, and store the fingerprint of the one that writes when it is new.

    Nothing is written when the database has it already, so that a process can start while the database is read-only.
    """
    with reading():
        known = known_secrets()
        found = _compared(known)
    if found.fault is not None or is_written_down(known, vault.fingerprints()[0]):
        return found
    with transaction():
        # Of two processes that are the first with different secrets, the second is refused.
        lock_secrets()
        known = known_secrets()
        found = _compared(known)
        if found.fault is None:
            save_secret(vault.fingerprints()[0], now())
        if found.fault is None and known:
            _record("secret_added")
    return found


def give_up_missing_secrets() -> SecretCheck:
    """Accept the secret of this process although others are missing; return what was missing.

    What the missing ones have sealed, signed or hashed is lost.
    """
    with transaction():
        lock_secrets()
        found = _compared(known_secrets())
        if found.fault is not None:
            save_secret(vault.fingerprints()[0], now())
            retire_all_but(vault.fingerprints()[0], now())
            _record("secret_accepted", without=list(found.missing))
    return found


def secrets_of_database() -> list[KnownSecret]:
    """Return the secrets that the database names."""
    with reading():
        return known_secrets()


def former_secret_uses() -> list[FormerSecretUse] | None:
    """Return what still needs a former secret; None before the change to the secret that writes has begun."""
    with reading():
        own = [each for each in known_secrets() if each.fingerprint == vault.fingerprints()[0]]
        began = own[0].rotation_began_at if own else None
        return None if began is None else list(uses_of_former_secrets(began, now()))


def _compared(known: list[KnownSecret]) -> SecretCheck:
    if known:
        missing = missing_secrets(known, vault.fingerprints())
        return SecretCheck(SecretFault.MISSING, missing) if missing else SecretCheck()
    sealed = newest_texts(AUTHENTICATORS, _TRIED)
    return (
        SecretCheck(SecretFault.FOREIGN) if sealed and not any(map(_is_readable, sealed)) else SecretCheck()
    )


def _is_readable(sealed: str) -> bool:
    try:
        vault.unseal(sealed)
    except vault.BrokenSeal:
        return False
    return True


def _record(action: str, **details: object) -> None:
    record(SYSTEM, action, f"secret:{vault.fingerprints()[0]}", **details)
