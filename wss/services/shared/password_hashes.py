"""Hashes of new passwords, rate-limited: each costs processor time and 19 MiB of memory."""

from dataclasses import dataclass

from wss import passwords
from wss.db import transaction
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.services.shared import rate_limits


@dataclass(frozen=True, slots=True)
class NewPassword:
    """The hash to store; None when no password was typed, or with the seconds to wait when the rate limit refuses."""

    hash: str | None = None
    retry_after: int = 0


def new_password(visitor: Visitor, typed: str) -> NewPassword:
    """Hash a new password, counted for browser and network; outside of any transaction, as hashing is slow."""
    if not typed:
        return NewPassword()
    with transaction():
        counts = (Limit.HASH_BROWSER, visitor.session_hash), (Limit.HASH_ADDRESS, visitor.address)
        limit_result = rate_limits.consume_all(counts)
    return (
        NewPassword(passwords.hash_password(typed))
        if limit_result.allowed
        else NewPassword(None, limit_result.retry_after)
    )
