"""Looking up how a complaint stands: by its number and four digits of a mobile, or by the short link of its SMS."""

from dataclasses import dataclass
from hmac import compare_digest

from wss.db import transaction
from wss.domain.identifiers import normalise_digits
from wss.domain.throttle import Counted, Limit
from wss.domain.visitor import Visitor
from wss.queries.tracking import Tracked, tracked, tracked_by_id
from wss.services.steps import limits, links
from wss.services.steps.registering import TRACK

LAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found; nothing for a wrong number and for wrong digits alike. Seconds to wait when tried too often."""

    found: Tracked | None = None
    retry_after: int = 0


def look_up(visitor: Visitor, complaint_no: str, last_digits: str) -> Looked:
    """Look a complaint up. Each try counts before it is looked at; a right one is given back."""
    with transaction():
        counts = ((Limit.TRACK_NUMBER, complaint_no), (Limit.TRACK_ADDRESS, visitor.address))
        for limit, key in counts:
            spent: Counted = limits.spend(limit, key)
            if not spent.allowed:
                return Looked(retry_after=spent.retry_after)
        there = tracked(complaint_no)
        # Without a request or a mobile something is compared all the same.
        mobile = (there[1] if there else "") or "-" * LAST_DIGITS
        is_right = compare_digest(mobile[-LAST_DIGITS:].encode(), normalise_digits(last_digits).encode())
        if there is None or not is_right:
            return Looked()
        for limit, key in counts:
            limits.give_back(limit, key)
        return Looked(there[0])


def look_by_link(visitor: Visitor, code: str) -> Looked:
    """Look a complaint up by the code of its SMS; wrong codes count per network address."""
    subject = links.look_at(code.upper(), TRACK)
    if subject:
        return Looked(tracked_by_id(int(subject.partition(":")[2])))
    with transaction():
        spent = limits.spend(Limit.TRACK_ADDRESS, visitor.address)
    return Looked(retry_after=0 if spent.allowed else spent.retry_after)
