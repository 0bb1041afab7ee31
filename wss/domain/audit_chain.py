"""The hash chain of the audit trail: each entry's hash covers the one before, so that a change is always detected."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

# The hash before the first entry.
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """An entry as stored, with its position in the chain and the hash of all entries up to it."""

    id: int
    at: datetime
    role: str
    actor_id: str
    office_code: str
    deed: str
    subject: str
    details: dict[str, Any]
    number: int
    chain: str | None


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain: how many entries it has, and the hash of all of them."""

    number: int = 0
    chain: str = BEGINNING


class ChainFaultKind(StrEnum):
    """The kinds of fault that the audit trail can have."""

    MISSING = "missing"
    CHANGED = "changed"
    INSERTED = "inserted"
    CUT_OFF = "cut_off"
    NOT_AS_NOTED = "not_as_noted"
    NO_HEAD = "no_head"


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A fault, its position in the chain, and the entry there.

    If several entries are missing, it has the last position too.
    """

    fault: ChainFaultKind
    number: int
    last: int = 0
    entry_id: int | None = None


def hashed(before: str, entry: Any, number: int) -> str:
    """Return the hash of an entry at this position, chained to the hash of the one before.

    The hashed text is JSON with sorted names, so that other tools can recompute it.
    """
    data = {field.name: getattr(entry, field.name) for field in fields(ChainEntry) if field.name != "chain"}
    data |= {"at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"), "number": number}
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(f"{before}\n{text}".encode()).hexdigest()


class ChainCheck:
    """A check of the chain, entry by entry in the order of their numbers, that yields the faults."""

    def __init__(self, noted: Iterable[ChainHead] = ()) -> None:
        self.end = ChainHead()
        self._noted = {one.number: one.chain for one in noted}

    def faults(self, links: Iterable[ChainEntry]) -> Iterator[ChainFault]:
        """Yield the faults of the next entries.

        After a fault the check continues from the values of the entry itself.
        """
        for link in links:
            yield from self._step(link)
            self.end = ChainHead(max(link.number, self.end.number), link.chain or "")

    def _step(self, link: ChainEntry) -> Iterator[ChainFault]:
        before = self.end
        if link.number <= before.number:
            yield ChainFault(ChainFaultKind.INSERTED, link.number, entry_id=link.id)
            return
        if link.number > before.number + 1:
            yield ChainFault(ChainFaultKind.MISSING, before.number + 1, link.number - 1)
        elif link.chain != hashed(before.chain, link, link.number):
            yield ChainFault(ChainFaultKind.CHANGED, link.number, entry_id=link.id)
        if self._noted.pop(link.number, link.chain) != link.chain:
            yield ChainFault(ChainFaultKind.NOT_AS_NOTED, link.number, entry_id=link.id)

    def finish(self, head: ChainHead | None) -> Iterator[ChainFault]:
        """Yield the faults of the end: entries that the head counts and the trail lacks, or the reverse."""
        if head is None:
            yield ChainFault(ChainFaultKind.NO_HEAD, self.end.number)
        elif head.number > self.end.number:
            yield ChainFault(ChainFaultKind.CUT_OFF, self.end.number + 1, head.number)
        elif head.number < self.end.number:
            yield ChainFault(ChainFaultKind.INSERTED, head.number + 1)
        elif head.chain != self.end.chain:
            yield ChainFault(ChainFaultKind.CHANGED, head.number)
        for number in sorted(self._noted):
            if number > self.end.number or number < 1:
                yield ChainFault(ChainFaultKind.CUT_OFF, self.end.number + 1, number)
