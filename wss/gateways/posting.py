"""Posts JSON to another machine: five seconds, no redirects, and where asked for to public addresses only."""

import io
import ipaddress
import json
import select
import socket
import ssl
import threading
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.parse import SplitResult

from wss.gateways.senders import SendFailed, cut_off

TIMEOUT_S = 5
LONGEST_ANSWER = 10_000
# Only what is wrong with the order itself; a token or address of ours that is wrong will be put right.
NEVER_AGAIN = frozenset({400, 422})
# Somebody on the way has passed it on and heard nothing: it may have arrived.
_LOST_ON_THE_WAY = frozenset({502, 504})


def post_json(url: SplitResult, token: str, order: dict[str, object], *, only_public: bool = False) -> int:
    """Post an order and answer the status; SendFailed when there is no answer. http.client follows no redirect, so a
    token goes nowhere else."""
    body = json.dumps(order).encode()
    line = _line(url, only_public=only_public)
    try:
        with cut_off(line, TIMEOUT_S):
            line.request("POST", url.path or "/", body, _headers(token))
            return line.getresponse().status
    except (OSError, HTTPException) as failure:
        raise SendFailed(type(failure).__name__, again=True) from failure
    finally:
        line.close()


def accept(status: int, accepted: frozenset[int]) -> None:
    """Raise SendFailed for any status but those that accept an order; a refusal of the order itself is final."""
    if status not in accepted:
        # Success in other words than those agreed may be success all the same.
        in_doubt = status in _LOST_ON_THE_WAY or 200 <= status < 300
        raise SendFailed(f"gateway {status}", again=status not in NEVER_AGAIN, in_doubt=in_doubt)


class KeptLine:
    """Posts order after order on one line, which each thread has for itself: what the handshakes cost is spent once."""

    def __init__(self, url: SplitResult, token: str) -> None:
        self.url = url
        self.headers = _headers(token)
        self.own = threading.local()

    def post(self, order: dict[str, object]) -> tuple[int, bytes]:
        """Post an order; status and body of the answer. SendFailed tells whether the order may have arrived."""
        until = monotonic() + TIMEOUT_S
        line = self._dialled()
        try:
            answer = self._asked(line, json.dumps(order).encode(), until)
            body = answer.read(LONGEST_ANSWER)
        except (OSError, HTTPException) as failure:
            self._hang_up()
            raise SendFailed(type(failure).__name__, again=True, in_doubt=True) from failure
        except BaseException:
            self._hang_up()
            raise
        if not answer.isclosed():
            # Longer than any answer of theirs: what is left of it would be read as the next one.
            self._hang_up()
        return answer.status, body

    def _dialled(self) -> HTTPConnection:
        """The thread's line, dialled anew when it is not there or the other end has hung up. Before an order has been
        sent no failure leaves it in doubt."""
        line: HTTPConnection | None = getattr(self.own, "line", None)
        if line is not None and line.sock is not None and not _has_something(line.sock):
            return line
        self._hang_up()
        line = _line(self.url, only_public=False)
        try:
            line.connect()
        except OSError as failure:
            line.close()
            raise SendFailed(type(failure).__name__, again=True) from failure
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.own.line = line
        return line

    def _asked(self, line: HTTPConnection, body: bytes, until: float) -> HTTPResponse:
        line.sock.settimeout(_left(until))
        line.request("POST", self.url.path or "/", body, self.headers)
        line.response_class = _within(until)
        return line.getresponse()

    def _hang_up(self) -> None:
        line: HTTPConnection | None = getattr(self.own, "line", None)
        if line is not None:
            line.close()
            self.own.line = None


class _Timed(io.RawIOBase):
    """What comes in on a line until a moment: who answers drop by drop does not get more time with each drop."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self.line = line
        self.raw = line.makefile("rb", buffering=0)
        self.until = until

    def readable(self) -> bool:
        """Reading is all that it does."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """What is there, as long as there is time."""
        self.line.settimeout(_left(self.until))
        return self.raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the line, which stays open for the next order."""
        self.raw.close()
        super().close()


def _within(until: float) -> Any:
    """A kind of answer that is read until a moment at the latest."""

    def answer(line: socket.socket, *args: Any, **named: Any) -> HTTPResponse:
        response = HTTPResponse(line, *args, **named)
        response.fp.close()
        response.fp = io.BufferedReader(_Timed(line, until))
        return response

    return answer


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left


def _has_something(line: socket.socket) -> bool:
    """Whether the other end has hung up, or talks without having been asked."""
    heard = select.poll()
    heard.register(line, select.POLLIN)
    return bool(heard.poll(0))


def _headers(token: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}


def public_address(host: str, port: int) -> str:
    """The address a name stands for, when every one it stands for is public; otherwise OSError.

    The line goes to this very address: a name that means another one a moment later leads nowhere.
    """
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(_is_public(address) for address in found):
        raise PermissionError("not a public address")
    return found[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


class _PinnedLine(HTTPSConnection):
    """A line to the address that was looked at, under the name of the host, which its certificate has to bear."""

    def connect(self) -> None:
        """Connect to the public address of the host."""
        address = public_address(self.host, self.port)
        plain = socket.create_connection((address, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def _line(url: SplitResult, *, only_public: bool) -> HTTPConnection:
    host = url.hostname or ""
    if only_public:
        return _PinnedLine(host, url.port, timeout=TIMEOUT_S)
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    return kind(host, url.port, timeout=TIMEOUT_S)
