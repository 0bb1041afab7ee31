"""Keeps what was costly to draw, within a number of bytes, in the memory of a process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock


class KeptBytes:
    """What was drawn last, by all it was drawn from; the oldest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> bytes | None:
        """Return what is kept under a key, if anything is."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: Hashable, content: bytes) -> None:
        """Keep a drawing in place of the oldest ones."""
        with self._lock:
            self._size += len(content) - len(self._kept.pop(key, b""))
            self._kept[key] = content
            while self._size > self._most:
                _oldest, gone = self._kept.popitem(last=False)
                self._size -= len(gone)
