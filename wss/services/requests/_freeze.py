"""Freezing of a request whose registration is disputed: no transitions and no clock until a supervisor decides."""

from typing import Any

from wss.clock import now
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import FREEZE, OPEN, UNFREEZE, Status
from wss.queries import timelines
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, move_if
from wss.services.requests._clock import clock_after
from wss.services.shared.audit import record


def set_frozen(actor: Actor, seen: RequestRow, frozen: bool, remark: str = "") -> None:
    """Freeze or unfreeze an open request; the caller checks the permission. Both add an event to the timeline."""
    if seen.frozen is frozen or seen.status not in OPEN:
        raise Forbidden("step_not_allowed")
    at = now()
    columns: dict[str, Any] = {"frozen": frozen}
    if not frozen and seen.status == Status.RESOLVED:
        # No answer was possible while it was frozen: the days of silence restart, with their reminders.
        columns["status_since"] = at
    columns |= clock_after(seen, columns, reference(seen.reference_version), at, at)
    if not move_if(seen.id, seen.version, columns):
        raise Outdated
    is_staff = actor.role not in (Role.CONSUMER, Role.SYSTEM)
    timelines.add_event(
        {
            "service_request_id": seen.id,
            "number": seen.version + 1,
            "action": FREEZE if frozen else UNFREEZE,
            "status": seen.status,
            "role": actor.role.value,
            "office_code": actor.office_code or None,
            "employee_id": actor.id if is_staff else None,
            "remark": remark.strip(),
            "details": {},
            "at": at,
        }
    )
    record(actor, FREEZE if frozen else UNFREEZE, f"request:{seen.complaint_no}")
