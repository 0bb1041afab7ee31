"""HTTP client of the gateways.

It posts JSON over kept connections, within TIMEOUT_S, without redirects or retries, and with a limit for the
response.

It uses connections of urllib3 without its pool and response classes: a post costs 65 microseconds of processor time
instead of 120, and a worker sends thousands of messages a second.
"""

import ipaddress
import json
import socket
import ssl
import threading
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import urllib3.connection

from wss.gateways.senders import SendFailed

TIMEOUT_S = 5
LONGEST_ANSWER = 10_000
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
    """A client for one address; each thread that uses it has a connection of its own.

    `only_public`: by TLS to public addresses only.
    """

    def __init__(self, url: str, token: str, *, only_public: bool = False) -> None:
        if not token.isascii() or not token.isprintable():
            raise ValueError("a token is printable ASCII")
        self._address = urlsplit(url)
        self._path = self._address.path or "/"
        self._only_public = only_public
        self._is_tls = only_public or self._address.scheme == "https"
        self._headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Accept-Encoding": "identity",
        }
        self._own = threading.local()

    def post(self, content: dict[str, Any]) -> HttpAnswer:
        """Post the content as JSON. Raises SendFailed, `in_doubt` once the request may have been sent."""
        until, response = monotonic() + TIMEOUT_S, None
        connection = self._connected(until)
        try:
            connection.sock.until = until
            connection.request("POST", self._path, json.dumps(content).encode(), self._headers)
            # Not urllib3's own method: its response class costs another 30 microseconds.
            response = HTTPConnection.getresponse(connection)
            return HttpAnswer(response.status, response.read(LONGEST_ANSWER))
        except (OSError, HTTPException) as failure:
            raise SendFailed(type(failure).__name__, again=True, in_doubt=True) from failure
        finally:
            # What has not been read would be taken for the next response.
            if response is None or not response.isclosed():
                connection.close()

    def _connected(self, until: float) -> Any:
        """Return the connection of this thread, connected again if the peer has closed it or sent data unasked.

        Raises SendFailed that is not `in_doubt`.
        """
        connection = getattr(self._own, "connection", None)
        if connection is None:
            # Created for the first request: commands that check or repair settings start with any address.
            kind = urllib3.connection.HTTPSConnection if self._is_tls else urllib3.connection.HTTPConnection
            connection = kind(self._address.hostname or "", self._address.port, timeout=TIMEOUT_S)
            self._own.connection = connection
        if not connection.is_connected:
            connection.close()
            try:
                sock = _connect(connection.host, connection.port, until, only_public=self._only_public)
                connection.sock = _secured(sock, connection.host) if self._is_tls else sock
            except OSError as failure:
                raise SendFailed(type(failure).__name__, again=True) from failure
        return connection


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


class _TimedSocket(socket.socket):
    """A socket that reads until a certain time: a peer that sends byte by byte gets no more time with each byte."""

    until = 0.0

    def recv_into(self, *arguments: Any) -> int:
        """Read the available bytes, as http.client does. Raises TimeoutError when the time has passed."""
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("no time left")
        self.settimeout(left)
        return super().recv_into(*arguments)


class _TimedTlsSocket(_TimedSocket, ssl.SSLSocket):
    """The same with TLS."""


def _connect(host: str, port: int, until: float, *, only_public: bool) -> socket.socket:
    """Connect to the first address of a host that answers; all of them together get the time of one.

    It connects to the very addresses that were checked: a second look-up could return others.
    """
    last = OSError("no address")
    addresses = resolve(host, port, only_public=only_public)
    for number, address in enumerate(addresses):
        share = (until - monotonic()) / (len(addresses) - number)
        try:
            plain = socket.create_connection((address, port), max(0.05, share))
        except OSError as failure:
            last = failure
            continue
        connected = _TimedSocket(fileno=plain.detach())
        # Headers and body are two packets, and the second must not wait for the acknowledgement of the first.
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.settimeout(max(0.05, until - monotonic()))
        return connected
    raise last


def _secured(sock: socket.socket, host: str) -> socket.socket:
    """Start TLS; the certificate has to match the host name, whichever of its addresses is used."""
    context = ssl.create_default_context()
    context.sslsocket_class = _TimedTlsSocket
    return context.wrap_socket(sock, server_hostname=host)
