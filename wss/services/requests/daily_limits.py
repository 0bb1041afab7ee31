"""Limits how many requests a consumer registers, withdraws and reopens in a day: per connection, and over all of them.

A session in other hands could use these up; calls to 1912 have a number of their own for each connection.
"""

from wss.domain.errors import TooOften
from wss.domain.lifecycle import Action
from wss.domain.rate_limits import Limit
from wss.services.shared import rate_limits

_REGISTER = Limit.REGISTER_CONNECTION, Limit.REGISTER_CONSUMER
_STEPS = {
    Action.WITHDRAW: (Limit.WITHDRAW_CONNECTION, Limit.WITHDRAW_CONSUMER),
    Action.REOPEN: (Limit.REOPEN_CONNECTION, Limit.REOPEN_CONSUMER),
}


def counts_of_registration(consumer_id: int, account_no: str) -> list[tuple[Limit, str]]:
    """Return what one more request that a consumer registers counts against."""
    return _counts(_REGISTER, consumer_id, account_no)


def count_step_of_consumer(action: Action, consumer_id: int, account_no: str) -> None:
    """Count a step that costs an office work or the consumer their request. Raises TooOften."""
    if action in _STEPS:
        _consume(_counts(_STEPS[action], consumer_id, account_no))


def count_registration_by_call(account_no: str) -> None:
    """Count one more request that 1912 registers for a connection. Raises TooOften."""
    _consume([(Limit.REGISTER_CALLS, account_no)])


def _counts(limits: tuple[Limit, Limit], consumer_id: int, account_no: str) -> list[tuple[Limit, str]]:
    per_connection, per_consumer = limits
    consumer = f"consumer {consumer_id}"
    return [(per_connection, f"{consumer} {account_no}"), (per_consumer, consumer)]


def _consume(counts: list[tuple[Limit, str]]) -> None:
    limit_result = rate_limits.consume_all(counts)
    if not limit_result.allowed:
        raise TooOften(limit_result.retry_after)
