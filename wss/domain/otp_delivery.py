"""The delivery state of a code's SMS as shown on a page that asks for the code, and when alternatives are offered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wss.domain.delivery import DeliveryState

# Most SMS arrive within seconds. A page polls every 5 seconds: a state after this time is displayed within 30.
LATE_AFTER = timedelta(seconds=20)
# A page polls for so long; after that the visitor presses a button.
POLLS_FOR = timedelta(seconds=60)
# A notice may wait behind many others; if even the first of them is so late, no SMS are being sent.
NOTICES_LATE_AFTER = timedelta(minutes=2)
# These can be requested by any visitor who types another person's numbers, and are silently not sent for wrong ones:
# a waiting message would disclose which. They are no evidence of whether SMS are sent, so that a page does not
# disclose whether a connection exists.
REQUESTED_BY_VISITORS = frozenset(
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
    """The state of the SMS with a code, for the visitor who waits for it."""

    COMING = "coming"
    # There is no report on it, although it should have arrived.
    MISSING = "missing"
    # No SMS are being sent at the moment, to any receiver.
    SLOW = "slow"
    FAILING = "failing"
    UNCONFIRMED = "unconfirmed"
    DELIVERED = "delivered"
    PHONE_OFF = "phone_off"
    NO_SUCH_NUMBER = "no_such_number"
    FAILED = "failed"


# The states that do not change any more.
FINAL = frozenset(
    {OtpSmsStatus.DELIVERED, OtpSmsStatus.PHONE_OFF, OtpSmsStatus.NO_SUCH_NUMBER, OtpSmsStatus.FAILED}
)


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """The SMS of a code, as far as it has been processed."""

    state: str
    attempts: int
    reason: str
    settled_at: datetime | None


def sms_status_of(age: timedelta, own: CodeMessage | None, *, is_slow: bool) -> OtpSmsStatus:
    """Return the state of a code of this age.

    `own` is its SMS for visitors who may know of it, and None for all others: then only the age counts, and
    whether SMS are being sent at all.
    """
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
