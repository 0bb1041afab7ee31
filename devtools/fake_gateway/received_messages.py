"""What has arrived at the gateways for trying: each message once, however often it was handed over."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from devtools.fake_gateway.failure_modes import FailureMode
from wss import clock

KEPT = 200_000


@dataclass(slots=True)
class ReceivedMessage:
    """A message under its key: how often it was handed over, what the gateway made of it and told of it."""

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
    mood: FailureMode = FailureMode.OK
    told: list[str] = field(default_factory=list)


class ReceivedMessages:
    """Everything that was taken, the oldest first; beyond a large number the oldest are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_key: OrderedDict[tuple[str, str], ReceivedMessage] = OrderedDict()
        self._seen: dict[tuple[str, str, str], int] = {}
        self._number = 0

    def take(self, arrival: ReceivedMessage) -> tuple[ReceivedMessage, bool]:
        """Take a message, once for each key; the one that is kept, and whether it is new."""
        place = (arrival.gateway, arrival.key)
        with self._lock:
            known = self._by_key.get(place)
            if known is not None:
                known.offered += 1
                return known, False
            self._number += 1
            arrival.provider_id = f"{arrival.gateway}-{self._number}"
            self._by_key[place] = arrival
            same = (arrival.to, arrival.about, arrival.text)
            self._seen[same] = self._seen.get(same, 0) + 1
            while len(self._by_key) > KEPT:
                self._by_key.popitem(last=False)
            return arrival, True

    def is_sent_anew(self, arrival: ReceivedMessage) -> bool:
        """Whether the same text came to the same recipient before, under another key."""
        return self._seen.get((arrival.to, arrival.about, arrival.text), 0) > 1

    def another(self, than: ReceivedMessage) -> ReceivedMessage | None:
        """Some message to somebody else."""
        with self._lock:
            return next((one for one in reversed(self._by_key.values()) if one.to != than.to), None)

    @property
    def count(self) -> int:
        """How many were taken since the beginning, also those that are forgotten."""
        return self._number

    def all(self) -> list[ReceivedMessage]:
        """All of them, the oldest first."""
        with self._lock:
            return list(self._by_key.values())

    def newest(self, how_many: int) -> list[ReceivedMessage]:
        """The newest, newest first."""
        return self.all()[: -how_many - 1 : -1]

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._by_key.clear()
            self._seen.clear()


def arrived(gateway: str, key: str, to: str, sender: str, text: str) -> ReceivedMessage:
    """A message that comes in now."""
    return ReceivedMessage(gateway, key, to, sender, "", text, "", clock.now())
