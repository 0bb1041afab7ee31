"""The holder after a transition: the post that decides, one level up, another office, or unchanged."""

from datetime import datetime
from typing import Any

from wss.clock import local_date, now
from wss.domain.actor import Actor, Role
from wss.domain.approval import desk_that_decided, desk_to_decide, post_to_decide
from wss.domain.errors import Forbidden
from wss.domain.escalation import clock_runs
from wss.domain.lifecycle import ENDS_PROPOSAL, Action, Status, Transition
from wss.domain.routing import Holder, next_above
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow
from wss.services.requests._clock import clock_of
from wss.services.requests.forwarding import forwarded_to
from wss.services.requests.transition_types import ActionRequest


def holder_after(
    actor: Actor, seen: RequestRow, change: ActionRequest, step: Transition, tables: Reference
) -> Holder | None:
    """Return the new holder, or None where the holder stays the same.

    The post that decides holds what is proposed, and what it has decided: a refusal then goes above that post.
    """
    if change.action is Action.PROPOSE:
        role = post_to_decide(change.change_paise, tables.limits, actor.role, Role(seen.holder_role))
        return desk_to_decide(Role.EE if change.sampled else role, tables.chain(seen.office_code))
    if change.action is Action.SAMPLE:
        return desk_to_decide(Role.EE, tables.chain(seen.office_code))
    if change.action is Action.APPROVE:
        held_by = Holder(seen.holder_office_code, Role(seen.holder_role))
        return desk_that_decided(Holder(actor.office_code, actor.role), held_by)
    if change.action in ENDS_PROPOSAL and seen.returns_to_office and seen.returns_to_role:
        return Holder(seen.returns_to_office, Role(seen.returns_to_role))
    if change.action is Action.ESCALATE:
        return _escalated(seen, tables)
    if change.action is Action.FORWARD and change.office_code:
        return forwarded_to(actor, seen, change.office_code, tables)
    if step.one_level_up:
        return one_level_up(seen, tables)
    return None


def one_level_up(seen: RequestRow, tables: Reference) -> Holder | None:
    """Return the next senior post; None at the top."""
    at = Holder(seen.holder_office_code, Role(seen.holder_role))
    return next_above(at, tables.chain(seen.holder_office_code))


def due_of(seen: RequestRow, tables: Reference) -> datetime | None:
    """Return when a request is escalated by the present rules; None while its clock is stopped."""
    if not clock_runs(Status(seen.status), frozen=seen.frozen):
        return None
    return tables.ladder(seen.kind, seen.office_code).due_at(Role(seen.holder_role), clock_of(seen))


def holder_columns(seen: RequestRow, action: Action, held_by: Holder | None) -> dict[str, Any]:
    """Return the columns that change with the holder: the assignment ends, or goes back to the maker of a proposal."""
    if held_by is None:
        return {}
    is_proposal = action is Action.PROPOSE
    columns = {
        "holder_office_code": held_by.office_code,
        "holder_role": held_by.role.value,
        "assignee_id": seen.proposed_by if action in ENDS_PROPOSAL else None,
    }
    if action is Action.SAMPLE:
        # If it is sent back, it still returns to its maker's office.
        return columns
    return columns | {
        "returns_to_office": seen.holder_office_code if is_proposal else None,
        "returns_to_role": seen.holder_role if is_proposal else None,
    }


def promise_after(seen: RequestRow, status: Status, tables: Reference) -> dict[str, Any]:
    """Return the changed promise, if any: waiting for the consumer does not count, reopening makes a new one."""
    today, kind = local_date(now()), tables.kinds.get(seen.kind)
    if status is Status.REOPENED and seen.status != Status.REOPENED and kind is not None:
        return {"promised_on": tables.calendar.promised_on(today, kind.target_days)}
    stopped = days_stopped(seen, status, tables)
    return {} if stopped is None else {"promised_on": tables.calendar.working_day(seen.promised_on, stopped)}


def days_stopped(seen: RequestRow, status: Status, tables: Reference) -> int | None:
    """Return for how many working days a question stopped the clock that ends with this step; None without one."""
    if seen.status != Status.INFO_REQUESTED or status is Status.INFO_REQUESTED:
        return None
    return tables.calendar.working_days_between(local_date(seen.status_since), local_date(now()))


def _escalated(seen: RequestRow, tables: Reference) -> Holder:
    """Return the next holder by the escalation table; raises Forbidden before the request is due."""
    step = tables.ladder(seen.kind, seen.office_code).above(Role(seen.holder_role))
    due_at = due_of(seen, tables)
    if step is None or due_at is None or due_at > now():
        raise Forbidden("too_early")
    return step.holder
