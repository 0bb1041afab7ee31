"""What a page may say about the SMS with a code."""

from datetime import UTC, datetime, timedelta

import pytest

from wss.domain.delivery import DeliveryState
from wss.domain.otp_delivery import CodeMessage, OtpSmsStatus, sms_status_of

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
YOUNG, LATE = timedelta(seconds=19), timedelta(seconds=20)


def own(state: DeliveryState, attempts: int = 0, reason: str = "") -> CodeMessage:
    return CodeMessage(state, attempts, reason, AT)


@pytest.mark.parametrize(
    ("age", "is_slow", "expected"),
    [
        (YOUNG, False, OtpSmsStatus.COMING),
        (LATE, False, OtpSmsStatus.MISSING),
        (YOUNG, True, OtpSmsStatus.SLOW),
        (LATE, True, OtpSmsStatus.SLOW),
    ],
)
def test_without_the_sms_only_time_and_gateways_decide(age: timedelta, is_slow: bool, expected: OtpSmsStatus):
    assert sms_status_of(age, None, is_slow=is_slow) is expected
    assert sms_status_of(age, own(DeliveryState.WITHHELD), is_slow=is_slow) is expected


@pytest.mark.parametrize(
    ("message", "young", "late"),
    [
        (own(DeliveryState.WAITING), OtpSmsStatus.COMING, OtpSmsStatus.FAILING),
        (own(DeliveryState.SENDING), OtpSmsStatus.COMING, OtpSmsStatus.FAILING),
        (own(DeliveryState.WAITING, attempts=1), OtpSmsStatus.FAILING, OtpSmsStatus.FAILING),
        (own(DeliveryState.SENT, attempts=1), OtpSmsStatus.COMING, OtpSmsStatus.UNCONFIRMED),
        (own(DeliveryState.DELIVERED, attempts=1), OtpSmsStatus.DELIVERED, OtpSmsStatus.DELIVERED),
        (own(DeliveryState.PERMANENT_FAILURE), OtpSmsStatus.NO_SUCH_NUMBER, OtpSmsStatus.NO_SUCH_NUMBER),
        (
            own(DeliveryState.DEAD, reason=DeliveryState.TEMPORARY_FAILURE),
            OtpSmsStatus.PHONE_OFF,
            OtpSmsStatus.PHONE_OFF,
        ),
        (own(DeliveryState.DEAD, reason="refused"), OtpSmsStatus.FAILED, OtpSmsStatus.FAILED),
        (own(DeliveryState.EXPIRED), OtpSmsStatus.FAILED, OtpSmsStatus.FAILED),
    ],
)
def test_permitted_readers_see_the_status_of_the_sms(
    message: CodeMessage, young: OtpSmsStatus, late: OtpSmsStatus
):
    assert sms_status_of(YOUNG, message, is_slow=False) is young
    assert sms_status_of(LATE, message, is_slow=False) is late


def test_every_state_of_a_message_has_its_shown_status():
    for state in DeliveryState:
        assert sms_status_of(LATE, own(state), is_slow=False) in OtpSmsStatus
