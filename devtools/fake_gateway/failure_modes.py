"""The failure modes of a fake gateway: what it does with a message, and which receipts it sends."""

import threading
from collections import Counter
from dataclasses import dataclass
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
    FailureMode.OK: "accepts it and delivers it",
    FailureMode.REFUSE: "refuses it: 503, or 550 for the recipient of an e-mail",
    FailureMode.BUSY: "asks to retry later: 429, or 451 for an e-mail",
    FailureMode.HANG: "accepts nothing and never answers",
    FailureMode.SLOW: "accepts it and answers late",
    FailureMode.DROP: "accepts it and cuts the connection instead of answering",
    FailureMode.SILENT: "accepts it and sends no receipt",
    FailureMode.LIE: "accepts it, then reports that the number does not exist",
    FailureMode.OFF: "reports the phone as switched off; what is sent again is delivered",
    FailureMode.REPEAT: "sends each receipt three times",
    FailureMode.REORDER: "reports delivered before sent",
    FailureMode.FORGE: "accepts it; then receipts with wrong signatures arrive",
}
# Modes that concern receipts only: for e-mail they are the same as ok.
RECEIPT_MODES = frozenset(
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
_RECEIPTS: dict[FailureMode, tuple[tuple[DeliveryState, str], ...]] = {
    FailureMode.SILENT: (),
    FailureMode.LIE: (_SENT, (DeliveryState.PERMANENT_FAILURE, "unknown_subscriber")),
    FailureMode.OFF: (_SENT, _OFF),
    FailureMode.REPEAT: (_SENT,) * 3 + (_DELIVERED,) * 3,
    FailureMode.REORDER: (_DELIVERED, _SENT, _OFF),
    FailureMode.FORGE: (),
}


def receipts_in(mode: FailureMode) -> tuple[tuple[DeliveryState, str], ...]:
    """Return the receipts for an accepted message in this mode: states with their reasons, in order."""
    return _RECEIPTS.get(mode, (_SENT, _DELIVERED))


@dataclass(frozen=True, slots=True)
class FailureSetting:
    """A mode, and how many times each message meets it before it is accepted; 0 is always."""

    mode: FailureMode = FailureMode.OK
    times: int = 0


class FailureModes:
    """The settings of all gateways; safe to change from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings = dict.fromkeys(GATEWAYS, FailureSetting())
        self._met: Counter[tuple[str, str]] = Counter()

    def set(self, gateway: str, mode: str, times: int = 0) -> None:
        """Set the mode of a gateway. Raises ValueError for an unknown gateway or mode."""
        if gateway not in GATEWAYS:
            raise ValueError(f"no gateway {gateway!r}")
        setting = FailureSetting(FailureMode(mode), max(times, 0))
        with self._lock:
            self._settings[gateway] = setting
            self._met.clear()

    def of(self, gateway: str) -> FailureSetting:
        """Return the setting of a gateway."""
        return self._settings[gateway]

    def meets(self, gateway: str, key: str) -> FailureMode:
        """Return the mode for a message with this key, and count it."""
        setting = self._settings[gateway]
        if setting.mode is FailureMode.OK or not setting.times:
            return setting.mode
        with self._lock:
            self._met[gateway, key] += 1
            return setting.mode if self._met[gateway, key] <= setting.times else FailureMode.OK

    def as_json(self) -> dict[str, dict[str, object]]:
        """Return all settings, by gateway. The mode is included under its former key too."""
        return {
            gateway: {"failure_mode": setting.mode, "mood": setting.mode, "times": setting.times}
            for gateway, setting in self._settings.items()
        }
