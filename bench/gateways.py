"""Programs for measuring messages: the fake gateway, a plain client that loads it, and the site's worker."""

import http.client
import json
import threading
import time
from collections.abc import Mapping, Sequence

from bench.keys import SECRET
from bench.load import HOST
from bench.programs import Program

_PATIENCE_S = 120
_PAUSE_S = 0.02
_JSON = {"Content-Type": "application/json"}


class Worker(Program):
    """The worker that delivers messages."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(
            {"WSS_SECRET_KEY": SECRET, "WSS_ENV": "development", **environ},
            "flask",
            "--app",
            "app",
            "outbox",
            "deliver",
        )


class TrialGateway(Program):
    """The fake gateways, of which one is measured."""

    def __init__(self, folder: str) -> None:
        environ = {"WSS_SECRET_KEY": SECRET, "WSS_ENV": "development", "WSS_INSTANCE": folder}
        words = ("--app", "app", "dev", "gateway", "--port", "0", "--smtp-port", "0")
        super().__init__(environ, "flask", *words, is_heard=True)
        self.settings: dict[str, str] = {}
        assert self.said is not None
        while "WSS_SMTP_URL" not in self.settings:
            line = self.said.readline()
            if not line:
                raise RuntimeError("the fake gateway has ended")
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                self.settings[name] = value
        # Only one gateway is measured.
        del self.settings["WSS_SMS2_URL"]
        self._port = int(self.settings["WSS_SMS_URL"].rpartition("/")[0].rpartition(":")[2])

    def set_failure_mode(self, mode: str) -> None:
        """Set the failure mode of the measured gateway."""
        self._ask("POST", "/failure-modes", json.dumps({"sms1": {"failure_mode": mode}}))

    def taken(self) -> int:
        """Return how many messages it has accepted since it was started."""
        count: int = json.loads(self._ask("GET", "/count"))["received"]
        return count

    def forget(self) -> None:
        """Drop what it has received."""
        self._ask("POST", "/forget", "")

    def seconds_until(self, count: int) -> float:
        """Return the seconds until it has accepted so many more."""
        first = self.taken()
        until = time.perf_counter() + _PATIENCE_S
        began = time.perf_counter()
        while self.taken() < first + count:
            if time.perf_counter() > until:
                raise RuntimeError("the worker sends too little")
            time.sleep(_PAUSE_S)
        return time.perf_counter() - began

    def per_second_alone(self, orders: Sequence[Mapping[str, object]], clients: int) -> float:
        """Return how many messages a second it accepts from clients that only send prepared requests."""
        bodies = [json.dumps(order).encode() for order in orders]
        headers = {**_JSON, "Authorization": f"Bearer {self.settings['WSS_SMS_TOKEN']}"}
        threads = [
            threading.Thread(target=self._submit, args=(bodies[place::clients], headers))
            for place in range(clients)
        ]
        before, began = self.taken(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        if self.taken() - before != len(orders):
            raise RuntimeError("the gateway has not accepted everything")
        return len(orders) / took

    def _submit(self, bodies: Sequence[bytes], headers: Mapping[str, str]) -> None:
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
