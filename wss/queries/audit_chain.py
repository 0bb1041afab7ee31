"""The hash chain of the audit trail: entries that are not in it yet, its head, and its entries in order."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, tuple_, update

from wss.db import core, database
from wss.domain.audit_chain import ChainEntry, ChainHead
from wss.models import AuditEntry, AuditHead
from wss.models.audit import IS_UNCHAINED

_entry = cast(Table, AuditEntry.__table__)
_head = cast(Table, AuditHead.__table__)
_facts = [_entry.c[field.name] for field in fields(ChainEntry)]
_unchained = select(*_facts).where(IS_UNCHAINED).order_by(_entry.c.id).limit(bindparam("how_many"))
_oldest_unchained = select(_entry.c.at).where(IS_UNCHAINED).order_by(_entry.c.id).limit(1)
_end = select(_head.c.number, _head.c.chain).where(_head.c.id == 1)
_put = (
    update(_entry)
    .where(_entry.c.id == bindparam("of"))
    .values(number=bindparam("to_number"), chain=bindparam("to_chain"))
)
_move = update(_head).where(_head.c.id == 1)
# Ordered by number, then by id in case a number was tampered with and occurs twice.
_next_entries = (
    select(*_facts)
    .where(tuple_(_entry.c.number, _entry.c.id) > tuple_(bindparam("number"), bindparam("id")))
    .order_by(_entry.c.number, _entry.c.id)
    .limit(bindparam("how_many"))
)


def head() -> ChainHead | None:
    """Return the stored head of the chain; None when it has been removed."""
    found = core().execute(_end).first()
    return ChainHead(*found) if found else None


def locked_head() -> ChainHead | None:
    """Return the head of the chain, locked: no other transaction extends the chain until this one ends."""
    statement = _end if database().is_sqlite else _end.with_for_update()
    found = core().execute(statement).first()
    return ChainHead(*found) if found else None


def has_unchained_entries() -> bool:
    """Return whether there are entries that are not in the chain yet."""
    return core().execute(select(_entry.c.id).where(IS_UNCHAINED).limit(1)).first() is not None


def oldest_unchained() -> datetime | None:
    """Return when the oldest entry that is not in the chain yet was written; None without one."""
    oldest: datetime | None = core().execute(_oldest_unchained).scalar()
    return oldest


def unchained_entries(how_many: int) -> Sequence[Any]:
    """Return the oldest entries that are not in the chain yet."""
    return core().execute(_unchained, {"how_many": how_many}).all()


def chain_entries(places: Sequence[tuple[int, ChainHead]]) -> None:
    """Number entries as links of the chain, and move the head to the last of them."""
    rows = [{"of": id_, "to_number": place.number, "to_chain": place.chain} for id_, place in places]
    core().execute(_put, rows)
    last = places[-1][1]
    core().execute(_move.values(number=last.number, chain=last.chain))


def chained_after(number: int, entry_id: int, how_many: int) -> list[ChainEntry]:
    """Return the next entries of the chain."""
    asked = {"number": number, "id": entry_id, "how_many": how_many}
    return [ChainEntry(*row) for row in core().execute(_next_entries, asked)]


def count_unchained(at: datetime) -> tuple[int, int]:
    """Return how many entries are not in the chain yet, and how many of them were written before this moment."""
    late = func.count().filter(_entry.c.at < at)
    found = core().execute(select(func.count(), late).select_from(_entry).where(IS_UNCHAINED)).one()
    return int(found[0]), int(found[1])
