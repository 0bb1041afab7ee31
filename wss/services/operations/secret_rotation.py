"""The change of the site's secret: what former secrets have sealed is sealed with the newest, while the site runs.

Rows are passed in the order of their keys, a batch in a transaction. New rows are sealed with the newest secret, as
every process writes with it by then, so a pass that was interrupted continues from the stored key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from wss import vault
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM
from wss.queries.sealed_texts import SealedColumn, keys_with_text, locked_texts, replace_texts
from wss.queries.site_secrets import (
    begin_rotation,
    known_secrets,
    retire_all_but,
    save_progress,
)
from wss.services.shared import links
from wss.services.shared.audit import record

# Rows of transactions that were open when the change began have an earlier moment.
_OPEN_AT_MOST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ResealedBatch:
    """The result of a batch: its last key, how many texts it sealed again, and the keys whose texts nothing opens.

    `is_last` says that no row follows, `is_held_up` that another transaction is changing the next row.
    """

    last: str
    changed: int = 0
    unreadable: tuple[str, ...] = ()
    is_last: bool = False
    is_held_up: bool = False


def begin_or_resume(*, again: bool = False) -> str:
    """Note that the change to the newest secret has begun; return the key of the last message it has passed.

    With `again` every message is passed, whatever was stored.
    """
    newest = vault.fingerprints()[0]
    with transaction():
        begin_rotation(newest, now())
        if again:
            save_progress(newest, "")
        return next(each.resealed_to for each in known_secrets() if each.fingerprint == newest)


def reseal_batch(
    of: SealedColumn, after: str, how_many: int, *, since: datetime | None = None, saves: bool = False
) -> ResealedBatch:
    """Seal the next texts again where they are sealed with a former secret; `saves` stores the progress."""
    with transaction():
        keys = keys_with_text(of, after, how_many, since)
        if not keys:
            return ResealedBatch(after, is_last=True)
        texts = dict(locked_texts(of, keys))
        # Up to the first row that is being changed: the next batch begins with it.
        passed = list(takewhile(texts.__contains__, keys))
        again, unreadable = _sealed_again([(key, texts[key]) for key in passed if texts[key]])
        replace_texts(of, again)
        last = passed[-1] if passed else after
        if saves and passed:
            save_progress(vault.fingerprints()[0], last)
    return ResealedBatch(last, len(again), tuple(unreadable), is_held_up=not passed)


def move_links_batch(after: str, how_many: int) -> ResealedBatch:
    """Store the next links whose codes pages show again with the newest secret: they are valid for years."""
    with transaction():
        last, moved = links.move_shown_codes(after, how_many)
    return ResealedBatch(last or after, moved, is_last=last is None)


def replace_links_batch(after: str, how_many: int) -> ResealedBatch:
    """Give the next links to follow a complaint new codes: who has the former secret can compute the former ones."""
    with transaction():
        last, replaced = links.replace_codes(links.TRACK, after, how_many)
    return ResealedBatch(last or after, replaced, is_last=last is None)


def _sealed_again(texts: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the texts of former secrets, sealed with the newest, and the keys of those that nothing opens."""
    again, unreadable = [], []
    for key, text in texts:
        try:
            new = vault.resealed(text)
        except vault.BrokenSeal:
            unreadable.append(key)
            continue
        if new is not None:
            again.append((key, new))
    return again, unreadable


def written_since_beginning() -> datetime:
    """Return from when on messages must be passed a second time: a process may have been started late."""
    newest = vault.fingerprints()[0]
    with reading():
        [own] = [each for each in known_secrets() if each.fingerprint == newest]
    return (own.rotation_began_at or own.first_used_at) - _OPEN_AT_MOST


def finish() -> list[str]:
    """Store that nothing is sealed with a former secret any more; return the fingerprints of those."""
    newest = vault.fingerprints()[0]
    with transaction():
        retired = retire_all_but(newest, now())
        if retired:
            record(SYSTEM, "secret_rotated", f"secret:{newest}", former=retired)
    return retired
