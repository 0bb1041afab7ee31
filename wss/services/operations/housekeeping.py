"""Housekeeping by the worker: scans documents, and deletes what has expired."""

import logging
from collections.abc import Callable
from datetime import datetime

from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import SYSTEM
from wss.domain.admin_tables import KEPT_UNCONFIRMED, SHOWN_AFTER_EXPIRY
from wss.domain.batch_approval import OPENED_FOR
from wss.domain.ownership import FORMER_MOBILE_PROTECTS, UNDO_LIFE
from wss.domain.retention import RETENTION, RetentionPeriods, erasure_obstacle
from wss.domain.sessions import IDLE, RETAINED_AFTER_END
from wss.domain.uploads import ScanState
from wss.gateways import Gateways
from wss.gateways.documents import DocumentMissing, DocumentStore
from wss.gateways.scanner import NoScanner, NoVerdict, Scanner, ScannerUnreachable
from wss.queries import (
    admin_tables,
    alerts,
    approvals,
    call_backs,
    call_ends,
    captchas,
    codes,
    drafts,
    extracts,
    limits,
    outbox,
    pending_changes,
    proofs,
    registrations,
    sessions,
)
from wss.queries.documents import pending_documents, settle_scan
from wss.queries.erasure import activity_of, lock_consumer
from wss.queries.former_addresses import delete_replaced
from wss.queries.messages import bump_news
from wss.queries.saved_filters import delete_of_former_staff
from wss.queries.stored_triage import mark_triage_due
from wss.services.my_data import anonymisation

log = logging.getLogger(__name__)
AT_A_TIME = 20
EXPIRED_AT_A_TIME = 500
# The number of rows deleted by one statement.
AT_ONCE = 1_000
KEEP = RetentionPeriods()


def run_housekeeping(gateways: Gateways, keep: RetentionPeriods = KEEP) -> None:
    """Scan pending documents and delete what has expired."""
    scan_pending(gateways.documents, gateways.scanner)
    clean_up(gateways.documents, keep)
    expire_messages()
    erase_due_consumers(gateways.documents)


def scan_pending(store: DocumentStore, scanner: Scanner) -> int:
    """Scan pending documents; while the scanner is unavailable they stay withheld. Return how many got a result."""
    if isinstance(scanner, NoScanner):
        return 0
    with transaction():
        pending = pending_documents(AT_A_TIME)
    done = 0
    for document in pending:
        try:
            state = scanner.scan(store.get(document.storage_key)).state
        except NoVerdict as error:
            log.warning("document %s stays withheld, answer of the scanner: %.200r", document.id, str(error))
            continue
        except ScannerUnreachable as error:
            log.warning("scanner unreachable: %s", type(error.__cause__ or error).__name__)
            return done
        except DocumentMissing:
            state = ScanState.INFECTED
            log.error("document %s is not in the store; withheld", document.id)
        with transaction():
            settle_scan(document.id, state)
            if document.service_request_id is not None:
                bump_news(document.service_request_id)
                mark_triage_due(document.service_request_id)
        done += 1
    return done


def erase_due_consumers(store: DocumentStore) -> None:
    """Erase consumers who asked for it once nothing has to be kept, and anonymise those who were closed a year ago."""
    store.check()
    with transaction():
        waiting, closed = anonymisation.due_erasures(), anonymisation.due_anonymisations()
    for consumer_id in waiting:
        with transaction():
            owner = lock_consumer(consumer_id)
            # A complaint may have been registered since the query; then the erasure has to wait.
            still = owner is not None and erasure_obstacle(activity_of(owner), now()) is None
            freed = anonymisation.erase(SYSTEM, owner) if owner is not None and still else []
        _delete(store, freed)
    for consumer_id in closed:
        with transaction():
            freed = anonymisation.anonymise(consumer_id)
        _delete(store, freed)


def expire_messages() -> None:
    """Mark messages as expired. The worker does so for those that it claims, but it claims none while all gateways
    of a channel are unavailable."""
    at = now()
    while True:
        with transaction():
            news = outbox.expire_messages(at, EXPIRED_AT_A_TIME)
            bump_news(*(number for number in news if number is not None))
        if not news:
            return


def clean_up(store: DocumentStore, keep: RetentionPeriods = KEEP) -> None:
    """Delete expired captchas, codes, links, limits, sessions, registrations and drafts; end calls that were left
    open; clear old secret texts, and the numbers of callers of long ago."""
    at = now()
    for before, delete_expired in (
        (at, captchas.delete_expired_captchas),
        (at, codes.delete_expired_codes),
        (at, codes.delete_expired_links),
        (at - keep.expired, limits.delete_expired_limits),
        (at - keep.expired, registrations.delete_expired_registrations),
        (at, proofs.delete_expired_proofs),
        (at - keep.messages_of_strangers, outbox.delete_messages_of_strangers),
        (at - keep.messages, outbox.forget_messages),
        (at - keep.message_states, outbox.delete_forgotten_messages),
        (at - keep.messages, alerts.delete_old_sent),
        (at - RETENTION, call_backs.delete_old_call_backs),
    ):
        _in_batches(delete_expired, before)
    for end_expired in (
        outbox.empty_old_secrets,
        call_ends.end_expired_calls,
        # After the calls: a request whose call has ended without a result waits again.
        call_backs.release_call_backs,
        call_backs.end_expired_call_backs,
    ):
        with transaction():
            end_expired(at)
    with transaction():
        sessions.delete_expired_sessions(at - RETAINED_AFTER_END, at - RETAINED_AFTER_END - IDLE)
    with transaction():
        admin_tables.delete_old_uploads(at - KEPT_UNCONFIRMED)
        pending_changes.delete_expired_pending(at - SHOWN_AFTER_EXPIRY)
    with transaction():
        extracts.drop_former_mobiles(at - FORMER_MOBILE_PROTECTS)
    with transaction():
        approvals.forget_opened_proposals(at - OPENED_FOR)
    with transaction():
        delete_replaced(at - UNDO_LIFE)
    with transaction():
        delete_of_former_staff(local_date(at))
    with transaction():
        call_ends.forget_callers(at - RETENTION)
    with transaction():
        freed = drafts.delete_expired_drafts(at)
    _delete(store, freed)


def _in_batches(delete_some: Callable[[datetime, int], int], before: datetime) -> None:
    """Delete in batches, each in its own transaction: other writers wait for one batch, not for all."""
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        with transaction():
            deleted = delete_some(before, AT_ONCE)


def _delete(store: DocumentStore, keys: list[str]) -> None:
    """Delete the files only after the transaction has deleted their rows: a file without a row is harmless, a row
    without a file is a lost document."""
    for key in keys:
        store.delete(key)
