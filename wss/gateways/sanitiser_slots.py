"""Shares out the work of cleaning documents, so that no sender's documents hold up the whole site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from wss.domain.uploads import Refusal, UploadRefused


class SanitiserSlots:
    """So many documents are worked on at a time and so many wait, of one sender one each; others are refused at once.
    What waits holds a thread of the server, which serves pages by the same threads."""

    def __init__(self, working: int, waiting: int, seconds: float) -> None:
        self._most_working, self._most_waiting, self._seconds = working, waiting, seconds
        self._working: list[str] = []
        self._waiting: list[str] = []
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, sender: str) -> Iterator[None]:
        """Hold a place for one document, or raise UploadRefused where there is none in time."""
        with self._changed:
            if not self._is_free(sender):
                self._wait(sender)
            self._working.append(sender)
        try:
            yield
        finally:
            with self._changed:
                self._working.remove(sender)
                self._changed.notify_all()

    def _is_free(self, sender: str) -> bool:
        return len(self._working) < self._most_working and sender not in self._working

    def _wait(self, sender: str) -> None:
        if len(self._waiting) >= self._most_waiting or sender in self._waiting:
            raise UploadRefused(Refusal.NO_ROOM)
        self._waiting.append(sender)
        try:
            is_free = self._changed.wait_for(lambda: self._is_free(sender), self._seconds)
        finally:
            self._waiting.remove(sender)
        if not is_free:
            raise UploadRefused(Refusal.NO_ROOM)
