"""What counts as one network in a limit: an IPv4 address, or an IPv6 household and the wider networks around it."""

import re
from ipaddress import IPv4Address, ip_address

# A household or a telephone has a /64; a customer may rent a /56, a small provider a /48 of 65,536 of them. Not wider,
# and IPv4 not by its /24: a mobile operator has a thousand people behind each address, and a district behind each /24.
_WIDER = (56, 4), (48, 16)
_HOUSEHOLD = re.compile(r"(?<![^ ])([0-9a-f]{4}:){3}[0-9a-f]{4}$")


def network_key(address: str) -> str:
    """Return the key of a network address in a rate limit: IPv4 whole, IPv6 by its /64 (one household, one phone)."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return address
    # A socket that serves both kinds writes IPv4 as ::ffff:203.0.113.9; by its /64 all of India would be one.
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return ":".join(parsed.exploded.split(":")[:4])


def scopes_of(subject: str) -> tuple[tuple[str, int], ...]:
    """Under what a subject is counted, each with how many times the limit's number it may reach: by itself, and where
    it ends in an IPv6 network, by the wider networks around that."""
    if not _HOUSEHOLD.search(subject):
        return ((subject, 1),)
    groups = len("0000:0000:0000:0000")
    before, digits = subject[:-groups], subject[-groups:].replace(":", "")
    return (subject, 1), *((f"{before}{digits[: bits // 4]}/{bits}", times) for bits, times in _WIDER)
