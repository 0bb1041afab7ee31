"""The page that asks for a code, and what it tells of the SMS meanwhile: the same for every way that needs one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain.otp_delivery import ASKS_FOR, FINAL, OtpSmsStatus, standing_of
from wss.models import Otp
from wss.queries.deliveries import code_message, is_sending_slow
from wss.web.filters import clock_time
from wss.web.pages import render, wants_fragment

_HEADINGS: dict[OtpSmsStatus, LazyString] = {
    OtpSmsStatus.MISSING: _l("No SMS yet?"),
    OtpSmsStatus.SLOW: _l("SMS come late just now"),
    OtpSmsStatus.FAILING: _l("The SMS is not sent yet"),
    OtpSmsStatus.UNCONFIRMED: _l("The phone has not confirmed the SMS yet"),
    OtpSmsStatus.DELIVERED: _l("The SMS was delivered at %(time)s"),
    OtpSmsStatus.PHONE_OFF: _l("The phone is switched off or without signal"),
    OtpSmsStatus.NO_SUCH_NUMBER: _l("This mobile number does not exist"),
    OtpSmsStatus.FAILED: _l("The SMS could not be sent"),
}
_SENTENCES: dict[OtpSmsStatus, LazyString] = {
    OtpSmsStatus.MISSING: _l("Sending may be slow or failing just now, or the numbers are not right."),
    OtpSmsStatus.SLOW: _l("Sending is slow or fails. We keep trying."),
    OtpSmsStatus.FAILING: _l("Sending fails just now. We keep trying."),
    OtpSmsStatus.UNCONFIRMED: _l("It was sent at %(time)s. Is the phone on, and does it have signal?"),
    OtpSmsStatus.PHONE_OFF: _l("Switch it on, or go where there is signal."),
}


@dataclass(frozen=True, slots=True)
class OtpSmsProgress:
    """How a code's SMS stands, since when, and whether the page goes on asking by itself."""

    standing: OtpSmsStatus
    at: datetime
    is_asking: bool

    @property
    def heading(self) -> LazyString | str:
        """The news in a line; none while it is simply on its way."""
        return _HEADINGS[self.standing] % self._time if self.standing in _HEADINGS else ""

    @property
    def sentence(self) -> LazyString | str:
        """What there is to know beside."""
        return _SENTENCES[self.standing] % self._time if self.standing in _SENTENCES else ""

    @property
    def offers(self) -> bool:
        """Whether it is time for another way."""
        return self.standing not in (OtpSmsStatus.COMING, OtpSmsStatus.DELIVERED)

    @property
    def may_come_again(self) -> bool:
        """Whether another SMS to the same number helps."""
        return self.standing is not OtpSmsStatus.NO_SUCH_NUMBER

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.standing in FINAL

    @property
    def _time(self) -> dict[str, str]:
        return {"time": clock_time(self.at)}


def fate_of(otp: Otp | None, *, tells: bool) -> OtpSmsProgress | None:
    """How the SMS of a code stands. `tells`: whoever looks has proved that they may know of this very SMS; to
    anybody else it must not show whether one was sent at all."""
    at = clock.now()
    # Codes are kept for a while after their end, to be counted; there is nothing more to tell of them.
    if otp is None or otp.expires_at <= at:
        return None
    age = at - otp.created_at
    own = code_message(otp.message_id) if tells else None
    standing = standing_of(age, own, is_slow=is_sending_slow(at))
    since = own.settled_at if own and own.settled_at else otp.created_at
    return OtpSmsProgress(standing, since, age < ASKS_FOR and standing not in FINAL)


def code_page(page: str, fate: OtpSmsProgress | None, status: int = 200, **context: Any) -> Response:
    """The page; to one that is open already, and asks with what it has `seen`, only what is new about the SMS."""
    if request.method != "GET" or fate is None:
        return render(page, status=status, fate=fate, **context)
    if wants_fragment() and fate.is_asking and request.args.get("seen") == fate.standing:
        return current_app.response_class(status=204)
    return render(page, "codes/_fate.html", status=status, fate=fate, **context)
