"""Delivery receipts of gateways: their signature, their format, and which of their content may be stored."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wss.domain.delivery import RECEIPTS, DeliveryState

LONGEST = 10_000
_SCHEME = "sha256="
_KEY = re.compile(r"[A-Za-z0-9-]{1,36}")
_KEPT_OF_A_REASON = 40
_NOT_A_CODE_WORD = re.compile(r"[^a-z0-9_ ]")
_DIGITS = re.compile(r"[0-9]")
_DIGITS_OF_A_CODE = 4


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """The reported delivery of a message.

    `key` is the gateway's id of it, `gateways` are those that could have signed this.
    """

    key: str
    state: DeliveryState
    reason: str
    gateways: frozenset[str]


def signature(body: bytes, secret: str) -> str:
    """Return the header by which a gateway signs a receipt."""
    return _SCHEME + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def possible_signers(body: bytes, header: str, secrets: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the gateways, of these names and secrets, that could have signed a body so.

    Without a secret none could.
    """
    given = header.encode(errors="replace")
    return frozenset(
        name
        for name, secret in secrets
        if secret and hmac.compare_digest(signature(body, secret).encode(), given)
    )


def receipt_from(body: bytes, gateways: frozenset[str]) -> DeliveryReceipt | None:
    """Return the receipt in a body; None for anything else. A null field counts as a missing one."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not all(_is_text(data.get(name)) for name in ("id", "state")):
        return None
    provider_id, reason = (_optional_text(data.get(name)) for name in ("provider_id", "reason"))
    if provider_id is None or reason is None:
        return None
    if data["state"] not in RECEIPTS or not _is_moment(data.get("at")):
        return None
    # A key of another format is not ours, but the receipt is valid.
    key = data["id"] if _KEY.fullmatch(data["id"]) else ""
    return DeliveryReceipt(key, DeliveryState(data["state"]), _code(reason), gateways)


def _code(reason: str) -> str:
    """Return the part of a reason that is stored: the words of a code, never a number or a free text."""
    code = _NOT_A_CODE_WORD.sub(" ", reason.lower())
    if len(_DIGITS.findall(code)) > _DIGITS_OF_A_CODE:
        # So many digits, together or apart, could be a person's number.
        code = _DIGITS.sub(" ", code)
    return " ".join(code.split())[:_KEPT_OF_A_REASON].strip()


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _optional_text(value: Any) -> str | None:
    """Return a text, or the number that a gateway writes in its place.

    An empty text if it is missing, None for anything else.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if _is_text(value) else None


def _is_moment(value: Any) -> bool:
    """Return whether a value is a moment in ISO 8601, or missing."""
    if value is None or value == "":
        return True
    try:
        return bool(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False
