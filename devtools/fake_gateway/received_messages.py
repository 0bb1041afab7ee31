"""The messages that the fake gateways have accepted: one for each idempotency key."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from devtools.fake_gateway.failure_modes import FailureMode
from wss import clock

KEPT = 200_000


@dataclass(slots=True)
class ReceivedMessage:
    """A message: how often it was offered and answered, its failure mode, and the receipts sent for it."""

    gateway: str
    key: str
    to: str
    sender: str
    about: str
    text: str
    provider_id: str
    at: datetime
    is_unicode: bool = False
    html: str = ""
    offered: int = 1
    answered: int = 0
    failure_mode: FailureMode = FailureMode.OK
    receipts: list[str] = field(default_factory=list)


class ReceivedMessages:
    """All accepted messages, oldest first; beyond KEPT the oldest are dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_key: OrderedDict[tuple[str, str], ReceivedMessage] = OrderedDict()
        self._seen: dict[tuple[str, str, str], int] = {}
        self._number = 0

    def take(self, message: ReceivedMessage) -> tuple[ReceivedMessage, bool]:
        """Keep a message, one for each key; return the kept one, and whether it is new."""
        place = (message.gateway, message.key)
        with self._lock:
            known = self._by_key.get(place)
            if known is not None:
                known.offered += 1
                return known, False
            self._number += 1
            message.provider_id = f"{message.gateway}-{self._number}"
            self._by_key[place] = message
            same = (message.to, message.about, message.text)
            self._seen[same] = self._seen.get(same, 0) + 1
            while len(self._by_key) > KEPT:
                self._by_key.popitem(last=False)
            return message, True

    def is_sent_again(self, message: ReceivedMessage) -> bool:
        """Return whether the same text was sent to the same recipient before, under another key."""
        return self._seen.get((message.to, message.about, message.text), 0) > 1

    def another(self, than: ReceivedMessage) -> ReceivedMessage | None:
        """Return a message to another recipient."""
        with self._lock:
            return next((one for one in reversed(self._by_key.values()) if one.to != than.to), None)

    @property
    def count(self) -> int:
        """How many were accepted since the start, including dropped ones."""
        return self._number

    def all(self) -> list[ReceivedMessage]:
        """Return all messages, oldest first."""
        with self._lock:
            return list(self._by_key.values())

    def newest(self, how_many: int) -> list[ReceivedMessage]:
        """Return the newest messages, newest first."""
        return self.all()[: -how_many - 1 : -1]

    def forget(self) -> None:
        """Drop all messages."""
        with self._lock:
            self._by_key.clear()
            self._seen.clear()


def received_now(gateway: str, key: str, to: str, sender: str, text: str) -> ReceivedMessage:
    """Return a message received now."""
    return ReceivedMessage(gateway, key, to, sender, "", text, "", clock.now())
