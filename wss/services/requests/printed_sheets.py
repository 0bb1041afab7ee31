"""Printed sheets of consumers, officers and visitors: limited per hour, drawn one at a time, cached after drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.rate_limits import Limit
from wss.domain.uploads import MEGABYTE
from wss.gateways.sanitiser_slots import SanitiserSlots
from wss.services.requests.draft_documents import sender_of
from wss.services.shared.kept_bytes import ByteCache
from wss.services.shared.rate_limits import consume

# Rendering takes up to a second of the processor. Of the 8 threads of the server, most never wait here.
PLACES = SanitiserSlots(working=1, waiting=2, seconds=5)
# Visitors have slots and a cache of their own: a crowd that prints leaflets takes none from consumers.
VISITOR_PLACES = SanitiserSlots(working=1, waiting=2, seconds=5)
KEPT_SHEETS = 2 * MEGABYTE


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A sheet; or, when the limit of this hour is used up, the seconds until the next."""

    content: bytes = b""
    retry_after: int = 0


_kept = ByteCache(KEPT_SHEETS)
_kept_leaflets = ByteCache(KEPT_SHEETS)


@dataclass(frozen=True, slots=True)
class _Printing:
    """By whom a sheet is printed: the key of the limit, its slots and its cache."""

    limit: Limit
    sender: str
    places: SanitiserSlots
    kept: ByteCache


def print_sheet(actor: Actor, draw: Callable[..., bytes], *words: Any) -> PrintedSheet:
    """Return the sheet with these words, which the actor may see; raises UploadRefused while too many are rendered."""
    sender = sender_of(actor) if actor.role is Role.CONSUMER else f"staff {actor.id}"
    return _printed(_Printing(Limit.PRINTED_SHEETS, sender, PLACES, _kept), draw, words)


def print_leaflet(network: str, draw: Callable[..., bytes], *words: Any) -> PrintedSheet:
    """Return a sheet that everyone may see; raises UploadRefused while too many are rendered."""
    printing = _Printing(Limit.LEAFLETS, f"leaflet {network}", VISITOR_PLACES, _kept_leaflets)
    return _printed(printing, draw, words)


def _printed(printing: _Printing, draw: Callable[..., bytes], words: tuple[Any, ...]) -> PrintedSheet:
    found = printing.kept.find((draw, words))
    if found is None:
        with printing.places.taken(printing.sender):
            found = printing.kept.find((draw, words))
            return PrintedSheet(found) if found is not None else _drawn(printing, draw, words)
    return PrintedSheet(found)


def _drawn(printing: _Printing, draw: Callable[..., bytes], words: tuple[Any, ...]) -> PrintedSheet:
    with transaction():
        limit_result = consume(printing.limit, printing.sender)
    if not limit_result.allowed:
        return PrintedSheet(retry_after=limit_result.retry_after)
    content = draw(*words)
    printing.kept.keep((draw, words), content)
    return PrintedSheet(content)
