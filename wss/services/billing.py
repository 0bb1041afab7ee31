"""Carries approved revised bills to the billing system: at least once, each always under the same id."""

import logging
import random

from wss.clock import now
from wss.db import transaction
from wss.domain.delivery import LEASE, ONE_SENDING, State, after_failure
from wss.gateways.billing import BillingSystem
from wss.gateways.senders import SendFailed
from wss.models import BillingPost
from wss.queries.billing_posts import claim_posts, settle_post

log = logging.getLogger(__name__)
AT_A_TIME = 20


class BillingPosts:
    """Any number of these, in any number of processes, do no harm to each other."""

    def __init__(self, billing: BillingSystem) -> None:
        self.billing = billing
        self.chance = random.SystemRandom()

    def deliver_due(self) -> int:
        """Post everything that is due now; how many were tried."""
        total = 0
        while tried := self.deliver_batch():
            total += tried
        return total

    def deliver_batch(self) -> int:
        """Claim a few, post them with no transaction open, and write down how each fared."""
        with transaction():
            at = now()
            claimed = claim_posts(at, at + LEASE, AT_A_TIME)
        for post in claimed:
            self._deliver(post)
        return len(claimed)

    def _deliver(self, post: BillingPost) -> None:
        """Post one. With little of its lease left another worker might post it meanwhile, so it waits."""
        if post.leased_until is None or post.leased_until - now() < ONE_SENDING:
            _settle(post, state=State.WAITING, settled_at=None)
            return
        try:
            self.billing.take_revision(post.payload)
        except SendFailed as failure:
            self._put_off(post, failure.reason, again=failure.again)
        except Exception as fault:
            # The text of a fault could hold what is in the bill.
            log.error("revised bill %s could not be posted: %s", post.revised_bill_no, type(fault).__name__)
            self._put_off(post, type(fault).__name__, again=True)
        else:
            _settle(post, state=State.DELIVERED, attempts=post.attempts + 1, reason="")

    def _put_off(self, post: BillingPost, reason: str, *, again: bool) -> None:
        state, due_at = after_failure(post.attempts + 1, again, now(), self.chance.random())
        if state is State.DEAD:
            log.error("revised bill %s is refused by the billing system: %s", post.revised_bill_no, reason)
        _settle(
            post, state=state, attempts=post.attempts + 1, due_at=due_at or post.due_at, reason=reason[:100]
        )


def _settle(post: BillingPost, **changes: object) -> None:
    with transaction():
        settle_post(post.id, post.leased_until, **({"settled_at": now()} | changes))
