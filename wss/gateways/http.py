"""HTTP client of the gateways.

It posts JSON over kept connections, within TIMEOUT_S, without redirects or retries, and with a limit for the
response.
"""

import io
import ipaddress
import json
import socket
import ssl
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Any, cast
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from wss.gateways.senders import SendFailed

TIMEOUT_S = 5
LONGEST_ANSWER = 10_000
# More than a worker has threads that send: a connection that exceeds the pool would be closed after use.
_KEPT_CONNECTIONS = 100
# Only these mean that the request itself is wrong; a wrong token or address of ours will be corrected.
_FINAL = frozenset({400, 422})
# A proxy has forwarded the request and got no answer: it may have arrived.
_IN_DOUBT = frozenset({502, 504})


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status and body of a response; the body is cut at LONGEST_ANSWER bytes."""

    status: int
    body: bytes


class HttpChannel:
    """A client for one address, usable by any number of threads. `only_public`: by TLS to public addresses only."""

    def __init__(self, url: str, token: str, *, only_public: bool = False) -> None:
        if not token.isascii() or not token.isprintable():
            raise ValueError("a token is printable ASCII")
        self._address = urlsplit(url)
        self._only_public = only_public
        self._headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Accept-Encoding": "identity",
        }

    @cached_property
    def _pool(self) -> urllib3.HTTPConnectionPool:
        """Return the connection pool.

        It is created for the first request: commands that check or repair settings start with any address.
        """
        is_tls = self._only_public or self._address.scheme == "https"
        kind = urllib3.HTTPSConnectionPool if is_tls else urllib3.HTTPConnectionPool
        pool = kind(self._address.hostname or "", self._address.port, maxsize=_KEPT_CONNECTIONS)
        pool.ConnectionCls = _PublicTls if self._only_public else _Tls if is_tls else _Plain
        return pool

    def post(self, content: dict[str, Any]) -> HttpAnswer:
        """Post the content as JSON. Raises SendFailed, `in_doubt` once the request may have been sent."""
        try:
            response = self._pool.urlopen(
                "POST",
                self._address.path or "/",
                json.dumps(content).encode(),
                self._headers,
                retries=False,
                redirect=False,
                timeout=urllib3.Timeout(total=TIMEOUT_S),
                preload_content=False,
                decode_content=False,
            )
            try:
                return HttpAnswer(response.status, response.read(LONGEST_ANSWER))
            finally:
                # Without effect once the whole response has been read: its connection is back in the pool.
                response.close()
                response.release_conn()
        except (OSError, HTTPException, urllib3.exceptions.HTTPError) as failure:
            # urllib3 wraps the original error; staff read the name of the cause.
            cause = failure.__context__ or failure
            raise SendFailed(type(cause).__name__, again=True, in_doubt=True) from failure


def accept(status: int, accepted: frozenset[int]) -> None:
    """Raise SendFailed for a status that is not among the accepted ones; only a refusal of the content is final."""
    if status not in accepted:
        # A success status other than the agreed one may still be a success.
        in_doubt = status in _IN_DOUBT or 200 <= status < 300
        raise SendFailed(f"gateway {status}", again=status not in _FINAL, in_doubt=in_doubt)


def resolve(host: str, port: int, *, only_public: bool) -> list[str]:
    """Return the IP addresses of a host. Raises PermissionError unless all are public, where only those are allowed."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if only_public and not all(_is_public(address) for address in found):
        raise PermissionError("not a public address")
    return found


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


def _connect(host: str, port: int, seconds: float, *, only_public: bool) -> socket.socket:
    """Connect to the first address of a host that answers; all of them together get the time of one.

    It connects to the very addresses that were checked: a second look-up could return others.
    """
    until, last = monotonic() + seconds, OSError("no address")
    addresses = resolve(host, port, only_public=only_public)
    for number, address in enumerate(addresses):
        share = (until - monotonic()) / (len(addresses) - number)
        try:
            connected = socket.create_connection((address, port), max(0.05, share))
        except OSError as failure:
            last = failure
            continue
        # Headers and body are two packets, and the second must not wait for the acknowledgement of the first.
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.settimeout(max(0.05, until - monotonic()))
        return connected
    raise last


class _TimedReader(io.RawIOBase):
    """A reader of a socket with `seconds` in all: a peer that sends byte by byte gets no more time with each byte."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._until = monotonic() + seconds

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the stream, as http.client asks a socket for it."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Return True, as BufferedReader requires."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read the available bytes. Raises TimeoutError when the time has passed."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("no time left")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Release the socket, which stays in the pool."""
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    """A response that has to arrive as a whole in the time that urllib3 has set for the first read."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        reader = cast(socket.socket, _TimedReader(sock, sock.gettimeout() or TIMEOUT_S))
        super().__init__(reader, *arguments, **options)


class _Plain(HTTPConnection):
    """A connection that records whether a failure happened before anything was sent."""

    response_class = _TimedResponse
    only_public = False

    def connect(self) -> None:
        """Connect. Raises SendFailed that is not `in_doubt`."""
        try:
            sock = _connect(self.host, self.port, self.timeout or TIMEOUT_S, only_public=self.only_public)
            self.sock = self._secured(sock)
        except OSError as failure:
            raise SendFailed(type(failure).__name__, again=True) from failure

    def _secured(self, sock: socket.socket) -> socket.socket:
        return sock


class _Tls(_Plain, HTTPSConnection):
    """A connection with TLS; the certificate has to match the host name, whichever of its addresses is used."""

    def _secured(self, sock: socket.socket) -> socket.socket:
        secured = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host)
        self.is_verified = True
        return secured


class _PublicTls(_Tls):
    """A connection with TLS to public addresses only."""

    only_public = True
