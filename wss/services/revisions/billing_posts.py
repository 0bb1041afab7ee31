"""Posts of approved revised bills, and of bills that consumers have generated, to the billing system."""

import logging
import random
from threading import Event

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.delivery import LEASE, LONGEST_SEND, DeliveryState, next_attempt
from wss.gateways.billing import BillingSystem
from wss.gateways.senders import SendFailed
from wss.logs.outages import note_failure, note_success
from wss.models import BillingPost
from wss.queries import billing_posts
from wss.queries.messages import bump_news
from wss.queries.self_bills import is_replaced

log = logging.getLogger(__name__)
AT_A_TIME = 20


class BillingPosts:
    """The delivery of these bills: each arrives at least once, always under the same id. When `stop` is set, it
    finishes the post being sent and gives back the others."""

    def __init__(self, billing: BillingSystem, stop: Event | None = None) -> None:
        self.billing = billing
        self.stop = stop or Event()
        self.chance = random.SystemRandom()

    def deliver_due(self) -> int:
        """Send everything that is due now; return how many posts were attempted."""
        total = 0
        while tried := self.deliver_batch():
            total += tried
        return total

    def deliver_batch(self) -> int:
        """Claim a few posts, send them with no transaction open, and store the results; return how many."""
        if self.stop.is_set():
            return 0
        with transaction():
            at = now()
            claimed = billing_posts.claim_posts(at, at + LEASE, AT_A_TIME)
        for post in claimed:
            self._deliver(post)
        return len(claimed)

    def _deliver(self, post: BillingPost) -> None:
        """Send one post; with little of its lease left it is given back, as another worker might send it as well."""
        has_time = post.leased_until is not None and post.leased_until - now() >= LONGEST_SEND
        if self.stop.is_set() or not has_time:
            _settle_post(post, state=DeliveryState.WAITING, settled_at=None)
            return
        if _is_needless(post):
            _settle_post(post, state=DeliveryState.EXPIRED, reason="")
            return
        try:
            if post.generated_bill_id is None:
                self.billing.take_revision(post.payload)
            else:
                self.billing.take_generated(post.payload)
        except SendFailed as failure:
            if failure.again and not failure.answered:
                note_failure(log, "billing system", "no answer")
            self._put_off_post(post, failure.reason, again=failure.again)
        except Exception as error:
            # The text of the error could contain data of the bill.
            log.error("bill %s could not be posted: %s", post.revised_bill_no, type(error).__name__)
            self._put_off_post(post, type(error).__name__, again=True)
        else:
            note_success(log, "billing system")
            _settle_post(post, state=DeliveryState.DELIVERED, attempts=post.attempts + 1, reason="")

    def _put_off_post(self, post: BillingPost, reason: str, *, again: bool) -> None:
        """Store a failed attempt: while the billing system is unavailable it is retried without limit; a refused
        post becomes a dead letter that staff can resend."""
        attempts, state, due_at = post.attempts + 1, DeliveryState.DEAD, post.due_at
        if again:
            state, due_at = DeliveryState.WAITING, next_attempt(attempts, now(), self.chance.random())
        else:
            log.error("bill %s is refused by the billing system: %s", post.revised_bill_no, reason)
        _settle_post(post, state=state, attempts=attempts, due_at=due_at, reason=reason[:100])


def _is_needless(post: BillingPost) -> bool:
    """Return whether a generated bill has been replaced by the real one before the billing system had it."""
    if post.generated_bill_id is None:
        return False
    with reading():
        return is_replaced(post.generated_bill_id)


def _settle_post(post: BillingPost, **changes: object) -> None:
    with transaction():
        settled = billing_posts.settle_post(post.id, post.leased_until, **({"settled_at": now()} | changes))
        # The timeline says whether the billing system has taken the revised bill.
        request_id = billing_posts.request_of_post(post) if settled else None
        if request_id is not None and changes.get("state") == DeliveryState.DELIVERED:
            bump_news(request_id)
