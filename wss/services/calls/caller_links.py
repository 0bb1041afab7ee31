"""Links that the help-desk sends to a caller, for actions that only consumers themselves may carry out."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain import identifiers
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden, Malformed
from wss.domain.lifecycle import BEFORE_RESOLVED
from wss.domain.otp import OtpRequester
from wss.domain.ownership import ACTIVATION_LIFE
from wss.domain.rate_limits import Limit
from wss.queries.calls import CallRow, is_mobile_of_staff
from wss.queries.codes import end_tokens
from wss.queries.reference import reference
from wss.services.calls._call import (
    CallSubject,
    call_subject,
    lock_open_call,
    lock_verified_call,
    request_of_call,
)
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.requests.creation import notice_values
from wss.services.requests.request_links import documents_path
from wss.services.requests.transition import recipient_about
from wss.services.shared import links, rate_limits
from wss.services.shared.audit import record
from wss.services.shared.sms_budget import consume_budget, count_code_request

REGISTER = "register"


class LinkOutcome(StrEnum):
    """The outcome of sending a link."""

    SENT = "sent"
    NO_MOBILE = "no_mobile"
    ALREADY_REGISTERED = "already_registered"
    NOT_REGISTERED = "not_registered"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class LinkResult:
    """The outcome; when sent too often, the seconds to wait."""

    outcome: LinkOutcome
    retry_after: int = 0


def send_link(actor: Actor, call_id: int) -> LinkResult:
    """Send the address of the registration, as the memorandum of 2022 orders: to the mobile on record, or to the
    caller's own number once that is proved."""
    with transaction():
        call = lock_open_call(actor, call_id)
        about = call_subject(call)
        if about.owner is not None:
            return LinkResult(LinkOutcome.ALREADY_REGISTERED)
        return _send(actor, call, about, "registration_link", {})


def send_link_to_caller(actor: Actor, call_id: int, caller_mobile: str) -> LinkResult:
    """Send the address of the registration to the caller's own number, for any caller: it reveals and unlocks
    nothing. Where the connection is registered, send the address at which its consumer changes their number.
    The caller's number is not stored. Raises Malformed for text that is no mobile number, and for the
    employee's own.
    """
    mobile = identifiers.mobile(caller_mobile)
    with transaction():
        call = lock_open_call(actor, call_id)
        if is_mobile_of_staff(actor.id, mobile):
            raise Malformed("mobile_of_employee")
        is_registered = call.account_no is not None and call_subject(call).owner is not None
        notice = "mobile_change_link" if is_registered else "registration_link"
        refused = _too_often(actor, notice, mobile)
        if refused is not None:
            return refused
        queue_notice(notice, Recipient(call.language, mobile), {})
        record(actor, notice, f"call:{call.id}", call=call.id)
        return LinkResult(LinkOutcome.SENT)


def register_consumer(actor: Actor, call_id: int) -> LinkResult:
    """Begin a registration that the consumer continues only by the link: mobile, password and terms are theirs."""
    with transaction():
        call = lock_verified_call(actor, call_id)
        about = call_subject(call)
        if about.owner is not None:
            return LinkResult(LinkOutcome.ALREADY_REGISTERED)
        subject = f"connection:{about.connection.account_no}"
        refused = _refuse(actor, call, about, "register_link")
        if refused is not None:
            return refused
        end_tokens(REGISTER, subject, now())
        token = links.new_link(REGISTER, subject, ACTIVATION_LIFE)
        return _send_now(actor, call, about, "register_link", {"path": f"/activate/{token}"})


def start_mobile_change(actor: Actor, call_id: int) -> LinkResult:
    """Send the address at which consumers change their own number; the help-desk cannot change it."""
    with transaction():
        call = lock_verified_call(actor, call_id)
        about = call_subject(call)
        if about.owner is None:
            return LinkResult(LinkOutcome.NOT_REGISTERED)
        return _send(actor, call, about, "mobile_change_link", {})


def send_documents_link(actor: Actor, call_id: int, complaint_no: str) -> LinkResult:
    """Send the link for uploading documents to a request of the connection, valid until it is decided."""
    with transaction():
        call = lock_verified_call(actor, call_id)
        seen = request_of_call(call, complaint_no)
        if seen.status not in BEFORE_RESOLVED:
            raise Forbidden("step_not_allowed")
        to = recipient_about(seen)
        if to.mobile is None:
            return LinkResult(LinkOutcome.NO_MOBILE)
        refused = _too_often(actor, "documents_link", to.mobile)
        if refused is not None:
            return refused
        kind = reference(seen.reference_version).kinds[seen.kind]
        values = notice_values(kind, seen.complaint_no, to.language) | {"path": documents_path(seen.id)}
        queue_notice("documents_link", to, values, service_request=seen)
        record(actor, "documents_link", f"request:{seen.complaint_no}", call=call.id)
        return LinkResult(LinkOutcome.SENT)


def _mobile(call: CallRow, about: CallSubject) -> str | None:
    """Return the number for links: the consumer's, else the caller's own, proved on this call."""
    return about.mobile or call.own_mobile


def _send(actor: Actor, call: CallRow, about: CallSubject, notice: str, values: dict[str, str]) -> LinkResult:
    return _refuse(actor, call, about, notice) or _send_now(actor, call, about, notice, values)


def _refuse(actor: Actor, call: CallRow, about: CallSubject, notice: str) -> LinkResult | None:
    mobile = _mobile(call, about)
    return LinkResult(LinkOutcome.NO_MOBILE) if mobile is None else _too_often(actor, notice, mobile)


def _too_often(actor: Actor, notice: str, mobile: str) -> LinkResult | None:
    """Count a link for this mobile, per kind of link and over all links of calls, so that no one's phone can be
    flooded with SMS; return the refusal, if any. What strangers have sent from their browsers does not count
    here."""
    counts = (Limit.CALL_LINK, f"{notice} {mobile}"), (Limit.CALL_LINK_DAY, mobile)
    limit_result = rate_limits.consume_all(counts)
    if not limit_result.allowed:
        return LinkResult(LinkOutcome.TOO_OFTEN, limit_result.retry_after)
    asker = OtpRequester(f"employee {actor.id}", employee=actor.id)
    counted = count_code_request(asker)
    refused = consume_budget(asker, mobile).refused if counted.ok else counted
    if refused is None:
        return None
    rate_limits.give_all_back(counts)
    return LinkResult(LinkOutcome.TOO_OFTEN, refused.retry_after)


def _send_now(
    actor: Actor, call: CallRow, about: CallSubject, notice: str, values: dict[str, str]
) -> LinkResult:
    queue_notice(notice, about.recipient(call, _mobile(call, about)), values)
    record(actor, notice, f"connection:{about.connection.account_no}", call=call.id)
    return LinkResult(LinkOutcome.SENT)
