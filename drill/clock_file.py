"""The file that says how far the clock of a site in a drill is ahead (drill/moved_clock.py)."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "DRILL_CLOCK"
AHEAD_S = 60


class ClockFile:
    """Moves the clock of the site that reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._set(0)

    @contextlib.contextmanager
    def ahead(self, seconds: float) -> Iterator[None]:
        """Set the clock a minute ahead, and back after so many seconds."""
        self._set(AHEAD_S)
        time.sleep(seconds)
        yield
        self._set(0)

    def _set(self, seconds: int) -> None:
        # Replaced in one step: processes read it all the time.
        new = self.path.with_suffix(".new")
        new.write_text(str(seconds), encoding="ascii")
        new.replace(self.path)
