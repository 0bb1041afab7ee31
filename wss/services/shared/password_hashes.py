"""Hashes a new password within limits: each hash costs processor time and 19 MiB, whoever asks for it."""

from dataclasses import dataclass

from wss import passwords
from wss.db import transaction
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.services.shared import rate_limits


@dataclass(frozen=True, slots=True)
class NewPassword:
    """The hash to keep; without one, the seconds until another may be asked for, or none was typed."""

    hash: str | None = None
    retry_after: int = 0


def new_password(visitor: Visitor, typed: str) -> NewPassword:
    """Hash what was typed, counted before for the browser and its network; in no transaction, as it takes its time."""
    if not typed:
        return NewPassword()
    with transaction():
        counts = (Limit.HASH_BROWSER, visitor.session_hash), (Limit.HASH_ADDRESS, visitor.address)
        spent = rate_limits.spend_all(counts)
    return NewPassword(passwords.hashed(typed)) if spent.allowed else NewPassword(None, spent.retry_after)
