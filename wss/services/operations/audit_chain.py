"""The hash chain of the audit trail: entries are chained soon after they are written, and a check finds entries
that were changed or removed."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.audit_chain import ChainCheck, ChainFault, ChainHead, hashed
from wss.logs.outages import note_failure, note_success
from wss.queries import audit_chain

# A small batch: SQLite has a single writer, and others should not wait noticeably for this one.
BATCH = 200
# A trail of years is chained in parts, as the worker also has codes to send.
AT_ONCE = 5_000
_PAGE = 1_000
# Before every number that an entry can have, also one that only tampering produces.
_BEFORE_ALL = (-(2**63), 0)
# The worker chains every few seconds; an older unchained entry was backdated, or the worker does not run.
SOON = timedelta(hours=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AuditTrailState:
    """The state of the trail: the end of the chain, and the number of entries not in it yet."""

    end: ChainHead
    unchained: int
    overdue: int


def chain() -> int:
    """Add the entries written since to the chain, in batches and up to a limit; return how many."""
    with reading():
        is_any = audit_chain.has_unchained_entries()
    done = 0
    while is_any and done < AT_ONCE and (chained := _chain_batch()):
        done += chained
        is_any = chained == BATCH
    return done


def verify(noted: Iterable[ChainHead] = ()) -> Iterator[ChainFault | AuditTrailState]:
    """Walk the whole chain; yield each fault, and finally the state of the trail."""
    check = ChainCheck(noted)
    with reading():
        place, head = _BEFORE_ALL, audit_chain.head()
        # The worker keeps chaining during the walk: the end is read after each page, and all entries before it are
        # walked too.
        while page := audit_chain.chained_after(*place, _PAGE):
            yield from check.faults(page)
            place, head = (page[-1].number, page[-1].id), audit_chain.head()
        yield from check.finish(head)
        unchained, overdue = audit_chain.count_unchained(now() - SOON)
        yield AuditTrailState(check.end, unchained, overdue)


def _chain_batch() -> int:
    """Chain some entries in one transaction with the new end of the chain: a killed process leaves all or nothing."""
    with transaction():
        end = audit_chain.locked_head()
        if end is None:
            # The end was deleted, and starting a new chain would hide that.
            note_failure(log, "audit chain", "its head is missing, so no further entries are chained")
            return 0
        note_success(log, "audit chain")
        places = []
        for entry in audit_chain.unchained_entries(BATCH):
            end = ChainHead(end.number + 1, hashed(end.chain, entry, end.number + 1))
            places.append((entry.id, end))
        if places:
            audit_chain.chain_entries(places)
        return len(places)
