"""The worker: sends messages, posts revised bills, updates MIS sums and the audit chain, and cleans up.

Messages are sent as they come, in parallel with bills; sums and chain follow every few seconds, housekeeping once
a minute.
"""

import logging
import threading
from collections.abc import Callable
from time import monotonic

from wss.domain.delivery import LONGEST_SEND
from wss.gateways import Gateways
from wss.logs.outages import note_failure, note_success
from wss.services.alerts.due_alerts import send_due_batch
from wss.services.login.known_phones import send_phone_links
from wss.services.messages.outbox import Outbox
from wss.services.messages.sms_abuse import check_code_use
from wss.services.mis.sums import fold
from wss.services.operations import audit_chain
from wss.services.operations.housekeeping import run_housekeeping
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
# A task that fails is tried again after twice its pause, then four times, up to this many times.
LONGEST_PAUSE = 12


def tidy(gateways: Gateways, *, close_on_silence: bool) -> None:
    """Run the tasks that are due once a minute."""
    run_housekeeping(gateways)
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


def work(outbox: Outbox, gateways: Gateways, *, close_on_silence: bool) -> None:
    """Work until the outbox is stopped; wait while the database is unavailable."""
    stop = outbox.stop

    def keep() -> None:
        tidy(gateways, close_on_silence=close_on_silence)
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
        _started("housekeeping loop", stop, FOLD_EVERY_S, _in_turn(keep, add_up)),
    ]
    shifts = [outbox.part(all_but=["email"], threads=SENDERS).deliver_batch for _shift in range(SHIFTS)]
    others += [_started(f"messages {n}", stop, PAUSE_S, shift) for n, shift in enumerate(shifts[1:], 2)]
    log.info("the worker has started")
    _repeat("messages 1", stop, PAUSE_S, shifts[0])
    for other in others:
        other.join(LONGEST_SEND.total_seconds())
    log.info("the worker has stopped")


def _in_turn(keep: Callable[[], None], add_up: Callable[[], None]) -> Callable[[], int | None]:
    """Return a function that does the housekeeping when it is due, and the follow-up work otherwise."""
    kept_at = float("-inf")

    def next_turn() -> int | None:
        nonlocal kept_at
        if monotonic() - kept_at >= HOUSEKEEPING_EVERY_S:
            kept_at = monotonic()
            return attempt("housekeeping", _counted(keep))
        return attempt("follow-up work", _counted(add_up))

    return next_turn


def _counted(task: Callable[[], None]) -> Callable[[], int]:
    def run() -> int:
        task()
        return 0

    return run


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
