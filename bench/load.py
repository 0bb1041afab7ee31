"""Clients with a persistent connection each that send a fixed number of requests and check every response."""

import http.client
import itertools
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, and the expected status of its response."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    expected: int = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: status, headers, body as received, and the time it took."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float


class UnexpectedAnswer(Exception):
    """The server responded differently from what is being measured."""


class Client:
    """One persistent connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE)

    def send(self, ask: Ask) -> Answer:
        """Send one request; return its response, which must have the expected status."""
        answer = self.try_to_send(ask)
        if answer.status != ask.expected:
            raise UnexpectedAnswer(f"{ask.path}: {answer.status}, not {ask.expected}: {answer.body[:300]!r}")
        return answer

    def try_to_send(self, ask: Ask) -> Answer:
        """Send one request and read its response to the end, whatever its status."""
        body, headers = None, dict(ask.headers)
        if ask.form is not None:
            body = urlencode(ask.form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        # The low-level calls: `request` would add an Accept-Encoding of its own.
        self._connection.putrequest(
            "POST" if body is not None else "GET", ask.path, skip_accept_encoding=True
        )
        for name, value in headers.items():
            self._connection.putheader(name, value)
        if body is not None:
            self._connection.putheader("Content-Length", str(len(body)))
        self._connection.endheaders(body.encode() if body is not None else None)
        response = self._connection.getresponse()
        content = response.read()
        return Answer(response.status, response.headers, content, time.perf_counter() - began)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def send_all(port: int, asks: Sequence[Ask], clients: int) -> list[float]:
    """Send every request once, by so many clients; return the time of each. Raises the error of a client."""
    queue, lock = iter(asks), threading.Lock()
    took: list[float] = []
    failures: list[Exception] = []

    def work() -> None:
        client = Client(port)
        own: list[float] = []
        try:
            while True:
                with lock:
                    ask = next(queue, None)
                if ask is None or failures:
                    break
                own.append(client.send(ask).seconds)
        except Exception as failure:
            failures.append(failure)
        finally:
            client.close()
            with lock:
                took.extend(own)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return took


def repeated(asks: Sequence[Ask], times: int) -> list[Ask]:
    """Repeat the requests until there are so many."""
    return list(itertools.islice(itertools.cycle(asks), times))
