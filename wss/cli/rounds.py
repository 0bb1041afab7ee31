"""The worker's rounds: messages as they come, sums of the MIS and the audit trail's chain every few seconds,
housekeeping once a minute."""

import logging
import threading

from wss.domain.delivery import ONE_SENDING
from wss.gateways import Gateways
from wss.services import auditing
from wss.services.billing_posts import BillingPosts
from wss.services.escalating import ROUND, escalate_due
from wss.services.housekeeping import keep_house
from wss.services.lapsing import mind_silence
from wss.services.mis import fold
from wss.services.mobile_change import change_due_mobiles
from wss.services.outbox import Outbox
from wss.services.pumping import watch_codes

log = logging.getLogger(__name__)
PAUSE_S = 0.5
# So many messages at once: sending is waiting for others to answer.
HANDS = 8
KEEP_HOUSE_EVERY_S = 60.0
FOLD_EVERY_S = 5.0
POST_EVERY_S = 2.0


def tidy(gateways: Gateways, *, close_on_silence: bool) -> None:
    """Everything that is due once a minute."""
    keep_house(gateways)
    watch_codes()
    change_due_mobiles()
    mind_silence(close_on_silence=close_on_silence)
    escalate_due(ROUND)
    add_up()


def add_up() -> None:
    """What steps leave to be done soon after them, so that they need not wait for each other."""
    fold()
    auditing.chain()


def work(outbox: Outbox, gateways: Gateways, *, close_on_silence: bool) -> None:
    """Work until the outbox is told to stop; a database that is away for a while is waited for."""
    stop = outbox.stop
    posts = BillingPosts(gateways.billing, stop)
    # By itself, as a billing system that hangs must not keep a code from its telephone.
    billing = threading.Thread(target=post_bills, args=(posts, stop), name="billing", daemon=True)
    billing.start()
    waited = KEEP_HOUSE_EVERY_S
    while not stop.is_set():
        try:
            if waited >= KEEP_HOUSE_EVERY_S:
                waited = 0.0
                tidy(gateways, close_on_silence=close_on_silence)
            elif waited % FOLD_EVERY_S == 0:
                add_up()
            if outbox.deliver_batch():
                continue
        except Exception:
            # Whatever it was, the next round may fare better; a dead worker helps nobody.
            log.exception("a round of the worker failed")
        stop.wait(PAUSE_S)
        waited += PAUSE_S
    billing.join(ONE_SENDING.total_seconds())


def post_bills(posts: BillingPosts, stop: threading.Event) -> None:
    """Carry approved revised bills to the billing system until told to stop."""
    while not stop.is_set():
        try:
            if posts.deliver_batch():
                continue
        except Exception:
            log.exception("a round of posting revised bills failed")
        stop.wait(POST_EVERY_S)
