"""The page that asks for an OTP, with the progress of its SMS: the same for every process that needs one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain.otp_delivery import FINAL, POLLS_FOR, OtpSmsStatus, sms_status_of
from wss.models import Otp
from wss.queries.deliveries import code_message, is_sending_slow
from wss.web.filters import clock_time
from wss.web.pages import render, wants_fragment

_HEADINGS: dict[OtpSmsStatus, LazyString] = {
    OtpSmsStatus.MISSING: _l("No SMS yet?"),
    OtpSmsStatus.SLOW: _l("SMS are arriving late at the moment"),
    OtpSmsStatus.FAILING: _l("The SMS has not been sent yet"),
    OtpSmsStatus.UNCONFIRMED: _l("The phone has not confirmed the SMS yet"),
    OtpSmsStatus.DELIVERED: _l("The SMS was delivered at %(time)s"),
    OtpSmsStatus.PHONE_OFF: _l("The phone is switched off or without signal"),
    OtpSmsStatus.NO_SUCH_NUMBER: _l("This mobile number does not exist"),
    OtpSmsStatus.FAILED: _l("The SMS could not be sent"),
}
_SENTENCES: dict[OtpSmsStatus, LazyString] = {
    OtpSmsStatus.MISSING: _l("SMS may be delayed, or the numbers you entered may be wrong. Check them."),
    OtpSmsStatus.SLOW: _l("SMS are delayed or failing. We are still trying."),
    OtpSmsStatus.FAILING: _l("SMS cannot be sent right now. We are still trying."),
    OtpSmsStatus.UNCONFIRMED: _l("It was sent at %(time)s. Is the phone on, and does it have signal?"),
    OtpSmsStatus.PHONE_OFF: _l("Switch it on, or go where there is signal."),
}


@dataclass(frozen=True, slots=True)
class OtpSmsProgress:
    """The progress of an OTP's SMS: status, since when, and whether the page continues to poll."""

    status: OtpSmsStatus
    at: datetime
    is_polling: bool

    @property
    def heading(self) -> LazyString | str:
        """Return the status in a line; empty while the SMS is simply on its way."""
        return _HEADINGS[self.status] % self._time if self.status in _HEADINGS else ""

    @property
    def sentence(self) -> LazyString | str:
        """Return more about the status; empty if there is nothing to add."""
        return _SENTENCES[self.status] % self._time if self.status in _SENTENCES else ""

    @property
    def has_alternatives(self) -> bool:
        """Return whether the page offers alternatives to the SMS."""
        return self.status not in (OtpSmsStatus.COMING, OtpSmsStatus.DELIVERED)

    @property
    def can_resend(self) -> bool:
        """Return whether another SMS to the same number helps."""
        return self.status is not OtpSmsStatus.NO_SUCH_NUMBER

    @property
    def is_final(self) -> bool:
        """Return whether the status is final."""
        return self.status in FINAL

    @property
    def _time(self) -> dict[str, str]:
        return {"time": clock_time(self.at)}


def sms_progress_of(otp: Otp | None, *, may_show: bool) -> OtpSmsProgress | None:
    """Return the progress of an OTP's SMS; None without a valid OTP.

    The flag says that the visitor has proved that they may know about this SMS; for any other visitor the result must
    not show whether one was sent at all.
    """
    at = clock.now()
    # Expired OTPs are kept for a while, to be counted; there is no progress to show for them.
    if otp is None or otp.expires_at <= at:
        return None
    age = at - otp.created_at
    own = code_message(otp.message_id) if may_show else None
    status = sms_status_of(age, own, is_slow=is_sending_slow(at))
    since = own.settled_at if own and own.settled_at else otp.created_at
    return OtpSmsProgress(status, since, age < POLLS_FOR and status not in FINAL)


def code_page(page: str, sms_progress: OtpSmsProgress | None, status: int = 200, **context: Any) -> Response:
    """Return the page; for an open page that polls with the status it has `seen`, only what is new about the SMS."""
    if request.method != "GET" or sms_progress is None:
        return render(page, status=status, sms_progress=sms_progress, **context)
    if wants_fragment() and sms_progress.is_polling and request.args.get("seen") == sms_progress.status:
        return current_app.response_class(status=204)
    return render(page, "codes/_sms_progress.html", status=status, sms_progress=sms_progress, **context)
