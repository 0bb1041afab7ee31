"""Counts what is limited; a spent try stays spent because the refusal is an answer, not an exception."""

from collections.abc import Iterable, Sequence

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


def spend_all(counts: Iterable[tuple[Limit, str]]) -> Counted:
    """Count one more of each; where one is used up, those before it are given back and its answer is the answer."""
    done: list[tuple[Limit, str]] = []
    spent = Counted(True, 0)
    for limit, subject in counts:
        spent = spend(limit, subject)
        if not spent.allowed:
            give_all_back(done)
            return spent
        done.append((limit, subject))
    return spent


def give_all_back(counts: Iterable[tuple[Limit, str]]) -> None:
    """Take back one count of each."""
    for limit, subject in counts:
        give_back(limit, subject)


def all_fit(counts: Sequence[tuple[Limit, str]], unseen: str) -> bool:
    """Count one more of each where all of them allow it, and of none otherwise. The same statements either way: what
    need not be given back is taken from a count of `unseen` that limits nothing."""
    fitting = [fits(limit, subject) for limit, subject in counts]
    is_allowed = all(fitting)
    for (limit, subject), fit in zip(counts, fitting, strict=True):
        is_vain = fit and not is_allowed
        give_back(*((limit, subject) if is_vain else (Limit.SEND_NOTHING, unseen)))
    return is_allowed


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
