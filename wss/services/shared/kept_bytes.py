"""A cache of rendered bytes in the memory of a process, limited by the number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock


class ByteCache:
    """The most recently rendered bytes, keyed by everything that they depend on; the oldest are evicted first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> bytes | None:
        """Return the bytes stored under a key, or None."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: Hashable, content: bytes) -> None:
        """Store bytes under a key; evict the oldest while the limit is exceeded."""
        with self._lock:
            self._size += len(content) - len(self._kept.pop(key, b""))
            self._kept[key] = content
            while self._size > self._most:
                _oldest, evicted = self._kept.popitem(last=False)
                self._size -= len(evicted)
