"""An administrator changes a reference table: hand in a file, look at what would change, confirm, undo."""

import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from wss.clock import local_date, now
from wss.db import reading, scratch, transaction, workbench
from wss.domain.actor import Actor
from wss.domain.errors import NotFound, Outdated, RuleBroken
from wss.domain.extracts import EXTRACTS, Extract, Refused, RowRule, row_rule
from wss.domain.kept_tables import (
    KEPT,
    LARGEST_FILE,
    REMOVABLE,
    Cells,
    Difference,
    Key,
    difference,
    key_of,
    written_row,
)
from wss.gateways.wording import own_texts, text_fault
from wss.models import ReferenceChange, ReferenceUpload
from wss.queries import kept_tables as queries
from wss.queries.extracts import known_words
from wss.queries.staging import close_stage, open_stage
from wss.services.steps.audit import record
from wss.services.steps.extract_check import Checking, Outcome, check, judged, renew_reference
from wss.services.steps.extract_file import ExtractFile, text_of

Rows = Mapping[Key, Cells]


class LossesNotAccepted(RuleBroken):
    """A file would empty, spoil or move an unusual share of a column, and nobody has said that this is meant."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file with what it would change. With refusals nothing can be confirmed, and there is no upload."""

    outcome: Outcome
    difference: Difference
    upload_id: str | None = None
    remove_missing: bool = False


def hand_in(actor: Actor, table: str, content: bytes, *, remove_missing: bool) -> HandedIn:
    """Judge a file and keep it for its administrator's confirmation; raises Refused for one that is no such table."""
    text = _text(table, content)
    remove_missing = remove_missing and table in REMOVABLE
    looked_at = _look(table, text, remove_missing=remove_missing)
    if looked_at.outcome.refused or looked_at.difference.is_empty:
        return looked_at
    upload_id = secrets.token_hex(16)
    with transaction():
        queries.keep_upload(
            ReferenceUpload(
                id=upload_id,
                table_name=table,
                employee_id=actor.id,
                content=text,
                remove_missing=remove_missing,
                created_at=now(),
            )
        )
    return replace(looked_at, upload_id=upload_id)


def look_again(actor: Actor, table: str, upload_id: str) -> HandedIn:
    """What a file that was handed in would change now; raises NotFound when it is not this administrator's."""
    upload = _own_upload(actor, table, upload_id)
    looked_at = _look(table, upload.content, remove_missing=upload.remove_missing)
    return replace(looked_at, upload_id=upload_id)


def confirm(actor: Actor, table: str, upload_id: str, *, accept_losses: bool = False) -> int | None:
    """Make the change, all or nothing; its number in the history, None when nothing differed any more.

    Raises NotFound for a file that is gone, Outdated for one that can no longer be taken, LossesNotAccepted for one of
    which too much would be lost.
    """
    upload = _own_upload(actor, table, upload_id)
    with _staged(table, upload.content) as outcome:
        if outcome.refused:
            raise Outdated
        if outcome.losses and not accept_losses:
            raise LossesNotAccepted("losses_not_accepted")
        with transaction():
            if not queries.drop_upload(upload_id):
                raise NotFound
            change = _difference(table, outcome, remove_missing=upload.remove_missing)
            if change.is_empty:
                return None
            _write(table, change)
            return _write_down(actor, table, change)


def undo(actor: Actor, table: str, change_id: int) -> int:
    """Put a table's rows back as they were before a change; raises Outdated when they have changed since,
    RuleBroken for rows that cannot go again."""
    with transaction():
        done = queries.change_of(table, change_id)
        if done is None:
            raise NotFound
        before, after = _by_key(table, done.rows_before), _by_key(table, done.rows_after)
        present = _present(table)
        if done.undone_by or any(present.get(key) != after.get(key) for key in {*before, *after}):
            raise Outdated
        if table not in REMOVABLE and after.keys() - before.keys():
            raise RuleBroken("new_rows_stay")
        back = Difference(after, before)
        _write(table, back)
        return _write_down(actor, table, back, undoes=change_id)


def rows_as_file(table: str) -> Iterator[Cells]:
    """A table as its file has it: the header, then its rows."""
    yield EXTRACTS[table].names
    present = _present(table)
    yield from ({**_own_texts(), **present} if table == "texts" else present).values()


def _look(table: str, text: str, *, remove_missing: bool) -> HandedIn:
    with _staged(table, text) as outcome:
        with scratch():
            change = _difference(table, outcome, remove_missing=remove_missing)
        return HandedIn(outcome, change, None, remove_missing)


@contextmanager
def _staged(table: str, text: str) -> Iterator[Outcome]:
    """The good rows of a file laid out beside the table, the bad ones counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table}.csv"
        path.write_text(text, encoding="utf-8", newline="")
        extract = judged(table, text_fault)
        file = ExtractFile(path, extract)
        outcome = Outcome(lacking=file.lacking)
        with workbench():
            with scratch():
                open_stage(table)
            check(Checking(table, extract, file), outcome)
            yield outcome
            with scratch():
                close_stage(table)


def _difference(table: str, outcome: Outcome, *, remove_missing: bool) -> Difference:
    extract, present = EXTRACTS[table], _present(table)
    wished = {}
    for values in queries.staged_rows(table):
        cells = written_row(extract, values)
        key = key_of(extract, cells)
        wished[key] = _with_lacking(extract, cells, present.get(key), outcome.lacking)
    if table != "texts":
        return difference(present, wished, remove_missing=remove_missing)
    # A text that is the house's own again needs no row, unless it is registered under an id.
    own = _own_texts()
    back = {key: present[key] for key, cells in wished.items() if key in present and own.get(key) == cells}
    wished = {key: cells for key, cells in wished.items() if own.get(key) != cells}
    change = difference(present, wished, remove_missing=remove_missing)
    return replace(change, before=change.before | back)


def _with_lacking(extract: Extract, cells: Cells, present: Cells | None, lacking: frozenset[str]) -> Cells:
    """A file that lacks a column says nothing about it."""
    if not lacking or present is None:
        return cells
    places = range(len(cells))
    return tuple(present[at] if extract.fields[at] in lacking else cells[at] for at in places)


def _own_texts() -> dict[Key, Cells]:
    return {cells[:3]: (*cells, "") for cells in own_texts()}


def _present(table: str) -> dict[Key, Cells]:
    extract = EXTRACTS[table]
    rows = (written_row(extract, values) for values in queries.stored_rows(table))
    return {key_of(extract, cells): cells for cells in rows}


def _write(table: str, change: Difference) -> None:
    """Put the rows of a difference into the table, and take out those that are gone."""
    rule = row_rule(judged(table, text_fault), known_words())
    for cells in change.after.values():
        queries.put_row(table, _stored_values(table, rule, cells))
    for cells in change.removed:
        queries.remove_row(table, _key_values(table, _stored_values(table, rule, cells)))


def _stored_values(table: str, rule: RowRule, cells: Cells) -> list[Any]:
    """The values of a row that was judged before. A cell that no file may bring today was kept or comes back: it stays
    as it was written."""
    try:
        values, noted = rule(cells)
    except Refused:
        raise Outdated from None
    places = {column.name: place for place, column in enumerate(EXTRACTS[table].columns)}
    for one in noted:
        values[places[one.column]] = cells[places[one.column]]
    return values


def _write_down(actor: Actor, table: str, change: Difference, undoes: int | None = None) -> int:
    """Tell every process, and add the change to the history and to the audit trail."""
    renew_reference(table)
    if table == "staff" and not queries.working_administrators(local_date(now())):
        raise RuleBroken("no_administrator_left")
    change_id = queries.keep_change(
        ReferenceChange(
            table_name=table,
            employee_id=actor.id,
            at=now(),
            rows_before=[list(cells) for cells in change.before.values()],
            rows_after=[list(cells) for cells in change.after.values()],
            undoes_id=undoes,
        )
    )
    record(actor, "undo_table" if undoes else "change_table", f"table:{table}", change=change_id)
    return change_id


def _by_key(table: str, rows: Sequence[Sequence[str]]) -> dict[Key, Cells]:
    """Rows of a change; one from before the table had its last columns has nothing in them."""
    width = len(EXTRACTS[table].columns)
    padded = (tuple(cells) + ("",) * (width - len(cells)) for cells in rows)
    return {key_of(EXTRACTS[table], cells): cells for cells in padded}


def _key_values(table: str, values: Sequence[Any]) -> list[Any]:
    extract = EXTRACTS[table]
    return [values[extract.fields.index(field)] for field in extract.key]


def _own_upload(actor: Actor, table: str, upload_id: str) -> ReferenceUpload:
    with reading():
        upload = queries.upload_of(upload_id, actor.id)
    if upload is None or upload.table_name != table:
        raise NotFound
    return upload


def _text(table: str, content: bytes) -> str:
    if table not in KEPT:
        raise NotFound
    if len(content) > LARGEST_FILE:
        raise Refused("", "file_too_large")
    return text_of(content)
