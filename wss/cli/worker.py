"""The worker: sends messages, posts revised bills, updates MIS sums and the audit chain, and cleans up.

Messages are sent as they come, in parallel with bills; sums and chain follow every few seconds, housekeeping once
a minute.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

from wss.domain.delivery import LONGEST_SEND
from wss.domain.retention import RetentionPeriods
from wss.gateways import Gateways
from wss.services.alerts.due_alerts import send_due_batch
from wss.services.login.known_phones import send_phone_links
from wss.services.messages.outbox import Outbox
from wss.services.messages.sms_abuse import check_code_use
from wss.services.mis.sums import fold
from wss.services.operations import audit_chain
from wss.services.operations.housekeeping import KEEP, run_housekeeping
from wss.services.registration.mobile_change import change_due_mobiles, remind_of_coming_mobiles
from wss.services.requests.escalation import ROUND, escalate_due
from wss.services.requests.expiry import expire_waits
from wss.services.requests.held_requests import finish_holds
from wss.services.revisions.billing_posts import BillingPosts
from wss.services.revisions.triage_updates import update_triage

log = logging.getLogger(__name__)
PAUSE_S = 0.5
# The number of messages sent at once: most of the time a thread waits for gateways. Two threads take turns: one
# sends while the other claims and settles.
SHIFTS, SENDERS, EMAIL_SENDERS = 2, 4, 4
HOUSEKEEPING_EVERY_S = 60.0
FOLD_EVERY_S = 5.0
POST_EVERY_S = 2.0
ALERTS_EVERY_S = 10.0


def retention_periods(config: Any) -> RetentionPeriods:
    """Return how long the settings say that rows are kept."""
    return RetentionPeriods(
        messages=timedelta(days=config.keep_messages_days),
        messages_of_strangers=timedelta(days=config.keep_messages_of_strangers_days),
        message_states=timedelta(days=config.keep_message_states_days),
        expired=timedelta(days=config.keep_expired_days),
    )


def tidy(gateways: Gateways, *, close_on_silence: bool, keep: RetentionPeriods = KEEP) -> None:
    """Run the tasks that are due once a minute."""
    run_housekeeping(gateways, keep)
    check_code_use()
    change_due_mobiles()
    remind_of_coming_mobiles()
    finish_holds()
    expire_waits(close_on_silence=close_on_silence)
    escalate_due(ROUND)
    add_up()


def add_up() -> None:
    """Run the follow-up work of transitions, which is postponed so that transitions do not wait for each other."""
    send_phone_links()
    fold()
    audit_chain.chain()


def work(
    outbox: Outbox, gateways: Gateways, *, close_on_silence: bool, keep: RetentionPeriods = KEEP
) -> None:
    """Work until the outbox is stopped; wait while the database is unavailable."""
    stop = outbox.stop

    def tidy_up() -> None:
        tidy(gateways, close_on_silence=close_on_silence, keep=keep)
        # Messages of unknown channels: they become dead letters, which staff see.
        outbox.part(all_but=gateways.senders).deliver_due()

    letters = outbox.part(only=["email"], threads=EMAIL_SENDERS)
    posts = BillingPosts(gateways.billing, stop)
    # Each in a thread of its own, as a mail server, a billing system or a document scanner that hangs must not delay
    # OTPs.
    others = [
        _started("e-mail", stop, PAUSE_S, letters.deliver_batch),
        _started("billing", stop, POST_EVERY_S, posts.deliver_batch),
        _started("triage", stop, POST_EVERY_S, update_triage),
        # A thread of its own: after a night the first round takes long.
        _started("alerts", stop, ALERTS_EVERY_S, send_due_batch),
        _started("housekeeping", stop, FOLD_EVERY_S, _in_turn(tidy_up, add_up)),
    ]
    shifts = [outbox.part(all_but=["email"], threads=SENDERS).deliver_batch for _shift in range(SHIFTS)]
    others += [_started("messages", stop, PAUSE_S, shift) for shift in shifts[1:]]
    _repeat(stop, PAUSE_S, shifts[0])
    for other in others:
        other.join(LONGEST_SEND.total_seconds())


def _in_turn(keep: Callable[[], None], add_up: Callable[[], None]) -> Callable[[], int]:
    """Return a function that does the housekeeping when it is due, and the follow-up work otherwise."""
    kept_at = float("-inf")

    def next_turn() -> int:
        nonlocal kept_at
        if monotonic() - kept_at >= HOUSEKEEPING_EVERY_S:
            kept_at = monotonic()
            keep()
        else:
            add_up()
        return 0

    return next_turn


def _started(name: str, stop: threading.Event, pause_s: float, once: Callable[[], int]) -> threading.Thread:
    # A daemon thread: one that hangs longer than one sending must not keep the process from ending.
    thread = threading.Thread(target=_repeat, args=(stop, pause_s, once), name=name, daemon=True)
    thread.start()
    return thread


def _repeat(stop: threading.Event, pause_s: float, once: Callable[[], int]) -> None:
    """Call `once` repeatedly until stopped, without a pause while there is something to do."""
    while not stop.is_set():
        try:
            if once():
                continue
        except Exception:
            # Any error: the next round may succeed, and the worker must keep running.
            log.exception("a round of %s failed", threading.current_thread().name)
        stop.wait(pause_s)
