"""Creation of a service request: number, promise, holder, disputed bills, first event, audit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wss.clock import local_date, now
from wss.db import run
from wss.domain.actor import Actor
from wss.domain.catalogue import RequestKind
from wss.domain.deadlines import TRACK_WHILE_OPEN
from wss.domain.errors import RuleBroken
from wss.domain.identifiers import complaint_no_from, grouped_complaint_no
from wss.domain.lifecycle import Status
from wss.domain.routing import Holder
from wss.queries import late_requests, service_requests, timelines
from wss.queries.reference import Reference
from wss.queries.service_requests import NEXT_NUMBERS
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.requests._clock import first_clock
from wss.services.requests._statistics import count_registered
from wss.services.requests.request_links import dispute_path
from wss.services.shared import links
from wss.services.shared.audit import record
from wss.services.shared.links import TRACK

REGISTER = "register"


class BillTaken(RuleBroken):
    """A bill is in another open request; the bill's page shows which one."""

    def __init__(self) -> None:
        super().__init__("bill_in_open_request")


class KindTaken(RuleBroken):
    """The consumer has a request of this kind at work for the connection, and a second one makes no sense."""

    def __init__(self) -> None:
        super().__init__("kind_at_work")


class ClaimTaken(RuleBroken):
    """What is owed for a late request has already been claimed."""

    def __init__(self) -> None:
        super().__init__("already_claimed")


class BillReplaced(RuleBroken):
    """A bill was revised since it was chosen: what counts is another bill now."""

    def __init__(self) -> None:
        super().__init__("bill_replaced")


@dataclass(frozen=True, slots=True)
class NewRequest:
    """Everything that a request begins with. `is_single`: none of its kind may be at work for the same consumer.
    `bills_in_force`: none of its bills may have been revised.

    `estimate`: what the disputed bills should be by the reading of the form, as stored.
    """

    form_token: str
    account_no: str
    office_code: str
    kind: RequestKind
    language: str
    fields: dict[str, Any]
    holder: Holder
    promised_on: date
    tables: Reference
    consumer_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    call_id: int | None = None
    contact_mobile: str | None = None
    is_single: bool = False
    bills_in_force: bool = False
    estimate: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RegisteredRequest:
    """A registered request with its number."""

    id: int
    complaint_no: str


def register_request(
    actor: Actor, new: NewRequest, recipient: Recipient, numbers: Sequence[int] = ()
) -> RegisteredRequest:
    """Register a request and notify its consumer of the number; `numbers` are those of NEXT_NUMBERS, if taken already.

    Raises BillReplaced when a bill has to be in force and is not, BillTaken when a bill is in an open request,
    KindTaken when a request of the kind is open already, and ClaimTaken for a second claim about a late request.
    """
    at = now()
    bills = timelines.disputable_bills(new.fields.get("bill_no") or [])
    if new.bills_in_force and any(bill.is_replaced for bill in bills):
        raise BillReplaced
    _check_single(new)
    request_id, counter = numbers or run(*NEXT_NUMBERS)
    registered = RegisteredRequest(request_id, complaint_no_from(counter))
    columns = _columns(new, registered)
    service_requests.add_request(columns)
    count_registered(columns)
    timelines.add_event(
        {
            "service_request_id": registered.id,
            "number": 1,
            "action": REGISTER,
            "status": Status.REGISTERED.value,
            "role": actor.role.value,
            "office_code": actor.office_code if new.call_id else None,
            "employee_id": actor.id if new.call_id else None,
            "remark": "",
            "details": _details(new),
            "at": at,
        }
    )
    record(actor, REGISTER, f"request:{registered.complaint_no}")
    _notify(registered, new, recipient)
    # The last, as all writes are executed together with it.
    if bills and timelines.dispute_bills(request_id, bills) < len(bills):
        raise BillTaken
    return registered


def _check_single(new: NewRequest) -> None:
    """Check what may be registered once for a connection; concurrent requests see each other here."""
    late_no = new.fields.get("late_complaint")
    if not new.is_single and not late_no:
        return
    service_requests.lock_requests_of(new.account_no)
    if new.is_single and service_requests.request_at_work(new.account_no, new.kind.code, new.consumer_id):
        raise KindTaken
    if late_no and late_requests.claim_about(new.account_no, late_no):
        raise ClaimTaken


def _notify(registered: RegisteredRequest, new: NewRequest, recipient: Recipient) -> None:
    """Send the number and the tracking link; for a request that was made on a call also the link to dispute it."""
    values = _values(new, registered.complaint_no)
    path = f"/t/{links.new_shown_code(TRACK, f'request:{registered.id}', TRACK_WHILE_OPEN)}"
    if new.call_id is None:
        notice, values["path"] = "request_registered", path
    else:
        notice, values["track_path"] = "request_registered_1912", path
        values["dispute_path"] = dispute_path(registered.id)
    queue_notice(notice, recipient, values, service_request=registered, event_number=1)


def notice_values(kind: RequestKind, complaint_no: str, language: str) -> dict[str, str]:
    """Return the values about a request that every notice about it needs."""
    return {
        "complaint_no": grouped_complaint_no(complaint_no),
        "kind": kind.name_hi if language == "hi" else kind.name,
        "is_request": "1" if kind.is_request else "",
    }


def promise(calendar: Any, kind: RequestKind) -> date:
    """Return the day by which a request of this kind, registered now, is to be settled."""
    day: date = calendar.promised_on(local_date(now()), kind.target_days)
    return day


def _values(new: NewRequest, complaint_no: str) -> dict[str, str]:
    return notice_values(new.kind, complaint_no, new.language) | {
        "account_no": new.account_no,
        "promised_on": f"{new.promised_on:%d-%m-%Y}",
    }


def _details(new: NewRequest) -> dict[str, Any]:
    """Return the details of the timeline's first event: the holder, and the vacant post that it replaces, if any."""
    details = {"to_office": new.holder.office_code, "to_role": new.holder.role.value, **new.details}
    if new.holder.instead_of:
        details["instead_of"] = new.holder.instead_of.value
    return details


def _columns(new: NewRequest, registered: RegisteredRequest) -> dict[str, Any]:
    at, ladder = now(), new.tables.ladder(new.kind.code, new.office_code)
    return {
        "id": registered.id,
        "complaint_no": registered.complaint_no,
        "form_token": new.form_token,
        "account_no": new.account_no,
        "consumer_id": new.consumer_id,
        "kind": new.kind.code,
        "channel": "web" if new.call_id is None else "1912",
        "call_id": new.call_id,
        "contact_mobile": new.contact_mobile,
        "language": new.language,
        "fields": new.fields,
        "estimate": new.estimate,
        "status": Status.REGISTERED.value,
        "frozen": False,
        "office_code": new.office_code,
        "holder_office_code": new.holder.office_code,
        "holder_role": new.holder.role.value,
        "escalation_level": 0,
        "reopened_times": 0,
        "registered_at": at,
        "promised_on": new.promised_on,
        "status_since": at,
        "version": 1,
        "news": 1,
        "triage_due": True,
        **first_clock(at, ladder, new.holder, new.tables.version),
    }
