"""Reads what mail servers send back about a letter that did not arrive (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message

_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+>")
_PERMANENT = re.compile(r"5\.\d{1,3}\.\d{1,3}")
_HEADERS = frozenset({"message/rfc822", "text/rfc822-headers"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """A letter that will not arrive: under which key it was sent, and the status that a server gave (RFC 3463)."""

    key: str
    status: str


def bounce_in(raw: bytes) -> Bounce | None:
    """What a mail tells of a letter of ours; None when it is no report, or of a delay only.

    Anybody can write such a mail. It counts by the key, which only whoever got the letter knows.
    """
    report = message_from_bytes(raw)
    if report.get_content_type() != "multipart/report":
        return None
    parts = list(report.walk())
    status = next(filter(None, map(_status, parts)), None)
    key = next(filter(None, map(_key, parts)), None)
    return Bounce(key, status) if status and key else None


def _status(part: Message) -> str | None:
    """The status with which a recipient was given up."""
    if str(part.get("Action", "")).strip().casefold() != "failed":
        return None
    found = _PERMANENT.match(str(part.get("Status", "")).strip())
    return found[0] if found else None


def _key(part: Message) -> str | None:
    """The key in the headers of the letter that came back."""
    if part.get_content_type() not in _HEADERS:
        return None
    for headers in _returned(part):
        found = _OURS.search(str(headers.get("Message-ID", "")))
        if found:
            return found[1]
    return None


def _returned(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (inner for inner in payload if isinstance(inner, Message))
    elif isinstance(payload, str):
        yield message_from_string(payload)
