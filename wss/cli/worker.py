"""The worker's rounds: messages as they come, beside them revised bills, sums of the MIS and the audit trail's chain
every few seconds, and housekeeping once a minute."""

import logging
import threading
from collections.abc import Callable
from time import monotonic

from wss.domain.delivery import ONE_SENDING
from wss.gateways import Gateways
from wss.services.login.known_phones import send_phone_links
from wss.services.messages.outbox import Outbox
from wss.services.messages.sms_abuse import watch_codes
from wss.services.mis.sums import fold
from wss.services.operations import audit_chain
from wss.services.operations.housekeeping import keep_house
from wss.services.registration.mobile_change import change_due_mobiles, remind_of_coming_mobiles
from wss.services.requests.escalation import ROUND, escalate_due
from wss.services.requests.expiry import mind_silence
from wss.services.requests.held_requests import finish_holds
from wss.services.revisions.billing_posts import BillingPosts

log = logging.getLogger(__name__)
PAUSE_S = 0.5
# So many messages at once: sending is waiting for others to answer. In two shifts, so that while one claims and writes
# down the other sends.
SHIFTS, HANDS, LETTER_HANDS = 2, 4, 4
KEEP_HOUSE_EVERY_S = 60.0
FOLD_EVERY_S = 5.0
POST_EVERY_S = 2.0


def tidy(gateways: Gateways, *, close_on_silence: bool) -> None:
    """Everything that is due once a minute."""
    keep_house(gateways)
    watch_codes()
    change_due_mobiles()
    remind_of_coming_mobiles()
    finish_holds()
    mind_silence(close_on_silence=close_on_silence)
    escalate_due(ROUND)
    add_up()


def add_up() -> None:
    """What steps leave to be done soon after them, so that they need not wait for each other."""
    send_phone_links()
    fold()
    audit_chain.chain()


def work(outbox: Outbox, gateways: Gateways, *, close_on_silence: bool) -> None:
    """Work until the outbox is told to stop; a database that is away for a while is waited for."""
    stop = outbox.stop

    def keep() -> None:
        tidy(gateways, close_on_silence=close_on_silence)
        # Of a channel that nobody has heard of: they end as dead, and staff see them.
        outbox.part(all_but=gateways.senders).deliver_due()

    letters = outbox.part(only=["email"], hands=LETTER_HANDS)
    posts = BillingPosts(gateways.billing, stop)
    # Each by itself, as whatever hangs must not keep a code from its telephone: a mail server, a billing system, a
    # scanner of documents.
    others = [
        _started("letters", stop, PAUSE_S, letters.deliver_batch),
        _started("billing", stop, POST_EVERY_S, posts.deliver_batch),
        _started("house", stop, FOLD_EVERY_S, _in_turn(keep, add_up)),
    ]
    shifts = [outbox.part(all_but=["email"], hands=HANDS).deliver_batch for _shift in range(SHIFTS)]
    others += [_started("messages", stop, PAUSE_S, shift) for shift in shifts[1:]]
    _go_round(stop, PAUSE_S, shifts[0])
    for other in others:
        other.join(ONE_SENDING.total_seconds())


def _in_turn(keep: Callable[[], None], add_up: Callable[[], None]) -> Callable[[], int]:
    """Housekeeping when it is due, and otherwise what is done between."""
    kept_at = float("-inf")

    def next_turn() -> int:
        nonlocal kept_at
        if monotonic() - kept_at >= KEEP_HOUSE_EVERY_S:
            kept_at = monotonic()
            keep()
        else:
            add_up()
        return 0

    return next_turn


def _started(name: str, stop: threading.Event, pause_s: float, once: Callable[[], int]) -> threading.Thread:
    # A daemon: whatever hangs even longer than one sending must not keep the process from ending.
    thread = threading.Thread(target=_go_round, args=(stop, pause_s, once), name=name, daemon=True)
    thread.start()
    return thread


def _go_round(stop: threading.Event, pause_s: float, once: Callable[[], int]) -> None:
    """Do it again and again, at once while there is something to do, until told to stop."""
    while not stop.is_set():
        try:
            if once():
                continue
        except Exception:
            # Whatever it was, the next round may fare better; a dead worker helps nobody.
            log.exception("a round of %s failed", threading.current_thread().name)
        stop.wait(pause_s)
