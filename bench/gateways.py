"""What messages are measured with: the gateway for trying, a plain client that fills it, and the site's worker."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from bench.keys import SECRET
from bench.load import HOST
from bench.processes import resident_mib

_PATIENCE_S = 120
_PAUSE_S = 0.02
_JSON = {"Content-Type": "application/json"}


class Program:
    """A command of the site as a process, from its start to its end."""

    def __init__(self, environ: Mapping[str, str], *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            env={**os.environ, "WSS_SECRET_KEY": SECRET, **environ},
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def resident_mib(self) -> float:
        """Memory that it holds now."""
        return resident_mib(self._process.pid)


class Worker(Program):
    """The one that delivers messages."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ, "outbox", "deliver")


class TrialGateway(Program):
    """The gateways for trying; the first of them takes messages and tells nothing of them."""

    def __init__(self, folder: str) -> None:
        ports = ("--port", "0", "--smtp-port", "0")
        environ = {"WSS_ENV": "development", "WSS_INSTANCE": folder}
        super().__init__(environ, "dev", "gateway", *ports)
        self.settings: dict[str, str] = {}
        assert self._process.stdout is not None
        while "WSS_SMTP_URL" not in self.settings:
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError("the gateway for trying ended")
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                self.settings[name] = value
        # One gateway is what is measured.
        del self.settings["WSS_SMS2_URL"]
        self._port = int(self.settings["WSS_SMS_URL"].rpartition("/")[0].rpartition(":")[2])

    def put_into(self, mood: str) -> None:
        """Let it behave so."""
        self._ask("POST", "/moods", json.dumps({"sms1": {"mood": mood}}))

    def taken(self) -> int:
        """How many messages it has taken since it was started."""
        count: int = json.loads(self._ask("GET", "/count"))["arrived"]
        return count

    def forget(self) -> None:
        """Let go of what it has taken."""
        self._ask("POST", "/forget", "")

    def seconds_until(self, count: int) -> float:
        """How long it takes until it has taken so many more."""
        first = self.taken()
        until = time.perf_counter() + _PATIENCE_S
        began = time.perf_counter()
        while self.taken() < first + count:
            if time.perf_counter() > until:
                raise RuntimeError("the worker sends too little")
            time.sleep(_PAUSE_S)
        return time.perf_counter() - began

    def per_second_alone(self, orders: Sequence[Mapping[str, object]], clients: int) -> float:
        """How many messages a second it takes from clients that do nothing but hand over what is at hand."""
        bodies = [json.dumps(order).encode() for order in orders]
        headers = {**_JSON, "Authorization": f"Bearer {self.settings['WSS_SMS_TOKEN']}"}
        threads = [
            threading.Thread(target=self._hand_over, args=(bodies[place::clients], headers))
            for place in range(clients)
        ]
        before, began = self.taken(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        if self.taken() - before != len(orders):
            raise RuntimeError("the gateway has not taken everything")
        return len(orders) / took

    def _hand_over(self, bodies: Sequence[bytes], headers: Mapping[str, str]) -> None:
        line = http.client.HTTPConnection(HOST, self._port, timeout=_PATIENCE_S)
        for body in bodies:
            line.request("POST", "/sms1", body, dict(headers))
            line.getresponse().read()
        line.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        line = http.client.HTTPConnection(HOST, self._port, timeout=_PATIENCE_S)
        line.request(method, path, body, _JSON)
        answer = line.getresponse()
        content = answer.read()
        line.close()
        if answer.status >= 400:
            raise RuntimeError(f"{path}: {answer.status}")
        return content
