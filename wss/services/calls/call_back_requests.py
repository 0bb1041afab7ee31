"""Requests of a consumer for a call by 1912: asked for and cancelled by the consumer who is logged in."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.call_backs import CODE_DIGITS, REASONS, CallBackOutcome, CallBackTerms
from wss.domain.calls import CallReason
from wss.domain.errors import Forbidden, NotFound
from wss.domain.rate_limits import Limit
from wss.queries import call_backs
from wss.queries.connections import visible_connection
from wss.queries.consumers import locked_active_consumer
from wss.queries.service_requests import visible_request
from wss.services.shared import rate_limits
from wss.services.shared.audit import record


class CallBackRequestOutcome(StrEnum):
    """The outcome of asking for a call."""

    ASKED = "asked"
    # There was an open request already: it stays as it is.
    ALREADY = "already"
    NO_MOBILE = "no_mobile"
    TOO_OFTEN = "too_often"
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True, slots=True)
class CallBackRequestResult:
    """The outcome; when refused by a rate limit, the seconds to wait."""

    outcome: CallBackRequestOutcome
    retry_after: int = 0


def ask_call_about_request(actor: Actor, complaint_no: str, terms: CallBackTerms) -> CallBackRequestResult:
    """Ask for a call about one of the consumer's requests. Raises NotFound for any other request."""
    with transaction():
        own = visible_request(actor, complaint_no, now())
        return _ask(actor, own.account_no, own.complaint_no, CallReason.STATUS, terms)


def ask_call(actor: Actor, account_no: str, reason: str, terms: CallBackTerms) -> CallBackRequestResult:
    """Ask for a call about one of the consumer's connections. Raises NotFound for any other connection, and
    Forbidden without a reason."""
    if reason not in frozenset(REASONS):
        raise Forbidden("reason_required")
    with transaction():
        own = visible_connection(actor, account_no, now())
        return _ask(actor, own.account_no, None, CallReason(reason), terms)


def cancel_call(actor: Actor) -> bool:
    """Cancel the consumer's request for a call; return whether there was one."""
    if actor.consumer_id is None:
        raise NotFound
    with transaction():
        is_cancelled = call_backs.end_call_back_of(actor.consumer_id, CallBackOutcome.CANCELLED, now()) == 1
        if is_cancelled:
            record(actor, "call_back_cancelled", f"consumer:{actor.id}")
        return is_cancelled


def _ask(
    actor: Actor, account_no: str, complaint_no: str | None, reason: CallReason, terms: CallBackTerms
) -> CallBackRequestResult:
    """Store the request; of two at the same moment the second finds that there is one."""
    owner = locked_active_consumer(actor.consumer_id or 0)
    if owner is None:
        raise NotFound
    if not terms.is_offered:
        return CallBackRequestResult(CallBackRequestOutcome.NOT_OFFERED)
    if owner.mobile is None:
        return CallBackRequestResult(CallBackRequestOutcome.NO_MOBILE)
    at = now()
    call_backs.end_expired_call_backs(at)
    latest = call_backs.latest_call_back(owner.id, at)
    if latest is not None and latest.is_open:
        return CallBackRequestResult(CallBackRequestOutcome.ALREADY)
    return _add(
        actor,
        owner.mobile,
        {
            "consumer_id": owner.id,
            "account_no": account_no,
            "complaint_no": complaint_no,
            "call_reason": reason.value,
            "code": f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
            "asked_at": at,
            "expires_at": terms.expires_at(at),
            "due_at": at,
            "attempts": 0,
        },
    )


def _add(actor: Actor, mobile: str, columns: dict[str, Any]) -> CallBackRequestResult:
    """Store a request within the limits of its consumer and of the mobile that will ring."""
    subject = f"consumer:{columns['consumer_id']}"
    counts = ((Limit.CALL_BACK, subject), (Limit.CALL_BACK_MOBILE, mobile))
    limit_result = rate_limits.consume_all(counts)
    if not limit_result.allowed:
        return CallBackRequestResult(CallBackRequestOutcome.TOO_OFTEN, limit_result.retry_after)
    if call_backs.add_call_back(columns) != 1:
        rate_limits.give_all_back(counts)
        return CallBackRequestResult(CallBackRequestOutcome.ALREADY)
    record(actor, "call_back_asked", subject)
    return CallBackRequestResult(CallBackRequestOutcome.ASKED)
