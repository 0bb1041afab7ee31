"""Chains the audit trail a little after it is written, and checks that nothing in it was changed or taken out."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.audit_chain import ChainCheck, ChainFault, ChainHead, hashed
from wss.queries import audit_chain

# Small enough that on SQLite, where only one writes at a time, nobody waits noticeably for it.
BATCH = 200
# A trail of years is chained little by little: the worker has codes to send meanwhile.
AT_ONCE = 5_000
_PAGE = 1_000
# Before every place that an entry can be given, also one that only somebody who tampers gives.
_BEFORE_ALL = (-(2**63), 0)
# The worker chains every few seconds; what is older was written behind its back, or the worker does not run.
SOON = timedelta(hours=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AuditTrailState:
    """How the trail was found: the end of the chain, and the entries that are not in it yet."""

    end: ChainHead
    loose: int
    overdue: int


def chain() -> int:
    """Put what was written since into the chain, some at a time and not too many at once; how many entries."""
    with reading():
        is_any = audit_chain.is_any_loose()
    done = 0
    while is_any and done < AT_ONCE and (chained := _chain_batch()):
        done += chained
        is_any = chained == BATCH
    return done


def verify(noted: Iterable[ChainHead] = ()) -> Iterator[ChainFault | AuditTrailState]:
    """Walk along the whole chain: each thing that is wrong, and at last how the trail was found."""
    check = ChainCheck(noted)
    with reading():
        place, head = _BEFORE_ALL, audit_chain.head()
        # Meanwhile the worker chains on: the end is read after the walk, and what came before that is walked too.
        while page := audit_chain.chained_after(*place, _PAGE):
            yield from check.walk(page)
            place, head = (page[-1].number, page[-1].id), audit_chain.head()
        yield from check.finish(head)
        loose, overdue = audit_chain.loose_since(now() - SOON)
        yield AuditTrailState(check.end, loose, overdue)


def _chain_batch() -> int:
    """Some entries, in one transaction with the end that they lead to: a killed process leaves all or nothing."""
    with transaction():
        end = audit_chain.take_head()
        if end is None:
            # Somebody has deleted it, and to begin anew would hide that.
            log.error("the end of the audit trail's chain is missing: nothing is chained any more")
            return 0
        places = []
        for entry in audit_chain.loose_entries(BATCH):
            end = ChainHead(end.number + 1, hashed(end.chain, entry, end.number + 1))
            places.append((entry.id, end))
        if places:
            audit_chain.chain_entries(places)
        return len(places)
