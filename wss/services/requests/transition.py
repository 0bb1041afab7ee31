"""A transition of a request: checked, recorded, its documents stored, its consumer notified."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wss.clock import now
from wss.domain.actor import HANDLING_POSTS, Actor, Role
from wss.domain.catalogue import CLAIM
from wss.domain.deadlines import (
    CONFIRM_LINK_LIFE,
    TRACK_AFTER_END,
    TRACK_WHILE_OPEN,
)
from wss.domain.errors import Outdated
from wss.domain.identifiers import grouped_complaint_no
from wss.domain.lifecycle import (
    HANDLERS,
    OPEN,
    Action,
    Closing,
    Resolution,
    Status,
    after_refusal,
    apply_action,
)
from wss.domain.mis import AGAINST_PROPOSAL, is_in_time
from wss.domain.notices import ASKS_TO_CONFIRM
from wss.domain.suggestion.verdicts import SuggestionOutcome
from wss.domain.uploads import NothingStored, ReadyDocument
from wss.queries import timelines
from wss.queries.codes import end_tokens, set_token_expiry
from wss.queries.reference import reference
from wss.queries.revisions import void_abandoned
from wss.queries.service_requests import RequestRow, move_if
from wss.services.messages.notices import Recipient, alert_address, queue_notice
from wss.services.requests._approved_claims import grant_claim
from wss.services.requests._clock import clock_after
from wss.services.requests._columns import changes
from wss.services.requests._documents import keep_documents
from wss.services.requests._holder import days_stopped, due_of, holder_after, holder_columns, promise_after
from wss.services.requests._notice_dates import CLOSED, answer_values, closing_notice
from wss.services.requests._statistics import count_step
from wss.services.requests._successor import register_following
from wss.services.requests._transition_checks import as_counted, check_move, check_version
from wss.services.requests.creation import notice_values
from wss.services.requests.outcomes import RESOLVED, notice_of_outcome
from wss.services.requests.request_links import ANSWER, answer_path
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.services.shared import links
from wss.services.shared.audit import record
from wss.services.shared.links import TRACK

CONFIRM = "confirm"
ASK_TO_ANSWER = ("question", "question_reminder")
ESCALATED = "escalated"


def apply_transition(actor: Actor, seen: RequestRow, action_request: ActionRequest) -> ActionResult:
    """Apply one transition to a request that the actor may see, record it, and queue the notices."""
    at, action_request = now(), as_counted(seen, action_request)
    check_version(seen, action_request)
    step = apply_action(Status(seen.status), action_request.action, actor.role, action_request.remark)
    check_move(actor, seen, action_request, at)
    tables = reference(seen.reference_version)
    status = after_refusal(seen.reopened_times) if action_request.action is Action.REFUSE else step.to
    columns = changes(actor, seen, action_request, status) | promise_after(seen, status, tables)
    # A request closed by a third refusal keeps its holder: its successor goes one level up.
    held_by = holder_after(actor, seen, action_request, step, tables) if status is step.to else None
    columns |= holder_columns(seen, action_request.action, held_by)
    # A late run of the worker does not change when the next post's time began.
    begins = due_of(seen, tables) if action_request.action is Action.ESCALATE else None
    columns |= clock_after(seen, columns, tables, begins or at, at, action_request.action)
    if not move_if(seen.id, seen.version, columns):
        raise Outdated
    kept, refused = keep_documents(seen.id, seen.consumer_id, action_request.documents)
    if _needs_document(action_request) and not kept:
        raise NothingStored(refused)
    stopped = days_stopped(seen, status, tables)
    details = _details(seen, action_request, columns, kept, at) | _without_none({"stopped": stopped})
    if held_by is not None and held_by.instead_of is not None:
        details["instead_of"] = held_by.instead_of.value
    _record(actor, seen, action_request, columns, details, at)
    count_step(seen, columns, action_request.action, at, stopped, details.get("suggestion"))
    _free_or_take_bills(seen, status)
    if seen.status == Status.PROPOSED and status is Status.WITHDRAWN:
        void_abandoned(seen.account_no, None)
    _end_links(actor, seen, status)
    if _grants_claim(seen, action_request):
        grant_claim(actor, seen)
    following = _follow(actor, seen, columns)
    if step.notice and not action_request.quiet:
        _notify(seen, columns, step.notice if status is step.to else CLOSED, following)
    return ActionResult(status, seen.version + 1, following, kept, refused, action_request.action)


def _needs_document(action_request: ActionRequest) -> bool:
    """Return whether the action has no effect without a document."""
    is_answer = action_request.action is Action.ANSWER
    return action_request.action is Action.ADD_DOCUMENT or (is_answer and not action_request.remark.strip())


def _grants_claim(seen: RequestRow, action_request: ActionRequest) -> bool:
    is_claim = action_request.action is Action.APPROVE and seen.kind == CLAIM.code
    return is_claim and seen.resolution == Resolution.REVISED


def _follow(actor: Actor, seen: RequestRow, columns: dict[str, Any]) -> str | None:
    """After a third refusal, register the successor and return its number; else None."""
    if columns.get("closing") != Closing.DISPUTED:
        return None
    return register_following(actor, seen, reference(seen.reference_version), recipient_about(seen))


def _record(
    actor: Actor,
    seen: RequestRow,
    action_request: ActionRequest,
    columns: dict[str, Any],
    details: dict[str, Any],
    at: datetime,
) -> None:
    """Add the event of the timeline and the entry of the audit trail. An event's number is the version it leads to."""
    is_staff = actor.role not in (Role.CONSUMER, Role.SYSTEM)
    timelines.add_event(
        {
            "service_request_id": seen.id,
            "number": seen.version + 1,
            "action": action_request.action.value,
            "status": columns["status"],
            "role": actor.role.value,
            "office_code": actor.office_code or None,
            "employee_id": actor.id if is_staff else None,
            "remark": action_request.remark.strip(),
            "details": details,
            "at": at,
        }
    )
    record(actor, action_request.action.value, f"request:{seen.complaint_no}")


def _details(
    seen: RequestRow,
    action_request: ActionRequest,
    columns: dict[str, Any],
    kept: Sequence[ReadyDocument],
    at: datetime,
) -> dict[str, Any]:
    is_decided = action_request.action is Action.APPROVE
    details = {
        "documents": [each.id for each in kept] or None,
        "rating": action_request.rating if action_request.action is Action.RATE else None,
        "assignee": action_request.assignee_id if action_request.action is Action.ASSIGN else None,
        # The decider is the holder already.
        "to_office": None if is_decided else columns.get("holder_office_code"),
        "to_role": None if is_decided else columns.get("holder_role"),
        "resolution": action_request.resolution.value if action_request.resolution else None,
        "closing": columns.get("closing"),
        "call": action_request.call_id,
        # Stored with the event, as a request that is reopened gets a new promise.
        "in_time": is_in_time(seen.promised_on, at) if is_decided else None,
        "promised_on": seen.promised_on.isoformat() if is_decided else None,
        "suggestion": _suggestion(seen, action_request) or None,
    }
    return _without_none(details)


def _suggestion(seen: RequestRow, action_request: ActionRequest) -> str:
    """Return what the step makes of a suggestion; a step against a proposal says whether that was the suggestion."""
    if action_request.action in AGAINST_PROPOSAL:
        proposed = timelines.last_suggestion(seen.id)
        return proposed if proposed == SuggestionOutcome.TAKEN else ""
    return action_request.suggestion


def _without_none(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value is not None}


def _free_or_take_bills(seen: RequestRow, status: Status) -> None:
    """Release the bills of a request that ends, so that they can be disputed again; reopening takes them back."""
    if status not in OPEN and seen.status in OPEN:
        timelines.end_dispute(seen.id)
    if status in OPEN and seen.status not in OPEN:
        timelines.restore_dispute(seen.id)


def _end_links(actor: Actor, seen: RequestRow, status: Status) -> None:
    """Invalidate links: those to confirm with the end of the resolution, those to answer a question with the next
    step of an officer; the tracking link expires 90 days after the end of the request."""
    subject = f"request:{seen.id}"
    if actor.role in HANDLERS:
        end_tokens(ANSWER, subject, now())
    if seen.status == Status.RESOLVED and status is not Status.RESOLVED:
        end_tokens(CONFIRM, subject, now())
    if (status in OPEN) is not (seen.status in OPEN):
        life = TRACK_WHILE_OPEN if status in OPEN else TRACK_AFTER_END
        set_token_expiry(TRACK, subject, now() + life)


def recipient_about(seen: RequestRow) -> Recipient:
    """Return the recipient of the notices about a request."""
    recipient = timelines.recipient_of(seen.consumer_id, seen.account_no, seen.contact_mobile)
    return Recipient(
        recipient.language or seen.language,
        recipient.reached_by,
        alert_address(recipient),
        recipient.id,
    )


def _notify(seen: RequestRow, columns: dict[str, Any], notice: str, following: str | None) -> None:
    recipient, kind = recipient_about(seen), reference(seen.reference_version).kinds[seen.kind]
    values = notice_values(kind, seen.complaint_no, recipient.language)
    since = columns.get("status_since", seen.status_since)
    if notice == RESOLVED:
        notice, outcome = notice_of_outcome(seen.id, seen.resolution)
        values |= outcome
    if notice in ASKS_TO_CONFIRM:
        values["path"] = f"/confirm/{links.new_link(CONFIRM, f'request:{seen.id}', CONFIRM_LINK_LIFE)}"
    if notice in (*ASKS_TO_CONFIRM, *ASK_TO_ANSWER):
        values |= answer_values(Status(columns["status"]), since, seen.office_code)
    if notice == CLOSED:
        notice, reopening = closing_notice(columns.get("closing"), seen.reopened_times, since)
        values |= reopening
    if following is not None:
        values["new_no"] = grouped_complaint_no(following)
    if notice in ASK_TO_ANSWER:
        values["path"] = answer_path(seen.id)
    if notice == ESCALATED:
        post = HANDLING_POSTS[Role(columns["holder_role"])]
        # Without groups: with them and the longest post the SMS would vary in more of its text than it may.
        values |= {"post": post.sms_name_in(recipient.language), "complaint_no": seen.complaint_no}
    queue_notice(notice, recipient, values, service_request=seen, event_number=seen.version + 1)
