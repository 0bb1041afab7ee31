"""Moves a request along its life: checks the step, records it, tells the consumer; nobody overwrites anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.catalogue import CLAIM
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import (
    ANSWER_DAYS,
    CONFIRM_DAYS,
    OPEN,
    REOPEN_WITHIN,
    REOPENINGS_AT_MOST,
    Action,
    Closing,
    Resolution,
    Status,
    Step,
    after_refusal,
    apply_action,
)
from wss.queries import timelines
from wss.queries.reference import Reference, reference
from wss.queries.service_requests import RequestRow, move_if, visible_request
from wss.services.steps.audit import record
from wss.services.steps.claims import grant_claim
from wss.services.steps.following import register_following
from wss.services.steps.moving import holder_after, holder_columns, promise_after
from wss.services.steps.notices import Recipient, queue_notice
from wss.services.steps.registering import notice_values


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody wants done: the action with what it needs, and the version of the request that they saw."""

    action: Action
    remark: str = ""
    resolution: Resolution | None = None
    office_code: str | None = None
    assignee_id: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the request stands now, and the number of the new request that follows a third refusal."""

    status: Status
    version: int
    following: str | None = None


def take_action(actor: Actor, complaint_no: str, move: Move) -> Moved:
    """Move a request one step along its life cycle, record it, and queue the notices it calls for."""
    at = now()
    with transaction():
        seen = visible_request(actor, complaint_no, at)
        if move.version not in (None, seen.version):
            raise Outdated
        step = apply_action(Status(seen.status), move.action, actor.role, move.remark)
        _check(actor, seen, move, at)
        tables = reference(seen.reference_version)
        status = _status_after(seen, move, step)
        columns = _columns(actor, seen, move, status) | promise_after(seen, status, tables)
        columns |= holder_columns(holder_after(seen, move, step, tables))
        if not move_if(seen.id, seen.version, columns):
            raise Outdated
        _record(actor, seen, move, columns)
        _free_or_take_bills(seen, status)
        if (
            move.action is Action.APPROVE
            and seen.kind == CLAIM.code
            and seen.resolution == Resolution.REVISED
        ):
            grant_claim(actor, seen)
        recipient = _recipient(seen)
        following = None
        if columns.get("closing") == Closing.DISPUTED:
            following = register_following(actor, seen, tables, recipient)
        if step.notice:
            _tell(seen, step.notice if status is step.to else "closed", tables, recipient)
    return Moved(status, seen.version + 1, following)


def _check(actor: Actor, seen: RequestRow, move: Move, at: datetime) -> None:
    """What the table cannot know: two pairs of eyes, deadlines, a request that is frozen."""
    if seen.frozen and actor.role is not Role.SYSTEM:
        raise Forbidden("frozen")
    if move.action in (Action.APPROVE, Action.SEND_BACK) and actor.id == seen.proposed_by:
        raise Forbidden("own_proposal")
    if move.action is Action.PROPOSE and move.resolution is None:
        raise Forbidden("resolution_required")
    if move.action is Action.FORWARD and not move.office_code:
        raise Forbidden("office_required")
    if move.action is Action.ASSIGN and not move.assignee_id:
        raise Forbidden("assignee_required")
    if move.action is Action.REOPEN:
        _check_reopening(seen, at)
    silence = {Action.ANSWER_LAPSED: ANSWER_DAYS, Action.CONFIRM_LAPSED: CONFIRM_DAYS}.get(move.action)
    if silence is not None and at - seen.status_since < timedelta(days=silence):
        raise Forbidden("too_early")


def _check_reopening(seen: RequestRow, at: datetime) -> None:
    within = REOPEN_WITHIN.get(Closing(seen.closing)) if seen.closing else None
    if within is None or at - seen.status_since > within:
        raise Forbidden("reopening_too_late")
    if seen.reopened_times >= REOPENINGS_AT_MOST:
        raise Forbidden("reopened_too_often")


def _status_after(seen: RequestRow, move: Move, step: Step) -> Status:
    return after_refusal(seen.reopened_times) if move.action is Action.REFUSE else step.to


def _columns(actor: Actor, seen: RequestRow, move: Move, status: Status) -> dict[str, Any]:
    """Everything that a move changes, but for who holds the request then."""
    columns: dict[str, Any] = {"status": status.value}
    if status != seen.status:
        columns["status_since"] = now()
    if move.action is Action.TAKE_UP:
        columns["assignee_id"] = actor.id
    if move.action is Action.ASSIGN:
        columns["assignee_id"] = move.assignee_id
    if move.action is Action.PROPOSE and move.resolution:
        columns |= {"proposed_by": actor.id, "resolution": move.resolution.value}
    if move.action is Action.SEND_BACK:
        columns |= {"proposed_by": None, "resolution": None}
    if status is Status.REOPENED:
        columns |= {
            "proposed_by": None,
            "resolution": None,
            "closing": None,
            "reopened_times": seen.reopened_times + 1,
        }
    if status is Status.CLOSED and move.action in _CLOSINGS:
        columns["closing"] = _CLOSINGS[move.action].value
    if move.action is Action.ESCALATE:
        columns["escalation_level"] = seen.escalation_level + 1
    return columns


_CLOSINGS = {
    Action.CONFIRM: Closing.CONFIRMED,
    Action.CONFIRM_LAPSED: Closing.UNCONFIRMED,
    Action.REFUSE: Closing.DISPUTED,
}


def _record(actor: Actor, seen: RequestRow, move: Move, columns: dict[str, Any]) -> None:
    """Add the line of the timeline and of the audit trail. A line's number is the version it leads to."""
    is_staff = actor.role not in (Role.CONSUMER, Role.SYSTEM)
    timelines.add_event(
        {
            "service_request_id": seen.id,
            "number": seen.version + 1,
            "action": move.action.value,
            "status": columns["status"],
            "role": actor.role.value,
            "office_code": actor.office_code or None,
            "employee_id": actor.id if is_staff else None,
            "remark": move.remark.strip(),
            "details": _details(move, columns),
            "at": now(),
        }
    )
    record(actor, move.action.value, f"request:{seen.complaint_no}")


def _details(move: Move, columns: dict[str, Any]) -> dict[str, Any]:
    told = {
        "to_office": columns.get("holder_office_code"),
        "to_role": columns.get("holder_role"),
        "resolution": move.resolution.value if move.resolution else None,
        "closing": columns.get("closing"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _free_or_take_bills(seen: RequestRow, status: Status) -> None:
    """A bill can be disputed again once its request has ended, and goes back into one that is opened again."""
    if status not in OPEN and seen.status in OPEN:
        timelines.end_dispute(seen.id)
    if status in OPEN and seen.status not in OPEN:
        timelines.dispute_again(seen.id)


def _recipient(seen: RequestRow) -> Recipient:
    told = timelines.told_about(seen.consumer_id, seen.account_no)
    return Recipient(
        told.language or seen.language,
        told.mobile or told.mobile_on_record,
        told.email if told.email_alerts else None,
        told.id,
    )


def _tell(seen: RequestRow, notice: str, tables: Reference, recipient: Recipient) -> None:
    values = notice_values(tables.kinds[seen.kind], seen.complaint_no, recipient.language)
    queue_notice(notice, recipient, values, service_request=seen, event_number=seen.version + 1)
