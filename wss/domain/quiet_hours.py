"""Quiet hours: the time of day in which a consumer gets no alerts, in the time of Uttar Pradesh."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wss.domain.calendar import IST
from wss.domain.errors import Malformed
from wss.domain.identifiers import normalise_digits

_HOUR, _DAY = 60, 24 * 60
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(?::00)?")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The quiet hours, in minutes since midnight; none where both are equal. The first minute is quiet, the last is
    the first that is not."""

    start: int = 21 * _HOUR
    end: int = 8 * _HOUR

    def contain(self, moment: datetime) -> bool:
        """Return whether a moment is within the quiet hours, which may pass midnight."""
        return self._minutes_in(moment) < self._length

    def end_after(self, moment: datetime) -> datetime:
        """Return the moment (UTC) at which messages may be sent again: the moment itself outside the quiet hours."""
        if not self.contain(moment):
            return moment
        whole = moment.astimezone(IST).replace(second=0, microsecond=0)
        left = timedelta(minutes=self._length - self._minutes_in(moment))
        return (whole + left).astimezone(UTC)

    @property
    def _length(self) -> int:
        return (self.end - self.start) % _DAY

    def _minutes_in(self, moment: datetime) -> int:
        local = moment.astimezone(IST)
        return (local.hour * _HOUR + local.minute - self.start) % _DAY


def time_of_day(text: str) -> int:
    """Parse a time of day into minutes since midnight: 21:00, 21.00, 21, in digits of any script."""
    found = _TIME.fullmatch("".join(normalise_digits(sign) or sign for sign in text.strip()))
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Malformed("time_malformed")
    return int(found[1]) * _HOUR + int(found[2] or 0)


def shown_time(minutes: int) -> str:
    """Return a time of day as fields show it: 21:00."""
    return f"{minutes // _HOUR:02}:{minutes % _HOUR:02}"
