"""Import of extracts: every row is checked before the first is written; an interrupted run can be repeated."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from wss.clock import now
from wss.db import database, scratch, transaction, workbench
from wss.domain.actor import SYSTEM
from wss.domain.extracts import EXTRACTS
from wss.gateways.message_texts import text_fault
from wss.queries.extracts import RowBatch, mark_triage_of_batch, write_batch
from wss.queries.reference import lock_reference
from wss.queries.staged_rows import Place, close_stage, end_of_batch, open_stage, refused_rows, staged_count
from wss.queries.worker_duties import TableImport, note_import
from wss.services.reference._files import Cells, ExtractFile, write_rejected
from wss.services.reference.row_checks import (
    ImportResult,
    ProgressCallback,
    RowCheck,
    check,
    extract_with_text_rules,
    renew_reference,
)
from wss.services.shared.audit import record

# The number of rows written in one transaction: the site waits for one batch at most.
BATCH = 8000
# SQLite has one writer, and a waiting connection retries every tenth of a second: a shorter pause might never be
# noticed.
WRITE_FOR_S, PAUSE_S = 0.8, 0.12
LARGE_TABLES = frozenset({"connections", "bills"})


@dataclass(frozen=True)
class ImportOrder:
    """What to import, from which path, and the callback for progress (stage, done, total)."""

    table: str
    path: Path
    skip_bad_rows: bool = False
    accept_losses: bool = False
    progress: ProgressCallback = lambda stage, done, total: None


def import_extract(order: ImportOrder) -> ImportResult:
    """Import one extract: pass 1 checks every row and writes nothing, pass 2 writes in batches.

    Pass 2 does not start with an invalid row, unless those are skipped; nor when an unusual share of a column
    would be lost, unless that is accepted.
    """
    file = ExtractFile(order.path, EXTRACTS[order.table])
    outcome = ImportResult(lacking=file.lacking)
    with workbench():
        with scratch():
            open_stage(order.table)
        check(
            RowCheck(order.table, extract_with_text_rules(order.table, text_fault), file, order.progress),
            outcome,
        )
        if outcome.refused and not order.skip_bad_rows:
            return outcome
        if outcome.losses and not order.accept_losses:
            return outcome
        if outcome.refused:
            outcome.rejected_file = _write_rejected_file(order, file)
        _write(order, outcome)
        with scratch():
            close_stage(order.table)
    _record_import(order, outcome)
    return outcome


def _record_import(order: ImportOrder, outcome: ImportResult) -> None:
    """Store when the table was last imported; the audit trail has only what changed something."""
    rows = outcome.new + outcome.changed + outcome.unchanged
    with transaction():
        note_import(TableImport(order.table, now(), rows, outcome.refused))
    if outcome.new or outcome.changed:
        _record_changes(order, outcome)


def _record_changes(order: ImportOrder, outcome: ImportResult) -> None:
    counts = {"new": outcome.new, "changed": outcome.changed, "refused": outcome.refused}
    # The losses that were found in the file and accepted.
    accepted = (
        {"losses": [f"{loss.column}: {loss.code}" for loss in outcome.losses]} if outcome.losses else {}
    )
    with transaction():
        record(SYSTEM, "import", f"extract:{order.table}", file=order.path.name, **counts, **accepted)


def _write_rejected_file(order: ImportOrder, file: ExtractFile) -> Path:
    path = order.path.with_name(order.path.name + ".rejected.csv")
    with scratch():
        write_rejected(path, file.header, _refused_cells(file))
    return path


def _refused_cells(file: ExtractFile) -> Iterator[tuple[Cells, str]]:
    """Yield the refused rows as in the file; both are read in the order of the lines."""
    rows = file.raw_rows()
    for refused in refused_rows():
        for line, cells in rows:
            if line == refused.line:
                reason = ": ".join(part for part in (refused.column_name, refused.code) if part)
                yield cells, reason
                break


def _write(order: ImportOrder, outcome: ImportResult) -> None:
    """Run pass 2, batch after batch; existing rows stay unchanged, so a second run completes an interrupted one."""
    with scratch():
        total = staged_count(order.table)
    # Offices refer to each other and the other tables are small: only the large tables need more than one batch.
    size = BATCH if order.table in LARGE_TABLES else total
    after, done = None, 0
    writing_since = monotonic()
    while total and (last := _end_of_batch(order.table, after, size)) is not None:
        batch = RowBatch(order.table, after, last, min(size, total - done))
        with transaction():
            if order.table not in LARGE_TABLES:
                # A change that an administrator confirms now is checked against the rows before or after this batch.
                lock_reference()
            written = write_batch(batch, now(), outcome.lacking)
            if order.table not in LARGE_TABLES and any(written):
                renew_reference(order.table)
        if order.table in LARGE_TABLES and any(written):
            with transaction():
                mark_triage_of_batch(batch)
        outcome.new += written.new
        outcome.changed += written.changed
        after = last
        writing_since = _pause_for_writers(writing_since)
        done += batch.rows
        order.progress("write", done, total)
    outcome.unchanged = total - outcome.new - outcome.changed
    outcome.written = True


def _pause_for_writers(writing_since: float) -> float:
    """After some time of writing, pause so that waiting writers of SQLite get the lock."""
    if not database().is_sqlite or monotonic() - writing_since < WRITE_FOR_S:
        return writing_since
    sleep(PAUSE_S)
    return monotonic()


def _end_of_batch(table: str, after: Place | None, size: int) -> Place | None:
    with scratch():
        return end_of_batch(table, after, size)
