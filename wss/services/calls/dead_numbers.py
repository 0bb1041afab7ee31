"""A number on record that no longer works: registers a request for the counter of the sub-division."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.catalogue import MOBILE_CORRECTION
from wss.domain.errors import Forbidden
from wss.domain.routing import Level, holder
from wss.queries.call_requests import open_request_of_kind
from wss.queries.calls import CallRow
from wss.queries.reference import add_built_in_kind, reference
from wss.services.calls._call import (
    CallSubject,
    call_subject,
    check_facts,
    count_wrong_answer,
    lock_open_call,
)
from wss.services.requests.creation import NewRequest, promise, register_request
from wss.services.shared.audit import record


class DeadNumberOutcome(StrEnum):
    """The outcome of reporting the number; CLOSED is the third wrong answer on the call."""

    REGISTERED = "registered"
    ALREADY = "already"
    WRONG = "wrong"
    CLOSED = "closed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class DeadNumberResult:
    """The outcome; with the complaint number, or the seconds to wait."""

    outcome: DeadNumberOutcome
    complaint_no: str = ""
    retry_after: int = 0


def register_dead_number(actor: Actor, call_id: int, bill_no: str, spoken_name: str) -> DeadNumberResult:
    """Register once that the number on record no longer works, for a caller who knows a bill and the name on it.

    This reveals and changes nothing: the caller proves their identity at the counter, and the new number comes
    with the billing extract. The old number gets the SMS about it, with the link to stop it.
    """
    with transaction():
        call = lock_open_call(actor, call_id)
        about = call_subject(call)
        if about.mobile is None:
            raise Forbidden("step_not_allowed")
        checked = check_facts(actor, about, bill_no, spoken_name)
        if checked.retry_after:
            return DeadNumberResult(DeadNumberOutcome.STOPPED, retry_after=checked.retry_after)
        if not checked.are_right:
            return DeadNumberResult(
                DeadNumberOutcome.CLOSED if count_wrong_answer(actor, call) else DeadNumberOutcome.WRONG
            )
        there = open_request_of_kind(about.connection.account_no, MOBILE_CORRECTION.code)
        if there is not None:
            return DeadNumberResult(DeadNumberOutcome.ALREADY, there)
        complaint_no = _register(actor, call, about)
        record(actor, "dead_number_told", f"connection:{about.connection.account_no}", call=call.id)
        return DeadNumberResult(DeadNumberOutcome.REGISTERED, complaint_no)


def _register(actor: Actor, call: CallRow, about: CallSubject) -> str:
    add_built_in_kind(MOBILE_CORRECTION)
    tables, connection = reference(), about.connection
    to = about.recipient(call, about.mobile)
    new = NewRequest(
        form_token=secrets.token_urlsafe(32),
        account_no=connection.account_no,
        office_code=connection.subdivision_code,
        kind=MOBILE_CORRECTION,
        language=to.language,
        fields={},
        holder=holder(
            Role(MOBILE_CORRECTION.route_role),
            Level(MOBILE_CORRECTION.route_level),
            tables.chain(connection.subdivision_code),
        ),
        promised_on=promise(tables.calendar, MOBILE_CORRECTION),
        tables=tables,
        consumer_id=to.consumer_id,
        details={"call": call.id},
        call_id=call.id,
    )
    return register_request(actor, new, to).complaint_no
