"""Parts of a page that were made once for one state of a request, and are shown again until there is news."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, cast

from flask import current_app
from flask.blueprints import BlueprintSetupState

from wss.web.consumer.blueprint import consumer

# A timeline of eight events takes about 10 kB.
KEPT = 512
_NAME = "wss.remembered"


class FragmentCache:
    """The parts used last. Each application has its own: a part holds on to the templates that made it."""

    def __init__(self) -> None:
        self._parts: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def part(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The part of this key, made now unless it was made before."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
                return self._parts[key]
        made = make()
        with self._lock:
            self._parts[key] = made
            while len(self._parts) > KEPT:
                self._parts.popitem(last=False)
        return made


@consumer.record
def begin(state: BlueprintSetupState) -> None:
    """Give an application its memory."""
    state.app.extensions[_NAME] = FragmentCache()


def remembered(key: Hashable, make: Callable[[], Any]) -> Any:
    """The part of this key, made now unless it was made before. The key holds everything that the part depends on."""
    return cast(FragmentCache, current_app.extensions[_NAME]).part(key, make)
