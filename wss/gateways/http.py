"""HTTP client of the gateways.

It posts JSON over kept connections, within TIMEOUT_S, without redirects or retries, and with a limit for the
response.

urllib3 provides the connections, and http.client reads every response that does not have the usual form. The usual
form is recognised by a regular expression, and a request is sent in one packet with a prepared head, because a worker
sends thousands of messages a second. A post takes 14 microseconds of processor time; with the requests of urllib3 and
the responses of http.client it takes 66, with the pool of urllib3 120 (a worker: 170, 270 and 330 per message).
"""

import ipaddress
import json
import re
import socket
import ssl
import threading
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import urllib3.connection

from wss.gateways.http_proxy import open_tunnel
from wss.gateways.senders import SendFailed
from wss.setting_addresses import PrivateHosts, ProxyAddress

TIMEOUT_S = 5
LONGEST_ANSWER = 10_000
# Only these mean that the request itself is wrong; a wrong token or address of ours will be corrected.
_FINAL = frozenset({400, 422})
# A proxy has forwarded the request and got no answer: it may have arrived.
_IN_DOUBT = frozenset({502, 504})
# NAT64 (RFC 6052), and addresses that are "compatible" with IPv4 (RFC 4291).
_IPV4_AT_THE_END = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
# Site-local, NAT64 of an operator's own (RFC 8215), segment routing, documentation: `ipaddress` calls them global.
_PRIVATE = tuple(map(ipaddress.IPv6Network, ("fec0::/10", "64:ff9b:1::/48", "5f00::/16", "3fff::/20")))
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# A response that arrives at once, with one Content-Length, after which the connection stays open.
_OTHER = rb"(?:(?!(?i:content-length|transfer-encoding|connection):)[A-Za-z0-9-]+:[^\r\n]*\r\n)*"
_USUAL = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9][0-9]) [^\r\n]*\r\n%b(?i:content-length):[ \t]*([0-9]{1,4})[ \t]*\r\n%b\r\n"
    % (_OTHER, _OTHER)
)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status and body of a response; the body is cut at LONGEST_ANSWER bytes."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class OutboundRoute:
    """How hosts are reached: `private` are the operator's own, `proxy` connects to all others, if there is one."""

    private: PrivateHosts = PrivateHosts()  # noqa: RUF009  it cannot be changed
    proxy: ProxyAddress | None = None

    def proxy_for(self, host: str) -> ProxyAddress | None:
        """Return the proxy for a host; None if it is reached directly."""
        return None if self.private.includes(host) else self.proxy


DIRECT = OutboundRoute()


class HttpChannel:
    """A client for one address; each thread that uses it has a connection of its own.

    `only_public`: by TLS, to public addresses and those that the route lists as the operator's own.
    """

    def __init__(
        self, url: str, token: str, *, only_public: bool = False, route: OutboundRoute = DIRECT
    ) -> None:
        if not token.isascii() or not token.isprintable():
            raise ValueError("a token is printable ASCII")
        self._address = urlsplit(url)
        self._only_public = only_public
        self._route = route
        self._is_tls = only_public or self._address.scheme == "https"
        self._head = (
            f"POST {self._address.path or '/'} HTTP/1.1\r\nHost: {self._address.netloc.rpartition('@')[2]}\r\n"
            f"Accept-Encoding: identity\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n"
        ).encode()
        self._own = threading.local()

    def post(self, content: dict[str, Any]) -> HttpAnswer:
        """Post the content as JSON. Raises SendFailed, `in_doubt` once the request may have been sent."""
        until, is_kept = monotonic() + TIMEOUT_S, False
        connection = self._connected(until)
        try:
            body = json.dumps(content).encode()
            connection.sock.until = until
            connection.sock.settimeout(max(0.05, until - monotonic()))
            connection.sock.sendall(b"%bContent-Length: %d\r\n\r\n%b" % (self._head, len(body), body))
            answer, is_kept = _read(connection.sock)
            return answer
        except (OSError, HTTPException) as failure:
            raise SendFailed(type(failure).__name__, again=True, in_doubt=True) from failure
        finally:
            if not is_kept:
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
                connection.sock = self._opened(until)
            except OSError as failure:
                raise SendFailed(type(failure).__name__, again=True) from failure
        return connection

    def check(self) -> None:
        """Connect and close again, with TLS if the address has it; no request is sent. Raises OSError."""
        self._opened(monotonic() + TIMEOUT_S).close()

    def _opened(self, until: float) -> socket.socket:
        """Return a connection to the host, by the route and with TLS if the address has it. Raises OSError."""
        host, port = self._address.hostname or "", self._address.port or (443 if self._is_tls else 80)
        proxy = self._route.proxy_for(host)
        if proxy is None:
            addresses = resolve(host, port, only_public=self._only_public, private=self._route.private)
            sock = _connect(addresses, port, until)
        else:
            if self._only_public:
                _refuse_private_number(host)
            sock = _connect(resolve(proxy.host, proxy.port, only_public=False), proxy.port, until)
        try:
            if proxy is not None:
                open_tunnel(sock, proxy, host, port, until)
                sock.settimeout(max(0.05, until - monotonic()))
            return _secured(sock, host) if self._is_tls else sock
        except BaseException:
            sock.close()
            raise


def _read(sock: "_TimedSocket") -> tuple[HttpAnswer, bool]:
    """Return the answer, and whether the connection can be used again."""
    begun = sock.recv(LONGEST_ANSWER)
    usual = _USUAL.match(begun)
    if usual and len(begun) == usual.end() + int(usual[2]):
        return HttpAnswer(int(usual[1]), begun[usual.end() :]), True
    sock.begun = begun
    response = HTTPResponse(sock, method="POST")
    response.begin()
    answer = HttpAnswer(response.status, response.read(LONGEST_ANSWER))
    # What has not been read would be taken for the next response.
    return answer, response.isclosed() and not response.will_close


def accept(status: int, accepted: frozenset[int]) -> None:
    """Raise SendFailed for a status that is not among the accepted ones; only a refusal of the content is final."""
    if status not in accepted:
        # A success status other than the agreed one may still be a success.
        in_doubt = status in _IN_DOUBT or 200 <= status < 300
        raise SendFailed(f"gateway {status}", again=status not in _FINAL, in_doubt=in_doubt)


def resolve(host: str, port: int, *, only_public: bool, private: PrivateHosts = DIRECT.private) -> list[str]:
    """Return the IP addresses of a host.

    Raises PermissionError unless all are public or the operator's own, where only those are allowed.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if only_public and not all(_is_public(address) or private.allows(host, address) for address in found):
        raise PermissionError("not a public address")
    return found


def _refuse_private_number(host: str) -> None:
    """Raise PermissionError for a host that is a number, in whatever form, and not a public address.

    Names are looked up by the proxy, which decides for them.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return
    if not all(_is_public(str(entry[4][0])) for entry in found):
        raise PermissionError("not a public address")


def _is_public(address: str) -> bool:
    ip: IpAddress = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _PRIVATE):
            return False
        ip = _embedded_ipv4(ip) or ip
    return ip.is_global and not ip.is_multicast


def _embedded_ipv4(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address to which a gateway, or this machine, translates an IPv6 address."""
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    if any(ip in network for network in _IPV4_AT_THE_END):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


class _TimedSocket(socket.socket):
    """A socket that reads until a certain time: a peer that sends byte by byte gets no more time with each byte.

    http.client first gets from it what has `begun` to arrive.
    """

    until = 0.0
    begun = b""

    def recv_into(self, buffer: Any, *arguments: Any) -> int:
        """Read the available bytes. Raises TimeoutError when the time has passed."""
        if self.begun:
            part, self.begun = self.begun[: len(buffer)], self.begun[len(buffer) :]
            buffer[: len(part)] = part
            return len(part)
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("no time left")
        self.settimeout(left)
        return super().recv_into(buffer, *arguments)


class _TimedTlsSocket(_TimedSocket, ssl.SSLSocket):
    """The same with TLS."""


def _connect(addresses: list[str], port: int, until: float) -> socket.socket:
    """Connect to the first address of a host that answers; all of them together get the time of one.

    It connects to the very addresses that were checked: a second look-up could return others.
    """
    last = OSError("no address")
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
