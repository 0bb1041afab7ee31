"""When a duty of the worker is overdue, and what is said of its failures."""

from datetime import UTC, datetime, timedelta

from wss.domain.worker_duties import OVERDUE_AFTER, Duty, DutyState, error_name, has_never_run

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_a_duty_is_overdue_when_its_last_success_is_too_old_or_was_never():
    late = OVERDUE_AFTER[Duty.ESCALATE] + timedelta(seconds=1)

    assert DutyState(Duty.ESCALATE).is_overdue(AT)
    assert not DutyState(Duty.ESCALATE, AT - timedelta(minutes=2)).is_overdue(AT)
    assert DutyState(Duty.ESCALATE, AT - late, last_failure_at=AT).is_overdue(AT)


def test_a_duty_fails_until_its_next_success():
    before, after = AT - timedelta(minutes=1), AT + timedelta(minutes=1)

    assert DutyState(Duty.CLEAN_UP, last_failure_at=AT).is_failing
    assert DutyState(Duty.CLEAN_UP, before, AT).is_failing
    assert not DutyState(Duty.CLEAN_UP, after, AT).is_failing


def test_a_worker_has_run_once_one_duty_has_failed():
    assert has_never_run([DutyState(duty) for duty in Duty])
    assert not has_never_run([DutyState(Duty.CLEAN_UP, last_failure_at=AT), DutyState(Duty.ESCALATE)])


def test_an_error_is_named_by_its_kinds_without_its_text():
    group = ExceptionGroup("of 9876543210", [OSError("9876543210"), OSError(), ValueError("a name")])

    assert error_name(group) == "OSError, ValueError"
