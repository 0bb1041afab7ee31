"""The log line for requests whose host is not one of the site's: mostly a proxy that passes on another name."""

from __future__ import annotations

import logging
import re
from threading import Lock
from time import monotonic

log = logging.getLogger(__name__)
# Scanners send such requests all day: a process writes one line in so many seconds.
EVERY_S = 60.0
_NAME = re.compile(r"[A-Za-z0-9._:\[\]-]{1,100}")


class LogPause:
    """Lets one event through per span and counts the others."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next_at = 0.0
        self._suppressed = 0

    def take(self) -> int | None:
        """Return how many events were suppressed before this one; None if this one is suppressed too."""
        with self._lock:
            if monotonic() < self._next_at:
                self._suppressed += 1
                return None
            self._next_at = monotonic() + EVERY_S
            suppressed, self._suppressed = self._suppressed, 0
            return suppressed


_pause = LogPause()


def note(host: str) -> None:
    """Log the host of a refused request, unless another one was logged a moment ago."""
    suppressed = _pause.take()
    if suppressed is not None:
        log.warning(
            "refused a request for the host %s: neither that of WSS_PUBLIC_URL nor in WSS_TRUSTED_HOSTS "
            "(%d more since the last such line)",
            host if _NAME.fullmatch(host) else "(none, or not a host name)",
            suppressed,
        )
