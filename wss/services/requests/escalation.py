"""Escalation of requests that were not settled in time; each request is escalated once, however many workers run.

A request that is due for several levels, after an outage or by stricter rules, goes to the level where it would be
now, with an event on its timeline for each. Its consumer gets one message; a consumer with several requests gets
one per hour, as each timeline shows the rest. These messages are sent after those that people wait for.
"""

from datetime import timedelta

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM, Role
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.escalation import EscalationClock
from wss.domain.lifecycle import Action
from wss.queries import escalations
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests._clock import clock_of
from wss.services.requests.transition import ESCALATED, apply_transition
from wss.services.requests.transition_types import ActionRequest
from wss.services.shared.attempts import Attempts

BATCH = 100
RULES_BATCH = 500
# The amount of work in one round, so that messages need not wait for it.
ROUND = 500
NOTICES_APART = timedelta(hours=1)


def escalate_due(at_most: int | None = None) -> int:
    """Escalate the requests that are due, up to a limit; return how many were escalated."""
    attempts, moved, last = Attempts(), 0, None
    attempts.run(recalculate_clocks)
    while at_most is None or moved < at_most:
        with reading():
            batch = escalations.due_by(now(), BATCH, last)
        if not batch:
            break
        moved += sum(attempts.run(_escalate, each) or 0 for each in batch)
        last = batch[-1]
    attempts.finish()
    return moved


def recalculate_clocks() -> int:
    """Recalculate the escalation time of requests calculated by older reference tables; return how many."""
    done = 0
    while True:
        with transaction():
            tables = reference()
            batch = escalations.by_older_rules(tables.version, RULES_BATCH)
            if not batch:
                return done
            escalations.set_due(
                [
                    {
                        "of": each.id,
                        "seen": each.version,
                        "rules": tables.version,
                        "at": tables.ladder(each.kind, each.office_code).due_at(
                            Role(each.holder_role), EscalationClock(each.clock_from, each.clock_used_s)
                        ),
                    }
                    for each in batch
                ]
            )
        done += len(batch)


def _escalate(due: escalations.DueEscalation) -> bool:
    """Escalate a request as far as it is due; False when another worker was first, or the rules have changed."""
    try:
        with transaction():
            seen = visible_request(SYSTEM, due.complaint_no, now())
            if seen.version != due.version:
                return False
            levels = _levels_due(seen)
            was_notified = levels > 0 and _was_notified_recently(seen)
            for number in range(1, levels + 1):
                quiet = was_notified or number < levels
                apply_transition(
                    SYSTEM, seen, ActionRequest(Action.ESCALATE, version=seen.version, quiet=quiet)
                )
                seen = visible_request(SYSTEM, due.complaint_no, now())
    except (Forbidden, NotFound, Outdated):
        return False
    return levels > 0


def _levels_due(seen: RequestRow) -> int:
    ladder = reference(seen.reference_version).ladder(seen.kind, seen.office_code)
    return len(list(ladder.due_steps(Role(seen.holder_role), clock_of(seen), now())))


def _was_notified_recently(seen: RequestRow) -> bool:
    if seen.consumer_id is None:
        return False
    return escalations.is_notified_since(seen.consumer_id, ESCALATED, now() - NOTICES_APART)
