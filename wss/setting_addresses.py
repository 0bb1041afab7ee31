"""Parsers of settings that are addresses. Each raises ValueError with a sentence that says what to write instead.

The sentences name no part of an address that may be a password.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What an operator may call an address of the own network: no public one, and none of a machine's metadata service.
_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"),
        *("fc00::/7", "::1/128"),
    )
)


@dataclass(frozen=True, slots=True)
class PrivateHosts:
    """Host names and networks that are the operator's own although their addresses are not public."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def allows(self, host: str, address: str) -> bool:
        """Return whether an address, found by looking up this host, may be connected to."""
        ip = _plain_ip(address)
        if any(ip in network for network in self.networks):
            return True
        # A name is looked up elsewhere: it must not lead to this machine.
        is_private = any(ip in network for network in _PRIVATE) and not ip.is_loopback
        return host.lower() in self.names and is_private

    def includes(self, host: str) -> bool:
        """Return whether a host, as an address names it, is listed."""
        try:
            ip = _plain_ip(host)
        except ValueError:
            return host.lower() in self.names
        return any(ip in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class ProxyAddress:
    """A proxy that connects to other hosts (CONNECT), and its login, `user:password`."""

    host: str
    port: int
    login: str = ""


def _plain_ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Parse an address; an IPv4 address in the form of IPv6 is the IPv4 address."""
    ip = ipaddress.ip_address(text.partition("%")[0])
    return (ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None) or ip


def _split(text: str, needed: str) -> SplitResult:
    """Return the parts of an address with a host; `needed` is the form that it should have."""
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(' "<>\\')
    try:
        parts = urlsplit(text)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        has_port = False
    if not is_plain or not has_port or not parts.hostname:
        raise ValueError(f"must be {needed}")
    return parts


def web_address(text: str) -> str:
    """Parse the address of a web service, or an empty text."""
    if not text:
        return ""
    needed = "an address such as https://gateway.example.in/path, without a login"
    parts = _split(text, needed)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.fragment:
        raise ValueError(f"must be {needed}")
    return text


def site_address(text: str) -> str:
    """Parse the address of this site: scheme, host and port only."""
    needed = "an address such as https://wss.example.in, without a path"
    parts = _split(text, needed)
    is_whole = parts.scheme in ("http", "https") and "@" not in parts.netloc
    if not is_whole or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"must be {needed}")
    return text.rstrip("/")


def smtp_address(text: str) -> str:
    """Parse the address of a mail server, or an empty text."""
    if not text:
        return ""
    needed = (
        "smtp://user:password@host:port or smtps://user:password@host:port "
        "(signs such as @ / : # of the password as %40 %2F %3A %23)"
    )
    parts = _split(text, needed)
    if parts.scheme not in ("smtp", "smtps") or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"must be {needed}")
    return text


def database_address(text: str) -> str:
    """Parse the address of a database, or an empty text."""
    scheme, separator, rest = text.partition("://")
    if not text or (scheme == "sqlite" and rest.startswith("/") and rest.strip("/")):
        return text
    if scheme == "postgres":
        raise ValueError("must begin with postgresql://, not postgres://")
    if scheme not in ("postgresql", "postgresql+psycopg") or not separator:
        raise ValueError("must be postgresql://user:password@host:port/database, or empty for SQLite")
    host = rest.partition("?")[0].partition("/")[0].rpartition("@")[2]
    if "," in host:
        raise ValueError(
            "must name several servers as postgresql://user@/database?host=a:5432&host=b:5432, not a:5432,b:5432"
        )
    try:
        parts = urlsplit(f"//{host}")
        is_whole = parts.port is None or parts.port > 0
    except ValueError:
        is_whole = False
    if not is_whole or "/" not in rest or "#" in rest:
        raise ValueError(
            "must be postgresql://user:password@host:port/database "
            "(signs such as @ / : # of the password as %40 %2F %3A %23)"
        )
    return text


def folder_address(text: str) -> str:
    """Parse the address of a folder, or an empty text."""
    if not text:
        return ""
    parts = urlsplit(text)
    path = unquote(parts.path)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not path.strip("/") or "\0" in path:
        raise ValueError("must be file:///folder, the whole path of a folder")
    return text


def host_and_port(text: str) -> str:
    """Parse host:port, or an empty text."""
    if not text:
        return ""
    parts = _split(f"//{text}", "host:port")
    if parts.port is None or parts.netloc != text or "@" in text:
        raise ValueError("must be host:port")
    return text


def private_hosts(text: str) -> PrivateHosts:
    """Parse names, addresses and networks, separated by commas."""
    names, networks = set(), []
    for word in filter(None, (part.strip() for part in text.split(","))):
        try:
            network = ipaddress.ip_network(word)
        except ValueError:
            if "/" in word or ":" in word or not _is_host_name(word):
                raise ValueError(
                    f"must be names, addresses and networks such as billing.example.in,10.20.0.0/16, not {word!r}"
                ) from None
            names.add(word.lower())
            continue
        if not any(network.version == own.version and network.subnet_of(own) for own in _PRIVATE):  # type: ignore[arg-type]
            raise ValueError(f"may have private addresses only, not {word}")
        networks.append(network)
    return PrivateHosts(frozenset(names), tuple(networks))


def _is_host_name(word: str) -> bool:
    """Return whether a word can be a name; digits and dots alone would be a mistyped address."""
    labels = word.split(".")
    is_plain = all(label.replace("-", "").replace("_", "").isalnum() for label in labels)
    return word.isascii() and is_plain and not labels[-1].isdecimal()


def proxy_address(text: str) -> ProxyAddress | None:
    """Parse the address of a proxy; None for an empty text."""
    if not text:
        return None
    needed = "http://host:port or http://user:password@host:port"
    parts = _split(text, needed)
    login = unquote(f"{parts.username or ''}:{parts.password or ''}") if parts.username else ""
    is_bare = not (parts.path.strip("/") or parts.query or parts.fragment)
    if parts.scheme != "http" or parts.port is None or not is_bare or not login.isprintable():
        raise ValueError(f"must be {needed}")
    return ProxyAddress(parts.hostname or "", parts.port, login)


def token(text: str) -> str:
    """Parse a token that is sent in a header."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("must be printable ASCII, without line breaks")
    return text
