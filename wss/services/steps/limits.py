"""Counts what is limited; a spent try stays spent because the refusal is an answer, not an exception."""

from wss import vault
from wss.clock import now
from wss.domain.throttle import ALLOWANCES, Counted, Limit
from wss.queries import limits


def spend(limit: Limit, subject: str) -> Counted:
    """Count one more of this for this subject; not allowed once the window's number is reached."""
    allowance = ALLOWANCES[limit]
    count = limits.spend(key(limit, subject), allowance.times, allowance.within, now())
    if count is not None:
        return Counted(True, count)
    stands = standing(limit, subject)
    # The window may have ended between the two looks: what was not counted is not allowed for all that.
    return Counted(False, stands.count, max(1, stands.retry_after))


def fits(limit: Limit, subject: str) -> bool:
    """Count one more unseen: whether it is allowed, and the same work either way."""
    allowance = ALLOWANCES[limit]
    return limits.spend(key(limit, subject), allowance.times, allowance.within, now()) is not None


def standing(limit: Limit, subject: str) -> Counted:
    """How the count stands, without counting."""
    at = now()
    count, ends_at = limits.counted(key(limit, subject), at)
    if ends_at is None or count < ALLOWANCES[limit].times:
        return Counted(True, count)
    return Counted(False, count, max(1, round((ends_at - at).total_seconds())))


def clear(limit: Limit, subject: str) -> None:
    """Forget the count, as a right answer does."""
    limits.clear(key(limit, subject))


def give_back(limit: Limit, subject: str) -> None:
    """Take back one count that turned out not to belong here."""
    limits.give_back(key(limit, subject))


def key(limit: Limit, subject: str) -> str:
    """Where a count is kept: a keyed hash, so that no mobile or address stands in the table."""
    return vault.keyed_hash(f"limit {limit}", subject)
