"""Progress at the terminal: one bar for each stage of a long command."""

from types import TracebackType
from typing import Any, Self

import click

WORDS = {"check": "checking", "write": "writing "}


class ProgressBars:
    """Progress bars, one for each stage; none without a terminal."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._end()

    def update(self, stage: str, done: int, total: int) -> None:
        """Set the bar of this stage to so much of the total."""
        if stage != self._stage:
            self._end()
            self._stage = stage
            self._bar = click.progressbar(length=total, label=WORDS.get(stage, stage)).__enter__()
        self._bar.update(done - self._bar.pos)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.render_finish()
        self._bar = None
