"""Parts of a page that were made once for one state of a request, and are shown again until there is news."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

# A timeline of eight events takes about 10 kB.
KEPT = 512

_parts: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def remembered(key: Hashable, make: Callable[[], Any]) -> Any:
    """The part of this key, made now unless it was made before. The key holds everything that the part depends on."""
    with _lock:
        if key in _parts:
            _parts.move_to_end(key)
            return _parts[key]
    part = make()
    with _lock:
        _parts[key] = part
        while len(_parts) > KEPT:
            _parts.popitem(last=False)
    return part
