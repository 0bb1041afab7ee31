"""The worker: sends messages, posts revised bills, updates MIS sums and the audit chain, and cleans up.

Messages are sent as they come, in parallel with bills; sums and chain follow every few seconds, housekeeping once
a minute. Each duty is stored with its last success and failure (services/operations/worker_duties), and one that fails
ends none of the others.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

from wss.domain.delivery import LONGEST_SEND
from wss.domain.retention import RetentionPeriods
from wss.domain.worker_duties import Duty
from wss.gateways import Gateways
from wss.logs.outages import note_failure, note_success
from wss.services.alerts.due_alerts import send_due_batch
from wss.services.login.known_phones import send_phone_links
from wss.services.messages.outbox import Outbox
from wss.services.messages.sms_abuse import check_code_use
from wss.services.mis.sums import fold
from wss.services.operations import audit_chain
from wss.services.operations.demo_clock import follow_demo_clock
from wss.services.operations.housekeeping import (
    KEEP,
    clean_up,
    erase_due_consumers,
    expire_messages,
    scan_documents,
)
from wss.services.operations.worker_duties import DutyRunner
from wss.services.registration.mobile_change import change_due_mobiles, remind_of_coming_mobiles
from wss.services.requests.clusters import find_clusters
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
CLOCK_EVERY_S = 1.0
# A task that fails is tried again after twice its pause, then four times, up to this many times.
LONGEST_PAUSE = 12


def retention_periods(config: Any) -> RetentionPeriods:
    """Return how long the settings say that rows are kept."""
    return RetentionPeriods(
        messages=timedelta(days=config.keep_messages_days),
        messages_of_strangers=timedelta(days=config.keep_messages_of_strangers_days),
        message_states=timedelta(days=config.keep_message_states_days),
        expired=timedelta(days=config.keep_expired_days),
    )


def tidy(
    duties: DutyRunner, gateways: Gateways, *, close_on_silence: bool, keep: RetentionPeriods = KEEP
) -> dict[Duty, Exception]:
    """Run the duties that are due once a minute, and those of every few seconds; return the errors."""
    return duties.run_all(
        {
            Duty.SCAN_DOCUMENTS: partial(scan_documents, gateways.documents, gateways.scanner),
            Duty.CLEAN_UP: partial(clean_up, gateways.documents, keep),
            Duty.EXPIRE_MESSAGES: expire_messages,
            Duty.ERASE_CONSUMERS: partial(erase_due_consumers, gateways.documents),
            Duty.CHECK_CODE_USE: check_code_use,
            Duty.CHANGE_MOBILES: change_due_mobiles,
            Duty.REMIND_OF_MOBILES: remind_of_coming_mobiles,
            Duty.FINISH_HOLDS: finish_holds,
            Duty.EXPIRE_WAITS: partial(expire_waits, close_on_silence=close_on_silence),
            Duty.ESCALATE: partial(escalate_due, ROUND),
            Duty.FIND_CLUSTERS: find_clusters,
            **FOLLOW_UP,
        }
    )


# The follow-up work of transitions, which is postponed so that transitions do not wait for each other.
FOLLOW_UP: dict[Duty, Callable[[], object]] = {
    Duty.SEND_PHONE_LINKS: send_phone_links,
    Duty.ADD_MIS_SUMS: fold,
    Duty.CHAIN_AUDIT: audit_chain.chain,
}


def work(
    outbox: Outbox,
    gateways: Gateways,
    *,
    close_on_silence: bool,
    keep: RetentionPeriods = KEEP,
    has_demo_clock: bool = False,
) -> None:
    """Work until the outbox is stopped; wait while the database is unavailable."""
    stop, duties = outbox.stop, DutyRunner()

    def tidy_up() -> None:
        tidy(duties, gateways, close_on_silence=close_on_silence, keep=keep)
        # Messages of unknown channels: they become dead letters, which staff see.
        others = outbox.part(all_but=gateways.senders)
        duties.run_all({Duty.END_UNDELIVERABLE: others.deliver_due})

    def started(name: str, pause_s: float, duty: Duty, once: Callable[[], int]) -> threading.Thread:
        return _started(name, stop, pause_s, partial(duties.run, duty, once))

    letters = outbox.part(only=["email"], threads=EMAIL_SENDERS)
    posts = BillingPosts(gateways.billing, stop)
    # Each in a thread of its own, as a mail server, a billing system or a document scanner that hangs must not delay
    # OTPs.
    others = [
        started("e-mail", PAUSE_S, Duty.DELIVER_EMAIL, letters.deliver_batch),
        started("billing", POST_EVERY_S, Duty.POST_BILLS, posts.deliver_batch),
        started("triage", POST_EVERY_S, Duty.UPDATE_TRIAGE, update_triage),
        # A thread of its own: after a night the first round takes long.
        started("alerts", ALERTS_EVERY_S, Duty.SEND_ALERTS, send_due_batch),
        _started(
            "housekeeping loop", stop, FOLD_EVERY_S, _in_turn(tidy_up, partial(duties.run_all, FOLLOW_UP))
        ),
    ]
    if has_demo_clock:
        others.append(_started("demo clock", stop, CLOCK_EVERY_S, follow_demo_clock))
    shifts = [outbox.part(all_but=["email"], threads=SENDERS).deliver_batch for _shift in range(SHIFTS)]
    others += [
        started(f"messages {number}", PAUSE_S, Duty.DELIVER_MESSAGES, shift)
        for number, shift in enumerate(shifts[1:], 2)
    ]
    log.info("the worker has started")
    _repeat("messages 1", stop, PAUSE_S, partial(duties.run, Duty.DELIVER_MESSAGES, shifts[0]))
    for other in others:
        other.join(LONGEST_SEND.total_seconds())
    duties.flush()
    log.info("the worker has stopped")


def _in_turn(keep: Callable[[], None], add_up: Callable[[], object]) -> Callable[[], int]:
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


def _started(
    name: str, stop: threading.Event, pause_s: float, once: Callable[[], int | None]
) -> threading.Thread:
    # A daemon thread: one that hangs longer than one sending must not keep the process from ending.
    thread = threading.Thread(target=_repeat, args=(name, stop, pause_s, once), name=name, daemon=True)
    thread.start()
    return thread


def _repeat(name: str, stop: threading.Event, pause_s: float, once: Callable[[], int | None]) -> None:
    """Call `once` repeatedly until stopped, without a pause while there is something to do.

    While it fails the pause grows: a database that has just come back is not met by a crowd.
    """
    factor = 1
    while not stop.is_set():
        done = attempt(name, once)
        factor = min(2 * factor, LONGEST_PAUSE) if done is None else 1
        if not done:
            stop.wait(pause_s * factor)


def attempt(name: str, once: Callable[[], int | None]) -> int | None:
    """Return what `once` returns, or None if it has failed; log a failure that was not logged in this outage."""
    try:
        done = once()
    except Exception as error:
        # Any error: the next round may succeed, and the worker must keep running.
        note_failure(log, name, error)
        return None
    if done is not None:
        note_success(log, name)
    return done
