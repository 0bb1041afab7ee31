"""Slots for sanitising documents, so that the documents of one sender do not block the whole site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from wss.domain.uploads import Refusal, UploadRefused


class SanitiserSlots:
    """The slots: so many documents are processed at a time and so many wait; others are refused.

    One sender has at most one of each. A waiting document holds a thread of the server, and the same threads serve
    pages.
    """

    def __init__(self, working: int, waiting: int, seconds: float) -> None:
        self._most_working, self._most_waiting, self._seconds = working, waiting, seconds
        self._working: list[str] = []
        self._waiting: list[str] = []
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, sender: str) -> Iterator[None]:
        """Hold a slot for one document; raise UploadRefused if none becomes free in time."""
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
            raise UploadRefused(Refusal.STORAGE_FULL)
        self._waiting.append(sender)
        try:
            is_free = self._changed.wait_for(lambda: self._is_free(sender), self._seconds)
        finally:
            self._waiting.remove(sender)
        if not is_free:
            raise UploadRefused(Refusal.STORAGE_FULL)
