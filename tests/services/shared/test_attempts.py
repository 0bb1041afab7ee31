"""Independent steps: each is tried, and their errors are raised at the end."""

import pytest

from wss.services.shared.attempts import FAILURES_IN_A_ROW, Attempts, attempt_all


def fail() -> None:
    raise OSError


def test_steps_after_a_failed_one_are_done_and_its_error_is_raised():
    done: list[int] = []

    with pytest.raises(OSError):
        attempt_all([fail, lambda: done.append(1)])

    assert done == [1]


def test_several_errors_are_raised_together():
    with pytest.raises(ExceptionGroup) as raised:
        attempt_all([fail, fail])

    assert len(raised.value.exceptions) == 2


def test_too_many_failures_in_a_row_end_the_round():
    attempts = Attempts()
    for _ in range(FAILURES_IN_A_ROW - 1):
        attempts.run(fail)

    with pytest.raises(ExceptionGroup):
        attempts.run(fail)
