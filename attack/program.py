"""A server program on loopback: started, its output stored in a file, and ended."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
PROJECT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 240
_END_S = 20


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def _without_settings() -> dict[str, str]:
    """Return the environment without the site's settings, so that a run does not depend on the shell."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WSS_")}


class Program:
    """A command in a process group of its own, from its start to its end."""

    def __init__(self, command: Sequence[str], log: Path, environ: Mapping[str, str], port: int) -> None:
        self.port, self.log_path = port, log
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [*command],
            cwd=PROJECT,
            env={**_without_settings(), **environ},
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def base(self) -> str:
        """Return its URL."""
        return f"http://{HOST}:{self.port}"

    def wait(self) -> None:
        """Wait until it listens; print its output if it does not start."""
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        self.end()
        raise RuntimeError(f"the program did not come up:\n{self.written()[-2000:]}")

    def written(self) -> str:
        """Return everything it has written so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def end(self) -> None:
        """End it and all that it has started; kill it after a timeout."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_END_S)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, 9)
                self._process.wait()
        self._log.close()


def module(name: str, *words: str) -> list[str]:
    """Return the command that runs a module with this Python."""
    return [sys.executable, "-m", name, *words]
