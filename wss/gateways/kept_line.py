"""Posts JSON order after order on one line: what dialling and greeting cost is spent once, not for each order."""

import io
import json
import re
import select
import socket
import threading
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from typing import Any, cast
from urllib.parse import SplitResult

from wss.gateways import posting
from wss.gateways.senders import SendFailed

LONGEST_ANSWER = 10_000
# What every answer of a gateway looks like: read here, as http.client takes ten times as long for it.
_PLAIN = re.compile(
    rb"HTTP/1\.1 (2[0-9][0-9]|[345][0-9][0-9]) [^\r\n]*\r\n((?:[A-Za-z0-9-]+:[^\r\n]*\r\n)*)\r\n", re.ASCII
)
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,5})[ \t]*\r$", re.ASCII | re.IGNORECASE | re.MULTILINE)
_NOT_PLAIN = re.compile(rb"^(?:transfer-encoding|connection):", re.ASCII | re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back."""

    status: int
    body: bytes


class HttpChannel:
    """Posts orders to one address; each thread has a line of its own."""

    def __init__(self, url: SplitResult, token: str) -> None:
        self.url = url
        self.own = threading.local()
        if not token.isascii() or not token.isprintable():
            raise ValueError("a token is printable ASCII")
        head = (
            f"POST {url.path or '/'} HTTP/1.1\r\nHost: {url.netloc.rpartition('@')[2]}\r\n"
            f"Accept-Encoding: identity\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n"
        )
        self.head = head.encode("ascii")

    def post(self, order: dict[str, object]) -> HttpAnswer:
        """Post an order; SendFailed tells whether it may have arrived."""
        until = monotonic() + posting.TIMEOUT_S
        line = self._dialled()
        body = json.dumps(order).encode()
        try:
            # In one go: two would be two packets.
            line.sendall(b"%bContent-Length: %d\r\n\r\n%b" % (self.head, len(body), body))
            answer, stays_open = _read(line, until)
        except (OSError, HTTPException) as failure:
            self._hang_up()
            raise SendFailed(type(failure).__name__, again=True, in_doubt=True) from failure
        except BaseException:
            self._hang_up()
            raise
        if not stays_open:
            self._hang_up()
        return answer

    def _dialled(self) -> socket.socket:
        """The thread's line, dialled anew when it is not there or the other end has hung up. Before an order has been
        sent, no failure leaves it in doubt."""
        # Something to hear without having asked: the other end has hung up, or is not what it should be.
        if getattr(self.own, "line", None) is not None and not self.own.heard.poll(0):
            return cast(socket.socket, self.own.line.sock)
        self._hang_up()
        line: HTTPConnection = posting.line_to(self.url)
        # A name may mean many addresses, of which each would be given all the time.
        line._create_connection = _dial  # type: ignore[attr-defined]
        try:
            line.connect()
        except OSError as failure:
            line.close()
            raise SendFailed(type(failure).__name__, again=True) from failure
        self.own.line, self.own.heard = line, select.poll()
        self.own.heard.register(line.sock, select.POLLIN)
        return cast(socket.socket, line.sock)

    def _hang_up(self) -> None:
        if getattr(self.own, "line", None) is not None:
            self.own.line.close()
        self.own.line = None


def _dial(address: tuple[str, int], timeout: float, _source: object = None) -> socket.socket:
    """A line to the first address of a host that answers, in the time that there is for all of them."""
    until, last = monotonic() + timeout, OSError("no address")
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    for number, (family, kind, protocol, _name, place) in enumerate(found):
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(max(0.05, (until - monotonic()) / (len(found) - number)))
            line.connect(place)
            line.settimeout(timeout)
            return line
        except OSError as failure:
            line.close()
            last = failure
    raise last


def _read(line: socket.socket, until: float) -> tuple[HttpAnswer, bool]:
    """The answer on a line, and whether the line may be used again."""
    begun = b""
    while len(begun) <= LONGEST_ANSWER:
        line.settimeout(_left(until))
        part = line.recv(LONGEST_ANSWER)
        begun += part
        head = _PLAIN.match(begun)
        if head is None and b"\r\n\r\n" not in begun and part:
            continue
        lengths = _LENGTH.findall(head[2]) if head and not _NOT_PLAIN.search(head[2]) else []
        if head is None or len(lengths) != 1 or not part:
            break
        ends_at = head.end() + int(lengths[0])
        if len(begun) == ends_at:
            return HttpAnswer(int(head[1]), begun[head.end() :]), True
        if len(begun) > ends_at:
            break
    # Anything else that an answer may be is read by who knows them all; the line has then served.
    answer = HTTPResponse(cast(socket.socket, _BufferedResponse(line, begun, until)), method="POST")
    answer.begin()
    return HttpAnswer(answer.status, answer.read(LONGEST_ANSWER)), False


class _BufferedResponse(io.RawIOBase):
    """An answer of which the beginning has been read. Who sends drop by drop does not get more time with each drop."""

    def __init__(self, line: socket.socket, begun: bytes, until: float) -> None:
        self.line = line
        self.begun = begun
        self.until = until

    def makefile(self, _mode: str) -> io.BufferedReader:
        """As http.client asks a line for it."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Reading is all that it does."""
        return True

    def readinto(self, buffer: Any) -> int:
        """What has been read already, then what still comes, as long as there is time."""
        if self.begun:
            part, self.begun = self.begun[: len(buffer)], self.begun[len(buffer) :]
            buffer[: len(part)] = part
            return len(part)
        self.line.settimeout(_left(self.until))
        return self.line.recv_into(buffer)


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left
