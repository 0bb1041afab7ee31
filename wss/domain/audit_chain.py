"""The chain of the audit trail: each entry's hash covers the one before, so that none can be changed unseen."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

# What the first entry is chained to.
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """An entry as it is kept, with its place in the chain and the hash of all up to it."""

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
    """What can be wrong with the trail."""

    MISSING = "missing"
    CHANGED = "changed"
    INSERTED = "inserted"
    CUT_OFF = "cut_off"
    NOT_AS_NOTED = "not_as_noted"
    NO_HEAD = "no_head"


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A fault, its place in the chain (and the last one, of several that are missing), and the entry there."""

    fault: ChainFaultKind
    number: int
    last: int = 0
    entry_id: int | None = None


def hashed(before: str, entry: Any, number: int) -> str:
    """The hash of an entry at this place, chained to the hash of the one before. The text that is hashed is JSON with
    sorted names, so that anybody can reckon it with other tools."""
    told = {field.name: getattr(entry, field.name) for field in fields(ChainEntry) if field.name != "chain"}
    told |= {"at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"), "number": number}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(f"{before}\n{text}".encode()).hexdigest()


class ChainCheck:
    """Walks along the chain, entry by entry in the order of their numbers, and ends with what is wrong."""

    def __init__(self, noted: Iterable[ChainHead] = ()) -> None:
        self.end = ChainHead()
        self._noted = {one.number: one.chain for one in noted}

    def walk(self, links: Iterable[ChainEntry]) -> Iterator[ChainFault]:
        """What is wrong with the next entries. After a fault the walk goes on from what the entry itself says."""
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
        """What is wrong with the end: entries that the head knows and the trail has no more, or the other way round."""
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
