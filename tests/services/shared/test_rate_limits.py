"""Rate limits of which several are counted for one attempt."""

from typing import Any

from wss.db import transaction
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.services.shared.rate_limits import consume, consume_all

FIRST, SECOND = (Limit.REGISTER_CONSUMER, "consumer 1"), (Limit.REGISTER_CONNECTION, "consumer 1 1000000001")


def test_an_attempt_that_one_limit_refuses_is_counted_by_none(database: Any):
    with transaction():
        while consume(*SECOND).allowed:
            pass
        attempt = consume_all([FIRST, SECOND])

        left = [consume(*FIRST).allowed for _ in range(ALLOWANCES[FIRST[0]].times)]

    assert not attempt.allowed
    assert all(left)
