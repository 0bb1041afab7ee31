"""A program under measurement, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.processes import resident_mib

_PATIENCE_S = 30


class Program:
    """A Python module run as a process, from its start to its end."""

    # Which Python runs it: another one for a program with packages of its own.
    python = Path(sys.executable)

    def __init__(self, environ: Mapping[str, str], module: str, *words: str, is_heard: bool = False) -> None:
        """Start the process. With `is_heard` its output goes to `said`, otherwise nowhere."""
        self._process = subprocess.Popen(
            [self.python, "-m", module, *words],
            env={**os.environ, **environ},
            stdout=subprocess.PIPE if is_heard else subprocess.DEVNULL,
            text=True,
        )
        self.said = self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self.said is not None:
            self.said.close()

    @property
    def pid(self) -> int:
        """Return the process id, for measuring what it uses."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """Return its exit status; None while it runs."""
        return self._process.poll()

    def resident_mib(self) -> float:
        """Return the memory that it uses now."""
        return resident_mib(self.pid)
