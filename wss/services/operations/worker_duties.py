"""Runs the duties of the worker: a failure ends none of the others, and each success and failure is stored."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from wss.clock import now
from wss.db import transaction
from wss.domain.worker_duties import LONGEST_ERROR, Duty, DutyState, error_name
from wss.logs.outages import note_failure, note_success
from wss.queries.worker_duties import add_duty_runs

# Some duties run twice a second: their runs are added up and written together.
WRITE_EVERY_S = 15.0
log = logging.getLogger(__name__)
Result = TypeVar("Result")


class DutyRunner:
    """Runs duties for one process, from several threads; keeps the runs that are not written yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._unwritten: dict[Duty, DutyState] = {}
        # When the runs of a duty were last written, and whether the last of them had failed.
        self._written: dict[Duty, tuple[float, bool]] = {}

    def run(self, duty: Duty, task: Callable[[], Result]) -> Result:
        """Run a duty, store how it went, and return its result or raise its error."""
        started = monotonic()
        try:
            result = task()
        except Exception as error:
            self._note(duty, monotonic() - started, error)
            raise
        self._note(duty, monotonic() - started, None)
        return result

    def run_all(self, tasks: Mapping[Duty, Callable[[], object]]) -> dict[Duty, Exception]:
        """Run duties one after the other, whichever of them fail; return the errors.

        The log has a line when a duty begins to fail and when it succeeds again, not one for each round.
        """
        errors: dict[Duty, Exception] = {}
        for duty, task in tasks.items():
            try:
                self.run(duty, task)
            except Exception as error:
                errors[duty] = error
                note_failure(log, f"the duty {duty}", error)
            else:
                note_success(log, f"the duty {duty}")
        return errors

    def flush(self) -> None:
        """Write what is not written yet: the process ends."""
        with self._lock:
            unwritten, self._unwritten = self._unwritten, {}
        for runs in unwritten.values():
            self._write(runs)

    def _note(self, duty: Duty, seconds: float, error: Exception | None) -> None:
        with self._lock:
            runs = _with_run(self._unwritten.get(duty, DutyState(duty)), seconds, error)
            written_at, has_failed = self._written.get(duty, (float("-inf"), False))
            if monotonic() - written_at < WRITE_EVERY_S and has_failed == bool(error):
                self._unwritten[duty] = runs
                return
            self._unwritten.pop(duty, None)
            self._written[duty] = monotonic(), bool(error)
        self._write(runs)

    def _write(self, runs: DutyState) -> None:
        try:
            with transaction():
                add_duty_runs(runs)
        except SQLAlchemyError as failed:
            # An outage of the database, which the duties themselves report: written with a later run.
            log.debug("the runs of the duty %s were not written: %s", runs.duty, error_name(failed))
            with self._lock:
                self._unwritten[runs.duty] = _together(runs, self._unwritten.get(runs.duty))


def _with_run(runs: DutyState, seconds: float, error: Exception | None) -> DutyState:
    longest = max(runs.milliseconds, round(seconds * 1000))
    if error is None:
        return replace(runs, last_success_at=now(), successes=runs.successes + 1, milliseconds=longest)
    kind = error_name(error)[:LONGEST_ERROR]
    return replace(runs, last_failure_at=now(), failures=runs.failures + 1, milliseconds=longest, error=kind)


def _together(earlier: DutyState, later: DutyState | None) -> DutyState:
    """Return the runs of both."""
    if later is None:
        return earlier
    return DutyState(
        earlier.duty,
        later.last_success_at or earlier.last_success_at,
        later.last_failure_at or earlier.last_failure_at,
        later.error or earlier.error,
        max(earlier.milliseconds, later.milliseconds),
        earlier.successes + later.successes,
        earlier.failures + later.failures,
    )
