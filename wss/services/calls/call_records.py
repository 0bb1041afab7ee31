"""The records of calls: a reason and exactly one number open a call, which is recorded and later ended."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.calls import (
    CHOICES_AT_MOST,
    HELPDESK_ROLES,
    CallOutcome,
    CallReason,
    SearchKind,
    key_kinds,
)
from wss.domain.errors import Forbidden, NotFound
from wss.domain.rate_limits import Limit
from wss.queries.call_backs import release_call_backs
from wss.queries.call_keys import ConnectionMatch, connections_by_number
from wss.queries.calls import locked_call, update_call
from wss.services.calls._call import lock_open_call
from wss.services.calls._opening import alarm, begin_call, open_record
from wss.services.shared import rate_limits
from wss.services.shared.audit import record


class CallOpeningOutcome(StrEnum):
    """The outcome of a search; only the first two open a call."""

    OPENED = "opened"
    CHOICE = "choice"
    NOT_FOUND = "not_found"
    TOO_MANY = "too_many"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class CallOpeningResult:
    """The outcome; with the call, or the seconds to wait."""

    outcome: CallOpeningOutcome
    call_id: int = 0
    retry_after: int = 0


def open_call(actor: Actor, q: str, reason: str, language: str) -> CallOpeningResult:
    """Open a call about the connection that has exactly this number; several matches are offered as choices.

    Raises Forbidden without a reason, and Malformed for text that is not a complete number.
    """
    _check_desk(actor, reason)
    keys = key_kinds(q)
    with transaction():
        # Counted before the search, and given back when it finds a connection.
        limit_result = rate_limits.consume(Limit.CALL_MISS, actor.id)
        if not limit_result.allowed:
            alarm(actor, "misses", limit_result.count)
            return CallOpeningResult(CallOpeningOutcome.TOO_OFTEN, retry_after=limit_result.retry_after)
        found = connections_by_number(keys, now())
        if not found:
            return CallOpeningResult(CallOpeningOutcome.NOT_FOUND)
        if len(found) > CHOICES_AT_MOST:
            return CallOpeningResult(CallOpeningOutcome.TOO_MANY)
        rate_limits.give_back(Limit.CALL_MISS, actor.id)
        call_id = begin_call(actor, found[0].looked_for, found, reason, language)
        if len(found) > 1:
            return CallOpeningResult(CallOpeningOutcome.CHOICE, call_id)
        open_record(actor, call_id, reason, found[0])
        return CallOpeningResult(CallOpeningOutcome.OPENED, call_id)


def open_call_without_number(actor: Actor, reason: str, language: str) -> int:
    """Open a call of a caller without a number, or with an unknown one. No consumer's record is opened; the call
    counts with its reason, and general information can be sent and given on it."""
    _check_desk(actor, reason)
    with transaction():
        call_id = begin_call(actor, SearchKind.NONE, [], reason, language)
        record(actor, "call_without_number", f"call:{call_id}", reason=reason)
        return call_id


def choose(actor: Actor, call_id: int, account_no: str) -> None:
    """Open one of the connections that the number matched; raises NotFound for any other."""
    with transaction():
        call = lock_open_call(actor, call_id)
        offered = [
            ConnectionMatch(number, kind, complaint or None) for number, kind, complaint in call.choices
        ]
        chosen = next((match for match in offered if match.account_no == account_no), None)
        if chosen is None:
            raise NotFound
        update_call(call.id, choices=[])
        open_record(actor, call.id, call.call_reason, chosen)


def end_call(actor: Actor, call_id: int) -> None:
    """End the call when the caller has hung up. A call that has already ended keeps its outcome."""
    with transaction():
        call = locked_call(actor, call_id)
        if call.ended_at is None:
            update_call(call.id, ended_at=now(), outcome=CallOutcome.ENDED.value)
            release_call_backs(now())


def _check_desk(actor: Actor, reason: str) -> None:
    if actor.role not in HELPDESK_ROLES:
        raise NotFound
    if reason not in frozenset(CallReason):
        raise Forbidden("reason_required")
