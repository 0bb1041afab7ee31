"""Posts JSON to another machine: five seconds, no redirects, and where asked for to public addresses only."""

import ipaddress
import json
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult

from wss.gateways.senders import SendFailed, cut_off

TIMEOUT_S = 5
# Only what is wrong with the order itself; a token or address of ours that is wrong will be put right.
NEVER_AGAIN = frozenset({400, 422})
# Somebody on the way has passed it on and heard nothing: it may have arrived.
_LOST_ON_THE_WAY = frozenset({502, 504})


def post_json(url: SplitResult, token: str, order: dict[str, object], *, only_public: bool = False) -> int:
    """Post an order and answer the status; SendFailed when there is no answer. http.client follows no redirect, so a
    token goes nowhere else."""
    body = json.dumps(order).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    line = line_to(url, only_public=only_public)
    try:
        with cut_off(line, TIMEOUT_S):
            line.request("POST", url.path or "/", body, headers)
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


class _PinnedConnection(HTTPSConnection):
    """A line to the address that was looked at, under the name of the host, which its certificate has to bear."""

    def connect(self) -> None:
        """Connect to the public address of the host."""
        address = public_address(self.host, self.port)
        plain = socket.create_connection((address, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def line_to(url: SplitResult, *, only_public: bool = False) -> HTTPConnection:
    """A line that nobody has dialled yet."""
    host = url.hostname or ""
    if only_public:
        return _PinnedConnection(host, url.port, timeout=TIMEOUT_S)
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    return kind(host, url.port, timeout=TIMEOUT_S)
