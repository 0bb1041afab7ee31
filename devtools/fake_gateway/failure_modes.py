"""The moods of a gateway for trying: what it does with a message, and what it tells of it afterwards."""

import threading
from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum

from wss.domain.delivery import State

SMS_GATEWAYS = ("sms1", "sms2")
MAIL = "mail"
GATEWAYS = (*SMS_GATEWAYS, MAIL)


class Mood(StrEnum):
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
    Mood.OK: "takes it and delivers it",
    Mood.REFUSE: "takes nothing: 503, or 550 to the recipient of a letter",
    Mood.BUSY: "asks to come later: 429, or 451 to a letter",
    Mood.HANG: "takes nothing and never answers",
    Mood.SLOW: "takes it, and answers late",
    Mood.DROP: "takes it, and cuts the line instead of answering",
    Mood.SILENT: "takes it, and never tells how it fared",
    Mood.LIE: "takes it, then tells that there is no such number",
    Mood.OFF: "the telephone is off at first; what is sent anew is delivered",
    Mood.REPEAT: "tells everything three times",
    Mood.REORDER: "tells that it was delivered, and only then that it was sent",
    Mood.FORGE: "takes it; somebody else then tells lies about it, under wrong signatures",
}
# Moods that only receipts show: to a letter they are the same as ok.
OF_RECEIPTS = frozenset(
    {Mood.SILENT, Mood.LIE, Mood.OFF, Mood.REPEAT, Mood.REORDER, Mood.FORGE},
)
_SENT, _DELIVERED = (State.SENT, ""), (State.DELIVERED, "")
_OFF = (State.TEMPORARY_FAILURE, "absent_subscriber")
_TOLD: dict[Mood, tuple[tuple[State, str], ...]] = {
    Mood.SILENT: (),
    Mood.LIE: (_SENT, (State.PERMANENT_FAILURE, "unknown_subscriber")),
    Mood.OFF: (_SENT, _OFF),
    Mood.REPEAT: (_SENT,) * 3 + (_DELIVERED,) * 3,
    Mood.REORDER: (_DELIVERED, _SENT, _OFF),
    Mood.FORGE: (),
}


def told_in(mood: Mood) -> tuple[tuple[State, str], ...]:
    """What a gateway in this mood tells of a message that it has taken: states with their reasons, in order."""
    return _TOLD.get(mood, (_SENT, _DELIVERED))


@dataclass(frozen=True, slots=True)
class Setting:
    """A mood, and how often each message meets it before all is well; 0 is always."""

    mood: Mood = Mood.OK
    times: int = 0


class Moods:
    """The settings of all gateways; they may change while messages come in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings = dict.fromkeys(GATEWAYS, Setting())
        self._met: Counter[tuple[str, str]] = Counter()

    def set(self, gateway: str, mood: str, times: int = 0) -> None:
        """Put a gateway into a mood; ValueError for one that there is not."""
        if gateway not in GATEWAYS:
            raise ValueError(f"no gateway {gateway!r}")
        setting = Setting(Mood(mood), max(times, 0))
        with self._lock:
            self._settings[gateway] = setting
            self._met.clear()

    def of(self, gateway: str) -> Setting:
        """How a gateway is set."""
        return self._settings[gateway]

    def meets(self, gateway: str, key: str) -> Mood:
        """The mood that a message meets which comes under this key now."""
        setting = self._settings[gateway]
        if setting.mood is Mood.OK or not setting.times:
            return setting.mood
        with self._lock:
            self._met[gateway, key] += 1
            return setting.mood if self._met[gateway, key] <= setting.times else Mood.OK

    def as_json(self) -> dict[str, dict[str, object]]:
        """All settings, by gateway."""
        return {gateway: asdict(setting) for gateway, setting in self._settings.items()}
