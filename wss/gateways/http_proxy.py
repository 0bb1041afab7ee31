"""The way to a host through the operator's proxy: one CONNECT, after which the connection is as a direct one."""

import socket
from base64 import b64encode
from time import monotonic

from wss.setting_addresses import ProxyAddress

_LONGEST_HEAD = 8192


class ProxyRefused(OSError):
    """The proxy did not connect to the host; the text has its status."""


def open_tunnel(sock: socket.socket, proxy: ProxyAddress, host: str, port: int, until: float) -> None:
    """Have the proxy at the other end of a connection connect to a host. Raises OSError."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    login = (
        f"Proxy-Authorization: Basic {b64encode(proxy.login.encode()).decode()}\r\n" if proxy.login else ""
    )
    sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode("ascii"))
    head = _read_head(sock, until)
    version, _, rest = head.partition(b"\r\n")[0].partition(b" ")
    status = rest[:3]
    # What follows the head would be read as the host's answer, and the host has not been asked yet.
    if not version.startswith(b"HTTP/1.") or status != b"200" or head.index(b"\r\n\r\n") + 4 < len(head):
        raise ProxyRefused(status.decode("ascii") if status.isdigit() else "no answer of a proxy")


def _read_head(sock: socket.socket, until: float) -> bytes:
    """Read the head of the answer, in the time that is left."""
    head = b""
    while b"\r\n\r\n" not in head:
        left = until - monotonic()
        if left <= 0:
            raise TimeoutError("no time left")
        sock.settimeout(left)
        part = sock.recv(_LONGEST_HEAD)
        head += part
        if not part or len(head) > _LONGEST_HEAD:
            raise ProxyRefused("no answer of a proxy")
    return head
