"""Checks of an extract before anything is written: each row by itself, then against each other and stored rows."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from wss.db import reading, scratch
from wss.domain.extracts import EXTRACTS, Extract, RowRefused, RowRule, row_rule
from wss.domain.extracts.cells import SPREADSHEET_NUMBER
from wss.domain.extracts.losses import ColumnLoss
from wss.domain.masking import masked_cell
from wss.queries import losses
from wss.queries.extracts import conflicts, known_codes, update_office_paths
from wss.queries.mis_sums import recompute
from wss.queries.reference import bump_reference_version
from wss.queries.staged_rows import (
    index_rows,
    leave_out_refused,
    refuse_lines,
    refuse_rows,
    refused_count,
    refused_rows,
    stage_rows,
)
from wss.queries.stored_triage import mark_all_due
from wss.services.reference._files import Cells, ExtractFile
from wss.services.reference._losses import found_losses

AT_A_TIME = 8000
# Few enough that one bad row does not have many good ones checked one by one.
PARSED_TOGETHER = 250
LISTED = 100
ProgressCallback = Callable[[str, int, int], None]


class RowFinding(NamedTuple):
    """A finding about a line of the file, shown to the operator."""

    line: int
    column: str
    code: str
    # The value that the column keeps although its cell was empty, as far as it may be shown.
    kept: str = ""


@dataclass
class ImportResult:
    """The findings and results of an import; of refused rows and warnings only the first are listed.

    `losses` are the columns of which an unusual share would be lost, moved or reformatted.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    warned: int = 0
    refused: int = 0
    written: bool = False
    refusals: list[RowFinding] = field(default_factory=list)
    warnings: list[RowFinding] = field(default_factory=list)
    losses: list[ColumnLoss] = field(default_factory=list)
    rejected_file: Path | None = None
    lacking: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RowCheck:
    """A file to check, the extract with its rules, and the callback for progress."""

    table: str
    extract: Extract
    file: ExtractFile
    progress: ProgressCallback = lambda stage, done, total: None


@dataclass(frozen=True, slots=True)
class _DoubtfulRows:
    """The refused rows of a batch and the cells with warnings: line, column, code."""

    refused: list[tuple[int, str, str]] = field(default_factory=list)
    noted: list[tuple[int, str, str]] = field(default_factory=list)


def extract_with_text_rules(table: str, text_fault: Callable[..., str | None]) -> Extract:
    """Return a table's extract; the texts of messages are also checked against the built-in ones."""
    if table != "texts":
        return EXTRACTS[table]

    own = EXTRACTS[table]

    def agree(values: list[Any]) -> None:
        if own.agree is not None:
            own.agree(values)
        wrong = text_fault(*values[:4])
        if wrong:
            raise RowRefused("text", wrong)

    return replace(own, agree=agree)


def check(this: RowCheck, outcome: ImportResult) -> None:
    """Stage the valid rows and separate the invalid ones; needs a workbench with the stage of this table."""
    with reading():
        known = known_codes()
    rule = row_rule(this.extract, known)
    with _without_garbage_collection():
        _stage(this, rule)
    _find_conflicts(this.table, outcome)
    with scratch():
        outcome.losses = found_losses(this.table, outcome.lacking)


def _stage(this: RowCheck, rule: RowRule) -> None:
    rows = this.file.rows(lambda done, total: this.progress("check", done, total))
    for first in rows:
        found = _DoubtfulRows()
        with scratch():
            # The database takes rows while the next are checked.
            stage_rows(this.table, _accepted(chain([first], islice(rows, AT_A_TIME - 1)), rule, found))
            refuse_rows(found.refused)
            losses.note_cells(found.noted)


def _accepted(
    rows: Iterator[tuple[int, Cells]], rule: RowRule, found: _DoubtfulRows
) -> Iterator[tuple[Any, ...]]:
    """Yield the values of accepted rows, each preceded by its line number."""
    while some := list(islice(rows, PARSED_TOGETHER)):
        values = rule.values_of_good([cells for _, cells in some])
        if values is None:
            yield from _one_by_one(some, rule, found)
        else:
            yield from ((line, *of_row) for (line, _), of_row in zip(some, values, strict=True))


def _one_by_one(
    rows: Sequence[tuple[int, Cells]], rule: RowRule, found: _DoubtfulRows
) -> Iterator[tuple[Any, ...]]:
    """The same for rows of which at least one is refused or has a warning."""
    for line, cells in rows:
        try:
            values, dropped = rule(cells)
        except RowRefused as error:
            found.refused.append((line, error.column, error.code))
            continue
        found.noted.extend((line, *one) for one in dropped)
        yield (line, *values)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Disable the cyclic garbage collection: it finds nothing in rows of text and numbers, and takes a tenth of
    the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _find_conflicts(table: str, outcome: ImportResult) -> None:
    with scratch():
        index_rows(table)
        losses.restore_known(table)
        for clash in conflicts(table):
            refuse_lines(*clash)
        leave_out_refused(table)
        outcome.refused = refused_count()
        outcome.refusals = [
            RowFinding(row.line, row.column_name, row.code) for row in islice(refused_rows(), LISTED)
        ]
        # A number that was read unambiguously needs no warning, unless the whole column is of this kind.
        outcome.warned = losses.noted_rows(table, {SPREADSHEET_NUMBER})
        outcome.warnings = [
            RowFinding(line, column, code, masked_cell(column, value))
            for line, column, code, value in losses.noted_cells(table, {SPREADSHEET_NUMBER}, LISTED)
        ]


def renew_reference(table: str) -> None:
    """Notify every process that a reference table has changed; part of the transaction that changes it."""
    if table == "offices" and update_office_paths():
        # The counts of an office include all offices below it, and these have changed.
        recompute()
    if table == "tariff":
        # What is suggested for a bill follows from the tariff.
        mark_all_due()
    bump_reference_version()
