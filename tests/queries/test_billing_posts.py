"""Queries of revised bills that are to be posted stay fast, however many have been posted."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.fixtures.clocks import FrozenClock
from tests.fixtures.query_plans import plans_of
from wss.db import transaction
from wss.queries import billing_posts


@pytest.mark.plans
@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda at: billing_posts.claim_posts(at, at + timedelta(minutes=1), 20), "ix_billing_post_due"),
        (billing_posts.oldest_post_waiting, "ix_billing_post_due"),
        (lambda at: billing_posts.refusal_counts(), "ix_billing_post_refused"),
        (lambda at: billing_posts.requeue_posts("gateway 422", at), "ix_billing_post_refused"),
    ],
    ids=["claimed", "oldest", "refused", "posted again"],
)
def test_only_what_has_not_arrived_is_read(database: Any, frozen_clock: FrozenClock, look: Any, index: str):
    with transaction():
        plans = plans_of("billing_post", partial(look, frozen_clock.now))

    assert any(index in plan for plan in plans), plans
    assert not any("SCAN billing_post" in plan and "USING" not in plan for plan in plans)
