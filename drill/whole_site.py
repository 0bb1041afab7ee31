"""A whole site on the loopback: gunicorn as shipped with two processes, the worker, and fake gateways."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from devtools.fake_gateway.failure_modes import GATEWAYS, SMS_GATEWAYS
from devtools.fake_gateway.server import FakeGateway, FakeGatewaySettings
from drill.clock_file import VARIABLE, ClockFile
from drill.database_server import ROLE, DatabaseServer
from drill.small_disk import SmallDisk
from drill.steady_visitors import HOST
from wss import PROJECT

STARTS_WITHIN_S = 90.0
_STOPS_WITHIN_S = 20.0
_PAUSE_S = 0.05
_TOKEN = "a token for drills only"  # noqa: S105
_CALLBACK_SECRET = "a secret for receipts in drills only: 0123456789"  # noqa: S105


class WholeSite:
    """The processes of a site with one database, and what can happen to them."""

    def __init__(self, server: DatabaseServer, name: str, folder: Path, secret: str) -> None:
        self.server, self.name, self.folder = server, name, folder
        self.port = free_port()
        self.documents = folder / "documents"
        self.documents.mkdir(parents=True)
        self.disk = SmallDisk(self.documents)
        self.clock = ClockFile(folder / "clock")
        self.gateway = FakeGateway(FakeGatewaySettings(_TOKEN, _CALLBACK_SECRET))
        # Receipts are further requests to the site; what is counted here are registrations.
        for each in SMS_GATEWAYS:
            self.gateway.modes.set(each, "silent")
        threading.Thread(target=self.gateway.serve, daemon=True).start()
        self._environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("WSS_")},
            **self.gateway.settings,
            "WSS_ENV": "development",
            "WSS_DEMO": "0",
            "WSS_SECRET_KEY": secret,
            "WSS_DATABASE_URL": server.url(name, ROLE),
            "WSS_INSTANCE": str(folder),
            "WSS_DOCUMENTS_URL": self.documents.as_uri(),
            "PORT": str(self.port),
            VARIABLE: str(self.clock.path),
        }
        self._log = (folder / "log").open("ab")
        self.application = "app:app"
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start web and worker, and wait until the site is ready."""
        self.start_web()
        self.start_worker()
        self.wait_until_ready()

    def start_web(self) -> None:
        """Start gunicorn with the settings of the project."""
        self.web = self._run("gunicorn", self.application)

    def start_worker(self) -> None:
        """Start the worker."""
        module = self.application.partition(":")[0]
        self.worker = self._run("flask", "--app", module, "outbox", "deliver")

    def wait_until_ready(self) -> None:
        """Wait until the site says that it is ready; raise RuntimeError if it does not within a minute and a half."""
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection(HOST, self.port, timeout=5)
                line.request("GET", "/readyz")
                if line.getresponse().status == 200:
                    return
            time.sleep(_PAUSE_S)
        raise RuntimeError(f"the site is not ready; its log is {self.folder / 'log'}")

    def stop(self) -> None:
        """End every process, and give the folder of documents back."""
        for process in (self.web, self.worker):
            _end(process)
        self.gateway.close()
        self.disk.unmount()
        self._log.close()

    def command(self, *words: str) -> bool:
        """Run a `flask` command to its end; return whether it found everything in order."""
        return self._run("flask", "--app", "app", *words).wait() == 0

    @contextlib.contextmanager
    def web_killed(self, seconds: float) -> Iterator[None]:
        """Kill gunicorn and its processes; start it after so many seconds."""
        web = _running(self.web)
        for process in (web.pid, *children(web.pid)):
            os.kill(process, signal.SIGKILL)
        web.wait()
        time.sleep(seconds)
        yield
        self.start_web()

    @contextlib.contextmanager
    def web_process_killed(self, seconds: float) -> Iterator[None]:
        """Kill one of gunicorn's processes, which gunicorn replaces."""
        os.kill(children(_running(self.web).pid)[0], signal.SIGKILL)
        yield
        time.sleep(seconds)

    @contextlib.contextmanager
    def web_reloaded(self, seconds: float) -> Iterator[None]:
        """Reload gunicorn."""
        _running(self.web).send_signal(signal.SIGHUP)
        yield
        time.sleep(seconds)

    @contextlib.contextmanager
    def worker_killed(self, seconds: float) -> Iterator[None]:
        """Kill the worker; start it after so many seconds."""
        worker = _running(self.worker)
        worker.kill()
        worker.wait()
        time.sleep(seconds)
        yield
        self.start_worker()

    @contextlib.contextmanager
    def documents_away(self, seconds: float) -> Iterator[None]:
        """Unmount the disk of documents for so many seconds: the empty folder below it appears."""
        elsewhere, below = self.folder / "documents elsewhere", self.folder / "documents below"
        self.documents.rename(elsewhere)
        self.documents.mkdir(mode=0o700)
        time.sleep(seconds)
        yield
        # What the site has stored in the empty folder is hidden again.
        self.documents.rename(below)
        elsewhere.rename(self.documents)

    @contextlib.contextmanager
    def gateways_hanging(self, names: Sequence[str], seconds: float) -> Iterator[None]:
        """Let gateways accept nothing and never answer for so many seconds."""
        before = {name: self.gateway.modes.of(name).mode for name in GATEWAYS}
        for name in names:
            self.gateway.modes.set(name, "hang")
        time.sleep(seconds)
        yield
        for name in names:
            self.gateway.modes.set(name, before[name])

    def _run(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", *words]
        return subprocess.Popen(command, cwd=PROJECT, env=self._environ, stdout=self._log, stderr=self._log)


def free_port() -> int:
    """Return a port without a listener."""
    with socket.create_server((HOST, 0)) as free:
        port: int = free.getsockname()[1]
        return port


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [
        int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    ]


def _running(process: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes]:
    """Return a process; raise RuntimeError if it has ended."""
    if process is None or process.poll() is not None:
        raise RuntimeError("a process of the site has ended")
    return process


def _end(process: subprocess.Popen[bytes] | None) -> None:
    """End a process in order, or kill it with what it has started."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        for each in (process.pid, *children(process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait()
