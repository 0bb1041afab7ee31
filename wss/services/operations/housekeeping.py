"""Housekeeping by the worker: scans documents, and deletes what has expired.

Each step runs whichever of the others fail; the errors are raised together at the end.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import SYSTEM
from wss.domain.admin_tables import KEPT_UNCONFIRMED, SHOWN_AFTER_EXPIRY
from wss.domain.batch_approval import OPENED_FOR
from wss.domain.ownership import FORMER_MOBILE_PROTECTS, UNDO_LIFE
from wss.domain.retention import RETENTION, RetentionPeriods, erasure_obstacle
from wss.domain.sessions import IDLE, RETAINED_AFTER_END
from wss.gateways.documents import DocumentMissing, DocumentStore
from wss.gateways.scanner import NoScanner, NoVerdict, Scanner, ScannerUnreachable
from wss.logs.outages import note_failure, note_success
from wss.logs.stack_traces import kind_of_error
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
from wss.services.shared.attempts import Attempts, attempt_all

log = logging.getLogger(__name__)
AT_A_TIME = 20
EXPIRED_AT_A_TIME = 500
# The number of rows deleted by one statement.
AT_ONCE = 1_000
KEEP = RetentionPeriods()


def scan_documents(store: DocumentStore, scanner: Scanner) -> None:
    """Scan pending documents; raise what kept documents from being scanned, at the end."""
    attempts = Attempts()
    scan_pending(store, scanner, attempts.errors)
    attempts.finish()


def scan_pending(store: DocumentStore, scanner: Scanner, errors: list[Exception]) -> int:
    """Scan pending documents; while the scanner is unavailable they stay withheld. Return how many got a result.

    A document that cannot be read stays withheld too: a folder that is not mounted must condemn none.
    """
    if isinstance(scanner, NoScanner):
        return 0
    with transaction():
        pending = pending_documents(AT_A_TIME)
    done = 0
    for document in pending:
        part = f"scan of document {document.id}"
        try:
            state = scanner.scan(store.get(document.storage_key)).state
            note_success(log, "scanner")
        except NoVerdict as error:
            note_success(log, "scanner")
            note_failure(log, part, f"withheld, the scanner says {str(error)[:200]!r}")
            continue
        except ScannerUnreachable as error:
            note_failure(log, "scanner", kind_of_error(error.__cause__ or error))
            errors.append(error)
            return done
        except (DocumentMissing, OSError) as error:
            note_failure(log, part, kind_of_error(error))
            errors.append(error)
            continue
        note_success(log, part)
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
    attempt_all(
        [
            *(partial(_erase, store, consumer_id) for consumer_id in waiting),
            *(partial(_anonymise, store, consumer_id) for consumer_id in closed),
        ]
    )


def _erase(store: DocumentStore, consumer_id: int) -> None:
    with transaction():
        owner = lock_consumer(consumer_id)
        # A complaint may have been registered since the query; then the erasure has to wait.
        still = owner is not None and erasure_obstacle(activity_of(owner), now()) is None
        freed = anonymisation.erase(SYSTEM, owner) if owner is not None and still else []
    _delete(store, freed)


def _anonymise(store: DocumentStore, consumer_id: int) -> None:
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
    deletions: tuple[tuple[datetime, Callable[[datetime, int], int]], ...] = (
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
    )
    steps: tuple[Callable[[], object], ...] = (
        partial(outbox.empty_old_secrets, at),
        partial(call_ends.end_expired_calls, at),
        # After the calls: a request whose call has ended without a result waits again.
        partial(call_backs.release_call_backs, at),
        partial(call_backs.end_expired_call_backs, at),
        partial(sessions.delete_expired_sessions, at - RETAINED_AFTER_END, at - RETAINED_AFTER_END - IDLE),
        partial(admin_tables.delete_old_uploads, at - KEPT_UNCONFIRMED),
        partial(pending_changes.delete_expired_pending, at - SHOWN_AFTER_EXPIRY),
        partial(extracts.drop_former_mobiles, at - FORMER_MOBILE_PROTECTS),
        partial(approvals.forget_opened_proposals, at - OPENED_FOR),
        partial(delete_replaced, at - UNDO_LIFE),
        partial(delete_of_former_staff, local_date(at)),
        partial(call_ends.forget_callers, at - RETENTION),
    )
    attempt_all(
        [
            *(partial(_in_batches, delete_expired, before) for before, delete_expired in deletions),
            *(partial(_in_transaction, step) for step in steps),
            partial(_delete_drafts, store, at),
        ]
    )


def _delete_drafts(store: DocumentStore, at: datetime) -> None:
    store.check()
    with transaction():
        freed = drafts.delete_expired_drafts(at)
    _delete(store, freed)


def _in_transaction(step: Callable[[], object]) -> None:
    with transaction():
        step()


def _in_batches(delete_some: Callable[[datetime, int], int], before: datetime) -> None:
    """Delete in batches, each in its own transaction: other writers wait for one batch, not for all."""
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        with transaction():
            deleted = delete_some(before, AT_ONCE)


def _delete(store: DocumentStore, keys: list[str]) -> None:
    """Delete the files only after the transaction has deleted their rows: a file without a row is harmless, a row
    without a file is a lost document."""
    attempt_all([partial(store.delete, key) for key in keys])
