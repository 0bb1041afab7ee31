"""What is told of the SMS with a code: what may be known, and no more."""

from datetime import UTC, datetime, timedelta

import pytest

from wss.domain.delivery import State
from wss.domain.otp_delivery import CodeMessage, Standing, standing_of

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
YOUNG, LATE = timedelta(seconds=19), timedelta(seconds=20)


def own(state: State, attempts: int = 0, reason: str = "") -> CodeMessage:
    return CodeMessage(state, attempts, reason, AT)


@pytest.mark.parametrize(
    ("age", "is_slow", "expected"),
    [
        (YOUNG, False, Standing.COMING),
        (LATE, False, Standing.MISSING),
        (YOUNG, True, Standing.SLOW),
        (LATE, True, Standing.SLOW),
    ],
)
def test_without_knowing_of_the_sms_only_the_clock_and_the_gateways_tell(
    age: timedelta, is_slow: bool, expected: Standing
):
    assert standing_of(age, None, is_slow=is_slow) is expected
    assert standing_of(age, own(State.WITHHELD), is_slow=is_slow) is expected


@pytest.mark.parametrize(
    ("message", "young", "late"),
    [
        (own(State.WAITING), Standing.COMING, Standing.FAILING),
        (own(State.SENDING), Standing.COMING, Standing.FAILING),
        (own(State.WAITING, attempts=1), Standing.FAILING, Standing.FAILING),
        (own(State.SENT, attempts=1), Standing.COMING, Standing.UNCONFIRMED),
        (own(State.DELIVERED, attempts=1), Standing.DELIVERED, Standing.DELIVERED),
        (own(State.PERMANENT_FAILURE), Standing.NO_SUCH_NUMBER, Standing.NO_SUCH_NUMBER),
        (own(State.DEAD, reason=State.TEMPORARY_FAILURE), Standing.PHONE_OFF, Standing.PHONE_OFF),
        (own(State.DEAD, reason="refused"), Standing.FAILED, Standing.FAILED),
        (own(State.EXPIRED), Standing.FAILED, Standing.FAILED),
    ],
)
def test_who_may_know_of_the_sms_reads_how_it_stands(message: CodeMessage, young: Standing, late: Standing):
    assert standing_of(YOUNG, message, is_slow=False) is young
    assert standing_of(LATE, message, is_slow=False) is late


def test_every_state_of_a_message_has_its_standing():
    for state in State:
        assert standing_of(LATE, own(state), is_slow=False) in Standing
