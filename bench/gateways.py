"""What messages are measured with: the gateway for trying, a plain client that fills it, and the site's worker."""

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
    """The one that delivers messages."""

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
    """The gateways for trying; the first of them takes messages and tells nothing of them."""

    def __init__(self, folder: str) -> None:
        environ = {"WSS_SECRET_KEY": SECRET, "WSS_ENV": "development", "WSS_INSTANCE": folder}
        words = ("--app", "app", "dev", "gateway", "--port", "0", "--smtp-port", "0")
        super().__init__(environ, "flask", *words, is_heard=True)
        self.settings: dict[str, str] = {}
        assert self.said is not None
        while "WSS_SMTP_URL" not in self.settings:
            line = self.said.readline()
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
