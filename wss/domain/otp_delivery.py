"""What a page that asks for a code tells of its SMS: how it stands, and from when on the other ways are offered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wss.domain.delivery import DeliveryState

# Most SMS arrive within seconds. A page looks each 5 seconds: what is told from here on is read within 30.
LATE_AFTER = timedelta(seconds=20)
# So long a page asks by itself; afterwards whoever still waits presses.
ASKS_FOR = timedelta(seconds=60)
# A notice may wait behind many others; when even the first of them is so late, nothing goes out.
NOTICES_LATE_AFTER = timedelta(minutes=2)
# Whoever types somebody's numbers has these sent, or, unseen, not: whether one waits would tell which. They are no
# evidence of whether SMS go out, so that a page cannot tell a connection from none.
ASKED_BY_STRANGERS = frozenset(
    {
        "registration_otp",
        "already_registered",
        "sign_in_otp",
        "password_otp",
        "user_name",
        "new_mobile_otp",
        "old_mobile_otp",
        "phone_link",
    }
)


class OtpSmsStatus(StrEnum):
    """How the SMS with a code stands, for whoever waits for it."""

    COMING = "coming"
    # Nothing is told of it, and it should have come.
    MISSING = "missing"
    # No SMS go out just now, whoever they are for.
    SLOW = "slow"
    FAILING = "failing"
    UNCONFIRMED = "unconfirmed"
    DELIVERED = "delivered"
    PHONE_OFF = "phone_off"
    NO_SUCH_NUMBER = "no_such_number"
    FAILED = "failed"


# Nothing more happens to it.
FINAL = frozenset(
    {OtpSmsStatus.DELIVERED, OtpSmsStatus.PHONE_OFF, OtpSmsStatus.NO_SUCH_NUMBER, OtpSmsStatus.FAILED}
)


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """The SMS of a code, as far as it has come."""

    state: str
    attempts: int
    reason: str
    settled_at: datetime | None


def standing_of(age: timedelta, own: CodeMessage | None, *, is_slow: bool) -> OtpSmsStatus:
    """How a code of this age stands. `own` is its SMS for who may know of it, and None for everybody else: then only
    the clock tells, and whether SMS go out at all."""
    is_late = age >= LATE_AFTER
    if own is None or own.state == DeliveryState.WITHHELD:
        return OtpSmsStatus.SLOW if is_slow else OtpSmsStatus.MISSING if is_late else OtpSmsStatus.COMING
    if own.state in _SETTLED:
        return _SETTLED[DeliveryState(own.state)]
    if own.state == DeliveryState.DEAD:
        return (
            OtpSmsStatus.PHONE_OFF if own.reason == DeliveryState.TEMPORARY_FAILURE else OtpSmsStatus.FAILED
        )
    if own.state == DeliveryState.SENT:
        return OtpSmsStatus.UNCONFIRMED if is_late else OtpSmsStatus.COMING
    if own.attempts or is_late:
        return OtpSmsStatus.FAILING
    return OtpSmsStatus.SLOW if is_slow else OtpSmsStatus.COMING


_SETTLED = {
    DeliveryState.DELIVERED: OtpSmsStatus.DELIVERED,
    DeliveryState.PERMANENT_FAILURE: OtpSmsStatus.NO_SUCH_NUMBER,
    DeliveryState.TEMPORARY_FAILURE: OtpSmsStatus.PHONE_OFF,
    DeliveryState.EXPIRED: OtpSmsStatus.FAILED,
}
