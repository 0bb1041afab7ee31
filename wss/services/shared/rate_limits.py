"""Counts what is limited; a spent try stays spent because the refusal is an answer, not an exception.

What is counted for an IPv6 network is counted for the wider networks around it too, here and nowhere else.
"""

from collections.abc import Iterable, Sequence

from wss import vault
from wss.clock import now
from wss.domain.networks import scopes_of
from wss.domain.rate_limits import ALLOWANCES, ASKS_CAPTCHA_FROM, Limit, LimitResult
from wss.queries import limits


def spend(limit: Limit, subject: str) -> LimitResult:
    """Count one more of this for this subject; not allowed once the window's number is reached, here or in a wider
    network: what that refuses is counted nowhere."""
    counts: dict[str, int] = {}
    for scope, factor in scopes_of(subject):
        count = _spend(limit, scope, factor)
        if count is None:
            for counted in counts:
                limits.give_back(key(limit, counted))
            stands = _standing(limit, scope, factor)
            # The window may have ended between the two looks: what was not counted is not allowed for all that.
            return LimitResult(False, stands.count, max(1, stands.retry_after))
        counts[scope] = count
    return LimitResult(True, counts[subject])


def spend_all(counts: Iterable[tuple[Limit, str]]) -> LimitResult:
    """Count one more of each; where one is used up, those before it are given back and its answer is the answer."""
    done: list[tuple[Limit, str]] = []
    spent = LimitResult(True, 0)
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
    counts = [_spend(limit, scope, factor) for scope, factor in scopes_of(subject)]
    return None not in counts


def standing(limit: Limit, subject: str) -> LimitResult:
    """How the count stands, without counting."""
    found = [_standing(limit, scope, factor) for scope, factor in scopes_of(subject)]
    return max(found, key=lambda stands: stands.retry_after)


def asks_captcha(limit: Limit, subject: str) -> bool:
    """Whether so many have been counted that the next takes a captcha; without counting."""
    counts = [
        (limits.counted(key(limit, scope), now())[0], ASKS_CAPTCHA_FROM[limit] * factor)
        for scope, factor in scopes_of(subject)
    ]
    return any(count >= number for count, number in counts)


def clear(limit: Limit, subject: str) -> None:
    """Forget the count, as a right answer does; of the wider networks, which others share, only this one try."""
    (own, _), *wider = scopes_of(subject)
    limits.clear(key(limit, own))
    for scope, _factor in wider:
        limits.give_back(key(limit, scope))


def give_back(limit: Limit, subject: str) -> None:
    """Take back one count that turned out not to belong here."""
    for scope, _factor in scopes_of(subject):
        limits.give_back(key(limit, scope))


def key(limit: Limit, subject: str) -> str:
    """Where a count is kept: a keyed hash, so that no mobile or address stands in the table."""
    return vault.keyed_hash(f"limit {limit}", subject)


def _spend(limit: Limit, scope: str, factor: int) -> int | None:
    allowance = ALLOWANCES[limit]
    return limits.spend(key(limit, scope), allowance.times * factor, allowance.within, now())


def _standing(limit: Limit, scope: str, factor: int) -> LimitResult:
    at = now()
    count, ends_at = limits.counted(key(limit, scope), at)
    if ends_at is None or count < ALLOWANCES[limit].times * factor:
        return LimitResult(True, count)
    return LimitResult(False, count, max(1, round((ends_at - at).total_seconds())))
