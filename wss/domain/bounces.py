"""Bounces: parses the replies of mail servers about undelivered e-mail, as reports (RFC 3464) or plain text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import NamedTuple

_KEY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OWN_MESSAGE_ID = re.compile(rf"<({_KEY})@[^<>@\s]+>")
_OUR_MESSAGE_ID = re.compile(
    rf"^[> \t]{{0,20}}(?:Original-)?Message-ID:\s{{0,20}}<({_KEY})@[^<>@\s]+>", re.IGNORECASE | re.MULTILINE
)
_OUR_ENVELOPE = re.compile(rf"\s*<?({_KEY})>?\s*")
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_UNKNOWN_STATUS = "5.0.0"
_ACTION = re.compile(r"\s*([a-z]+)")
_FAILED = "failed"

# The parser would read the content of such a part as headers, although it may be encoded.
_MESSAGE_TYPE = re.compile(rb"^(Content-Type:\s*)message/(?=[a-z])", re.IGNORECASE | re.MULTILINE)
_REPORTS = frozenset({"text/x-message-delivery-status", "text/x-message-global-delivery-status"})
_RETURNED = frozenset({"text/x-message-rfc822", "text/x-message-global"})
_BLANK_LINES = re.compile(r"\r?\n[ \t]*\r?\n")
_DEEPEST = 3

_DAEMONS = re.compile(r"mailer-daemon|mail.?delivery|postmaster|microsoftexchange", re.IGNORECASE)
# Every repetition is bounded: such a mail can come from any sender and have any length.
_FAILURE_TEXT = re.compile(
    r"failed\s+permanently|permanent\s+(?:fatal\s+)?errors?|given\s+up|address\s+not\s+found|undeliverable"
    r"|did\s+not\s+reach\s+(?:some|the|its|following)|failure\s+notice|returned\s+to\s+(?:the\s+)?sender"
    r"|(?:not|n't|\bn’t|cannot|unable\s+to|able\s+to)\s+(?:be\s+)?deliver"
    r"|deliver[a-z]{0,4}\s+(?:[a-z]+\s+){0,6}failed",
    re.IGNORECASE,
)
_DELAY_TEXT = re.compile(
    r"delayed|\(delay\)|warning\s+message\s+only|(?:will|still)\s+(?:be\s+)?(?:keep\s+)?(?:retr|try)"
    r"|not\s+yet\s+been\s+delivered|no\s+action\s+is\s+required|do\s+not\s+need\s+to\s+resend"
    r"|attempts?\s+will\s+continue",
    re.IGNORECASE,
)
_REPORT_LINES = tuple(
    re.compile(rf"^{name}:", re.IGNORECASE | re.MULTILINE) for name in ("Final-Recipient", "Action")
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A permanent delivery failure: the key under which the e-mail was sent, and the server's status (RFC 3463).

    `others` are recipients of the same report whose delivery did not fail.
    """

    key: str
    status: str
    others: frozenset[str] = field(default=frozenset(), compare=False)


class _Part(NamedTuple):
    """A decoded part of a mail that has no parts of its own."""

    kind: str
    text: str


def bounce_in(raw: bytes) -> Bounce | None:
    """Return the bounce that a mail reports; None if it is no report, or reports a delay only.

    Such a mail can be forged. It counts only with the key, which only the recipient of the e-mail knows.
    """
    mail = message_from_bytes(_MESSAGE_TYPE.sub(rb"\1text/x-message-", raw))
    parts = list(_parts(mail, 0))
    is_automatic = _is_automatic(mail)
    groups = [group for part in parts if _is_report(part, is_automatic) for group in _groups(part.text)]
    failed = [group for group in groups if _FAILED in _actions(group)]
    if any(map(_actions, groups)):
        status = _status_of(failed[0]) if failed else None
    else:
        status = _status_in_words(mail, parts) if is_automatic else None
    key = _key(mail, parts, groups) if status else None
    if status is None or key is None:
        return None
    unaffected = {address for group in groups if group not in failed for address in _addresses(group)}
    return Bounce(key, status, frozenset(unaffected))


def _parts(mail: Message, depth: int) -> Iterator[_Part]:
    for part in mail.walk():
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        kind = part.get_content_type()
        yield _Part(kind, _decoded(payload, part))
        # A report may itself be an attachment.
        inner = message_from_bytes(payload) if kind in _RETURNED and depth < _DEEPEST else None
        if inner is not None and inner.is_multipart():
            yield from _parts(inner, depth + 1)


def _decoded(payload: bytes, part: Message) -> str:
    try:
        charset = part.get_content_charset("utf-8")
        return payload.decode(charset, errors="replace")
    except (LookupError, ValueError):
        return payload.decode("latin-1")


def _groups(report: str) -> list[Message]:
    """Return the groups of fields of a report: of the mail, then one for each recipient."""
    blocks = (block for block in _BLANK_LINES.split(report.strip()) if block.strip())
    groups = [message_from_string(block.strip()) for block in blocks]
    return [group for group in groups if group.keys()]


def _fields(group: Message, name: str) -> list[str]:
    return [" ".join(str(value).split()) for value in group.get_all(name, [])]


def _actions(group: Message) -> set[str]:
    found = (_ACTION.match(value.casefold()) for value in _fields(group, "Action"))
    return {action[1] for action in found if action}


def _status_of(group: Message) -> str:
    """Return the status of a recipient whose delivery failed.

    `failed` is final whatever the status: 4.4.7 is too long a delay.
    """
    texts = [*_fields(group, "Status"), *_fields(group, "Diagnostic-Code")]
    return next((found[0] for found in map(_STATUS.search, texts) if found), _UNKNOWN_STATUS)


def _addresses(group: Message) -> Iterator[str]:
    """Yield the addresses of a recipient, with or without their type in front: `rfc822; pooja@example.in`."""
    if not _actions(group):
        return
    for name in ("Final-Recipient", "Original-Recipient"):
        for value in _fields(group, name):
            yield value.rpartition(";")[2].strip(" <>").casefold()


def _is_report(part: _Part, is_automatic: bool) -> bool:
    """Return whether a part is a report. Some servers on the way convert reports to plain text."""
    if part.kind in _REPORTS:
        return True
    return (
        is_automatic and part.kind == "text/plain" and all(line.search(part.text) for line in _REPORT_LINES)
    )


def _is_automatic(mail: Message) -> bool:
    """Return whether a mail was generated automatically."""
    return (
        str(mail.get("Return-Path", "")).strip() == "<>"
        or _DAEMONS.search(f"{mail.get('From', '')} {mail.get('Sender', '')}") is not None
        or str(mail.get("Auto-Submitted", "no")).strip().casefold() not in {"no", ""}
        or mail.get("X-Failed-Recipients") is not None
    )


def _status_in_words(mail: Message, parts: Iterable[_Part]) -> str | None:
    """Return the status in a mail of a server that writes plain text; None if no failure is stated."""
    own = (_own_words(part.text) for part in parts if _is_text(part))
    words = " ".join([str(mail.get("Subject", "")), *own])
    if _DELAY_TEXT.search(words):
        return None
    if mail.get("X-Failed-Recipients") is None and not _FAILURE_TEXT.search(words):
        return None
    found = _STATUS.search(words)
    return found[0] if found else _UNKNOWN_STATUS


def _is_text(part: _Part) -> bool:
    return part.kind in {"text/plain", "text/html"}


def _own_words(text: str) -> str:
    """Return what a server says itself, above the letter that it returns."""
    found = _OUR_MESSAGE_ID.search(text)
    return text[: found.start()] if found else text


def _key(mail: Message, parts: Iterable[_Part], groups: Iterable[Message]) -> str | None:
    """Return the key of the e-mail: from its returned headers, or from the report's reference to it."""
    for part in parts:
        if found := _OUR_MESSAGE_ID.search(part.text):
            return found[1]
    for name in ("In-Reply-To", "References"):
        if found := _OWN_MESSAGE_ID.search(str(mail.get(name, ""))):
            return found[1]
    for group in groups:
        for value in _fields(group, "Original-Envelope-Id"):
            if found := _OUR_ENVELOPE.fullmatch(value):
                return found[1]
    return None
