"""The moods of a gateway for trying: what it does with a message, and what it tells of it afterwards."""

import threading
from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum

from wss.domain.delivery import DeliveryState

SMS_GATEWAYS = ("sms1", "sms2")
MAIL = "mail"
GATEWAYS = (*SMS_GATEWAYS, MAIL)


class FailureMode(StrEnum):
    """How a gateway behaves."""

    OK = "ok"
    REFUSE = "refuse"
    BUSY = "busy"
    HANG = "hang"
    SLOW = "slow"
    DROP = "drop"
    SILENT = "silent"
    LIE = "lie"
    OFF = "off"
    REPEAT = "repeat"
    REORDER = "reorder"
    FORGE = "forge"


MEANINGS = {
    FailureMode.OK: "takes it and delivers it",
    FailureMode.REFUSE: "takes nothing: 503, or 550 to the recipient of a letter",
    FailureMode.BUSY: "asks to come later: 429, or 451 to a letter",
    FailureMode.HANG: "takes nothing and never answers",
    FailureMode.SLOW: "takes it, and answers late",
    FailureMode.DROP: "takes it, and cuts the line instead of answering",
    FailureMode.SILENT: "takes it, and never tells how it fared",
    FailureMode.LIE: "takes it, then tells that there is no such number",
    FailureMode.OFF: "the telephone is off at first; what is sent anew is delivered",
    FailureMode.REPEAT: "tells everything three times",
    FailureMode.REORDER: "tells that it was delivered, and only then that it was sent",
    FailureMode.FORGE: "takes it; somebody else then tells lies about it, under wrong signatures",
}
# Moods that only receipts show: to a letter they are the same as ok.
OF_RECEIPTS = frozenset(
    {
        FailureMode.SILENT,
        FailureMode.LIE,
        FailureMode.OFF,
        FailureMode.REPEAT,
        FailureMode.REORDER,
        FailureMode.FORGE,
    },
)
_SENT, _DELIVERED = (DeliveryState.SENT, ""), (DeliveryState.DELIVERED, "")
_OFF = (DeliveryState.TEMPORARY_FAILURE, "absent_subscriber")
_TOLD: dict[FailureMode, tuple[tuple[DeliveryState, str], ...]] = {
    FailureMode.SILENT: (),
    FailureMode.LIE: (_SENT, (DeliveryState.PERMANENT_FAILURE, "unknown_subscriber")),
    FailureMode.OFF: (_SENT, _OFF),
    FailureMode.REPEAT: (_SENT,) * 3 + (_DELIVERED,) * 3,
    FailureMode.REORDER: (_DELIVERED, _SENT, _OFF),
    FailureMode.FORGE: (),
}


def told_in(mood: FailureMode) -> tuple[tuple[DeliveryState, str], ...]:
    """What a gateway in this mood tells of a message that it has taken: states with their reasons, in order."""
    return _TOLD.get(mood, (_SENT, _DELIVERED))


@dataclass(frozen=True, slots=True)
class FailureSetting:
    """A mood, and how often each message meets it before all is well; 0 is always."""

    mood: FailureMode = FailureMode.OK
    times: int = 0


class FailureModes:
    """The settings of all gateways; they may change while messages come in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings = dict.fromkeys(GATEWAYS, FailureSetting())
        self._met: Counter[tuple[str, str]] = Counter()

    def set(self, gateway: str, mood: str, times: int = 0) -> None:
        """Put a gateway into a mood; ValueError for one that there is not."""
        if gateway not in GATEWAYS:
            raise ValueError(f"no gateway {gateway!r}")
        setting = FailureSetting(FailureMode(mood), max(times, 0))
        with self._lock:
            self._settings[gateway] = setting
            self._met.clear()

    def of(self, gateway: str) -> FailureSetting:
        """How a gateway is set."""
        return self._settings[gateway]

    def meets(self, gateway: str, key: str) -> FailureMode:
        """The mood that a message meets which comes under this key now."""
        setting = self._settings[gateway]
        if setting.mood is FailureMode.OK or not setting.times:
            return setting.mood
        with self._lock:
            self._met[gateway, key] += 1
            return setting.mood if self._met[gateway, key] <= setting.times else FailureMode.OK

    def as_json(self) -> dict[str, dict[str, object]]:
        """All settings, by gateway."""
        return {gateway: asdict(setting) for gateway, setting in self._settings.items()}
