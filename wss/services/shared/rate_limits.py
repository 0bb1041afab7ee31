"""Rate limits: count attempts and refuse those above the limit.

An attempt stays counted after a refusal, because the refusal is a return value and no exception that would roll
the transaction back.

A count for an IPv6 network is also counted for the wider networks around it, only in this module.

While several secrets are accepted, what was counted under a former one is moved to the newest before it is used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wss import metrics, vault
from wss.clock import now
from wss.domain.networks import scopes_of
from wss.domain.rate_limits import ALLOWANCES, ASKS_CAPTCHA_FROM, Limit, LimitResult
from wss.logs.request_trace import note_limit
from wss.prepared_statements import StatementCall
from wss.queries import limits


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt of a limit by a subject or a wider network, and the statement that consumes it."""

    limit: Limit
    scope: str
    factor: int
    call: StatementCall


def consume(limit: Limit, subject: str) -> LimitResult:
    """Consume one attempt of a limit for a subject. Refused once the window's number is reached, for the subject
    or for a wider network; a refused attempt is counted nowhere."""
    counts: dict[str, int] = {}
    for scope, factor in scopes_of(subject):
        count = _consume(limit, scope, factor)
        if count is None:
            for counted in counts:
                limits.release(key(limit, counted))
            return _refused(limit, scope, factor)
        counts[scope] = count
    return LimitResult(True, counts[subject])


def consume_all(counts: Iterable[tuple[Limit, str]]) -> LimitResult:
    """Consume one attempt of each limit; when one refuses, give back those before it and return its result."""
    done: list[tuple[Limit, str]] = []
    limit_result = LimitResult(True, 0)
    for limit, subject in counts:
        limit_result = consume(limit, subject)
        if not limit_result.allowed:
            give_all_back(done)
            return limit_result
        done.append((limit, subject))
    return limit_result


def attempts(counts: Iterable[tuple[Limit, str]]) -> list[Attempt]:
    """Return one attempt of each limit, to be consumed together with other statements."""
    return [
        Attempt(limit, scope, factor, _attempt(limit, scope, factor))
        for limit, subject in counts
        for scope, factor in scopes_of(subject)
    ]


def first_refusal(consumed: Iterable[Attempt], counts: Iterable[int | None]) -> LimitResult | None:
    """Return the refusal of the first attempt that was not counted, if there is one; the transaction has to be rolled
    back then, as the others were."""
    for attempt, count in zip(consumed, counts, strict=True):
        if count is None:
            return _refused(attempt.limit, attempt.scope, attempt.factor)
    return None


def give_all_back(counts: Iterable[tuple[Limit, str]]) -> None:
    """Give back one count of each limit."""
    for limit, subject in counts:
        give_back(limit, subject)


def consume_all_silently(counts: Sequence[tuple[Limit, str]], unseen: str) -> bool:
    """Consume one attempt of each limit if all of them allow it, and of none otherwise. The same statements run
    either way: where nothing has to be given back, a count of `unseen` is decreased that limits nothing."""
    allowed = [consume_silently(limit, subject) for limit, subject in counts]
    is_allowed = all(allowed)
    for (limit, subject), was_consumed in zip(counts, allowed, strict=True):
        is_unused = was_consumed and not is_allowed
        give_back(*((limit, subject) if is_unused else (Limit.SEND_NOTHING, unseen)))
    return is_allowed


def consume_silently(limit: Limit, subject: str) -> bool:
    """Consume one attempt and return only whether it is allowed; the work is the same either way."""
    counts = [_consume(limit, scope, factor) for scope, factor in scopes_of(subject)]
    if None in counts:
        metrics.count_refusal(limit)
        return False
    return True


def peek(limit: Limit, subject: str) -> LimitResult:
    """Return the state of the limit without consuming it."""
    found = [_peek(limit, scope, factor) for scope, factor in scopes_of(subject)]
    return max(found, key=lambda state: state.retry_after)


def requires_captcha(limit: Limit, subject: str) -> bool:
    """Return whether the count is so high that the next attempt requires a captcha; consumes nothing."""
    counts = [
        (limits.counted(_keys(limit, scope), now())[0], ASKS_CAPTCHA_FROM[limit] * factor)
        for scope, factor in scopes_of(subject)
    ]
    return any(count >= number for count, number in counts)


def clear(limit: Limit, subject: str) -> None:
    """Reset the count, as a right answer does; of the wider networks, which are shared, give back only this
    attempt."""
    (own, _), *wider = scopes_of(subject)
    limits.clear(_keys(limit, own))
    for scope, _factor in wider:
        limits.release(key(limit, scope))


def give_back(limit: Limit, subject: str) -> None:
    """Give back one count that should not have been consumed."""
    for scope, _factor in scopes_of(subject):
        limits.release(key(limit, scope))


def key(limit: Limit, subject: str) -> str:
    """Return the key of a count: a keyed hash, so that the table holds no mobile number or address."""
    return vault.keyed_hash(f"limit {limit}", subject)


def _keys(limit: Limit, subject: str) -> list[str]:
    """Return the keys under which a count may be, by each accepted secret, the newest first."""
    return vault.keyed_hashes(f"limit {limit}", subject)


def _consume(limit: Limit, scope: str, factor: int) -> int | None:
    return limits.consume(_attempt(limit, scope, factor))


def _attempt(limit: Limit, scope: str, factor: int) -> StatementCall:
    allowance, at = ALLOWANCES[limit], now()
    newest, *former = _keys(limit, scope)
    for each in former:
        limits.move(each, newest, at)
    return limits.attempt(newest, allowance.times * factor, allowance.within, at)


def _refused(limit: Limit, scope: str, factor: int) -> LimitResult:
    note_limit(limit)
    metrics.count_refusal(limit)
    state = _peek(limit, scope, factor)
    # The window may have ended between the two statements: the attempt was not counted, so it is refused all the same.
    return LimitResult(False, state.count, max(1, state.retry_after))


def _peek(limit: Limit, scope: str, factor: int) -> LimitResult:
    at = now()
    count, ends_at = limits.counted(_keys(limit, scope), at)
    if ends_at is None or count < ALLOWANCES[limit].times * factor:
        return LimitResult(True, count)
    note_limit(limit)
    return LimitResult(False, count, max(1, round((ends_at - at).total_seconds())))
