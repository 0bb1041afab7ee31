"""The doctor's check of the worker: duties that fail or have not succeeded for too long."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from wss import schema
from wss.clock import now
from wss.db import reading
from wss.domain.worker_duties import DutyState, has_never_run
from wss.queries.worker_duties import duty_states

_START = "start `flask --app app outbox deliver`"


def worker_findings(parts: Any) -> Iterator[tuple[str, str]]:
    """Yield weight and text of each finding; a site that is being set up has no worker yet."""
    try:
        if not schema.is_current(parts.database):
            return
        with reading():
            states = duty_states()
    except SQLAlchemyError:
        # Reported by the check of the database.
        return
    at = now()
    if has_never_run(states):
        yield "warning", f"no worker has run yet: {_START}"
    elif all(state.is_overdue(at) for state in states):
        yield "error", f"no duty of the worker has succeeded of late: {_START}, or read its log"
    else:
        for state in states:
            if not state.has_run:
                # The former release's worker does not know a duty that an upgrade adds.
                yield (
                    "warning",
                    f"the duty {state.duty} has not run yet: restart the worker with this version",
                )
            elif state.is_failing or state.is_overdue(at):
                yield "error", _text(state)


def _text(state: DutyState) -> str:
    if state.is_failing:
        return f"the duty {state.duty} fails ({state.error}): the worker's log has the reason"
    since = f"{state.last_success_at:%d-%m-%Y %H:%M} UTC"
    return f"the duty {state.duty} has not succeeded since {since}: see docs/metrics.md"
