"""Servers under measurement, each in processes of its own: the site, and baselines in the same gunicorn."""

import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from bench.load import HOST, Ask, send_all
from bench.processes import computed, proportional_mib, resident_mib, tree
from bench.programs import Program
from wss import PROJECT

_PATIENCE = 60
_PAUSE = 0.005
_BASELINES = "bench.baselines.applications"
_GUNICORN = PROJECT / "bench" / "baselines" / "gunicorn_settings.py"


class Server(Program):
    """A program that answers on a free port, from its start to its end."""

    def __init__(self, environ: Mapping[str, str], port: int, module: str, *words: str) -> None:
        self.port = port
        self._began = time.perf_counter()
        super().__init__(environ, module, *words)

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

    def proportional_mib(self) -> float:
        """Return the memory of the whole server; what its processes share counts once."""
        return sum(proportional_mib(one) for one in tree(self.pid))

    def seconds_since_start(self) -> float:
        """Return the time since the process was started."""
        return time.perf_counter() - self._began

    def microseconds_per_request(self, asks: Sequence[Ask], clients: int) -> float:
        """Return the processor time of the process and its descendants for each of these requests."""
        before = computed(self.pid)
        send_all(self.port, asks, clients)
        # The system counts in hundredths of a second: a baseline must not seem to cost nothing.
        return max(computed(self.pid) - before, 0.01) * 1e6 / len(asks)


class SiteServer(Server):
    """The site with the settings of an environment."""

    def __init__(self, environ: Mapping[str, str], processes: int = 1) -> None:
        port = free_port()
        settings = {"PORT": str(port), "WSS_PUBLIC_URL": f"http://{HOST}:{port}", **environ}
        super().__init__(settings, port, "bench.serve", str(port), str(processes))


class BaselineServer(Server):
    """One of the applications of `bench/baselines`."""

    def __init__(self, name: str, environ: Mapping[str, str] | None = None) -> None:
        super().__init__(environ or {}, *served(free_port(), f"{_BASELINES}:{name}()"))


def served(port: int, application: str, folder: Path = PROJECT) -> tuple[int, str, *tuple[str, ...]]:
    """Return the port, the module and the words by which gunicorn serves an application in one process."""
    words = ("--config", str(_GUNICORN), "--bind", f"{HOST}:{port}", "--workers", "1", "--chdir", str(folder))
    return (port, "gunicorn", *words, application)


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
