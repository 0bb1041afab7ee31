"""Programs under measurement: each in a process of its own, in the server that the site uses."""

import socket
import time
from collections.abc import Mapping, Sequence
from typing import Self

from bench.load import HOST, Ask, send_all
from bench.processes import computed, resident_mib, tree
from bench.programs import Program

_PATIENCE = 60
_PAUSE = 0.005


class Server(Program):
    """One of the kinds of `bench.serve` in a child process, from its start to its end."""

    def __init__(self, kind: str, environ: Mapping[str, str] | None = None, *arguments: str) -> None:
        self.port = _free_port()
        settings = {"PORT": str(self.port), "WSS_PUBLIC_URL": f"http://{HOST}:{self.port}", **(environ or {})}
        self._began = time.perf_counter()
        super().__init__(settings, "bench.serve", kind, str(self.port), *arguments)

    def __enter__(self) -> Self:
        self.wait()
        return self

    def wait(self) -> None:
        """Wait until it listens."""
        while time.perf_counter() - self._began < _PATIENCE:
            if self.status is not None:
                raise RuntimeError(f"the server ended with status {self.status}")
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
            except OSError:
                time.sleep(_PAUSE)
            else:
                return
        raise RuntimeError("the server did not come up")

    def resident_mib(self) -> float:
        """Return the memory that the answering process uses now."""
        return resident_mib(tree(self.pid)[-1])

    def seconds_since_start(self) -> float:
        """Return the time since the process was started."""
        return time.perf_counter() - self._began

    def microseconds_per_request(self, asks: Sequence[Ask], clients: int) -> float:
        """Return the processor time of the process and its descendants for each of these requests."""
        before = computed(self.pid)
        send_all(self.port, asks, clients)
        return (computed(self.pid) - before) * 1e6 / len(asks)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
