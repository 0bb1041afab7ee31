"""The page of a call: who is calling, what may be said, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Response, current_app, request, url_for

from wss import clock
from wss.domain.call_backs import ATTEMPTS
from wss.domain.calls import (
    CONSENT_VERSION,
    MAX_WRONG,
    CallExpired,
    CallOutcome,
    CallReason,
    Relation,
    VerifiedBy,
)
from wss.domain.catalogue import MOBILE_CORRECTION
from wss.domain.lifecycle import BEFORE_RESOLVED, OPEN, WAITS_FOR_CONSUMER, Status
from wss.queries.call_backs import call_back_of_call
from wss.queries.call_requests import questions_asked, reminders_of
from wss.queries.calls import CallConnection, CallRow, RequestOfCall, choices_of, own_call, record_of
from wss.queries.codes import latest_otp_about
from wss.queries.effective_bills import recent_bills
from wss.queries.reference import Reference, reference
from wss.queries.tracking import TrackedRequest, events_of
from wss.services.calls.verification import CALL, CALL_OWN
from wss.services.requests.outcomes import answer_until, outcome_of
from wss.web.access import current_actor
from wss.web.action_form import ActionForm
from wss.web.fields import LAST_ID
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.helpdesk.payment_words import interim_sentences
from wss.web.helpdesk.public_status import counter_sentences, public_status_sentences, registration_sentences
from wss.web.helpdesk.read_back import (
    ReadBackScript,
    call_back_sentences,
    read_back_scripts,
    status_sentences,
)
from wss.web.labels.helpdesk import CONSENTS, DONE, RELATIONS
from wss.web.labels.outcomes import deadline_sentence
from wss.web.otp_page import sms_progress_of
from wss.web.pages import render

ID = f"int(max={LAST_ID})"
BILLS_TO_EXPLAIN = 3


class CallActionForm(ActionForm):
    """The form of an action on a call; its subject is a complaint number if several requests are possible."""

    field_lengths: ClassVar = {
        **dict.fromkeys(("otp", "bill_no", "caller_mobile", "account_no", "relation", "complaint_no"), 40),
        **{"mobile_last4": 40, "spoken_name": 200, "answer": 2_000, "remark": 2_000},
    }
    has_own_names: ClassVar = True
    secrets: ClassVar = frozenset({"otp"})


@helpdesk.get(f"/helpdesk/calls/<{ID}:call_id>")
def call_page(call_id: int) -> Response:
    """Show the call."""
    return page_of(own(call_id), CallActionForm())


def own(call_id: int) -> CallRow:
    """Return a call that the reader has taken; raises NotFound for any other."""
    return own_call(current_actor(), call_id)


@helpdesk.errorhandler(CallExpired)
def handle_expired_call(_error: CallExpired) -> Response:
    """Show that the call has ended and the action was not taken."""
    return ended_page(own((request.view_args or {})["call_id"]), 409)


def page_of(
    call: CallRow,
    form: CallActionForm,
    status: int = 200,
    *,
    tracked: TrackedRequest | None = None,
    answer_reference_no: str = "",
) -> Response:
    """Show a call with the result of the action just sent; of an ended call only that it has ended.

    `looked`: the request whose public status was looked up. `answer_reference_no`: of the OTP just sent for an answer.
    """
    at = clock.now()
    if call.is_expired(at):
        return ended_page(call, status)
    record, tables = record_of(call, at), reference()
    sent = request.args.get("sent", "") if request.method == "GET" else answer_reference_no
    return render(
        "helpdesk/call.html",
        status=status,
        call=call,
        record=record,
        open_requests=sum(one.status in OPEN for one in record.requests) if record else 0,
        **_requests(call, record, tables),
        **_tracked_request(call, tracked, tables),
        **_verification(call, record, is_sent=bool(sent) or form.action == "verify"),
        **_call_back(call),
        bills=recent_bills(call.account_no, BILLS_TO_EXPLAIN) if call.is_verified and call.account_no else [],
        choices=choices_of(call) if record is None else [],
        form=form,
        answer_reference_no=answer_reference_no,
        act=url_for("helpdesk.act", call_id=call.id),
        done=DONE.get(request.args.get("done", ""), "") if request.method == "GET" else form.done,
        tables=tables,
        draft_kind=tables.kinds.get(record.draft_kind) if record and record.draft_kind else None,
        consent=read_back_scripts(call.language, lambda: [str(CONSENTS[CONSENT_VERSION])]),
        relations=[(code.value, str(words)) for code, words in RELATIONS.items()],
        is_to_be_confirmed=is_to_be_confirmed,
        relation=call.relation or Relation.SELF.value,
    )


def _verification(call: CallRow, record: CallConnection | None, *, is_sent: bool) -> dict[str, Any]:
    """Return the stage of the call, and the state of the OTP that was sent."""
    code = latest_otp_about(call.subject, (CALL, CALL_OWN))
    # If an OTP was sent, the page asks for it, however the page was opened.
    is_out = code is not None and code.used_at is None and code.expires_at > clock.now()
    stage = stage_of(call, record, is_sent=is_out or is_sent)
    return {
        "stage": stage,
        "sms_progress": sms_progress_of(code, may_show=True) if stage in ("otp", "own_otp") else None,
        "reference_no": code.reference_no if code and is_out else "",
        "tries_left": MAX_WRONG - call.wrong_tries,
    }


def _call_back(call: CallRow) -> dict[str, Any]:
    """Return the request for a call that this call is about, with what to say first."""
    calling = call_back_of_call(call.id, clock.now())
    scripts = read_back_scripts(call.language, lambda: call_back_sentences(calling)) if calling else []
    return {"calling": calling, "call_back_scripts": scripts, "attempts_at_most": ATTEMPTS}


def ended_page(call: CallRow, status: int = 200) -> Response:
    """Show why nothing more can be done on this call."""
    outcome = call.outcome or CallOutcome.EXPIRED.value
    return render("helpdesk/ended.html", status=status, call=call, outcome=outcome)


def stage_of(call: CallRow, record: CallConnection | None, *, is_sent: bool) -> str:
    """Return the next stage of the call, which decides where the page begins."""
    if record is None:
        return "choose"
    if call.has_consent:
        return "go_on"
    if call.is_verified:
        return "agree"
    if record.mobile:
        return "otp" if is_sent else "send_otp"
    if call.verified_by != VerifiedBy.FACTS:
        return "facts"
    return "own_otp" if call.caller_mobile else "own_mobile"


def _requests(call: CallRow, record: CallConnection | None, tables: Reference) -> dict[str, Any]:
    """Return the requests of the connection: the one asked about first, then open ones, then closed ones.

    With the questions to answer, the reminders, and the way to the counter.
    """
    all_requests = record.requests if record else []
    asked_for = [one for one in all_requests if one.complaint_no == call.complaint_no]
    others = [one for one in all_requests if one.status in OPEN and one not in asked_for]
    # Requests that wait for the consumer can be settled on this call, so they come first.
    current = [*asked_for, *sorted(others, key=lambda one: one.status not in WAITS_FOR_CONSUMER)]
    waiting = [one.id for one in current if one.status == Status.INFO_REQUESTED and call.is_verified]
    # Shown on the call of the person who has just given a bill number and the name on it, and on no later call.
    was_reported_before = request.args.get("done") == "dead_number_before"
    dead = [one for one in current if one.kind == MOBILE_CORRECTION.code]
    counter = next((one for one in dead if was_reported_before or one.call_id == call.id), None)
    return {
        "requests": current,
        "closed_requests": [one for one in all_requests if one not in current],
        "questions": questions_asked(waiting) if waiting else {},
        "reminders": reminders_of([one.id for one in current]) if current else {},
        "status_scripts": _status_scripts(call, all_requests, tables),
        "can_be_reminded": frozenset(BEFORE_RESOLVED),
        "counter": read_back_scripts(call.language, lambda: counter_sentences(counter, tables))
        if counter
        else [],
        "registration_scripts": [] if record else read_back_scripts(call.language, registration_sentences),
        # The reason of the call decides what the page begins with.
        "is_status_first": call.call_reason == CallReason.STATUS,
    }


def _tracked_request(call: CallRow, found: TrackedRequest | None, tables: Reference) -> dict[str, Any]:
    """Return what the website shows for a complaint number and four digits, with sentences to read out."""
    if found is None:
        return {"tracked": None}
    return {
        "tracked": found,
        "tracked_events": events_of(found.id),
        "tracked_scripts": read_back_scripts(call.language, lambda: public_status_sentences(found, tables)),
    }


def _status_scripts(
    call: CallRow, requests: Sequence[RequestOfCall], tables: Reference
) -> dict[str, list[ReadBackScript]]:
    """Return the status of the requests in sentences for a verified caller."""
    today = clock.local_date(clock.now())
    close_on_silence = current_app.extensions["wss"].config.close_on_silence

    def scripts(one: RequestOfCall) -> list[ReadBackScript]:
        if not is_to_be_confirmed(one):
            return read_back_scripts(
                call.language,
                lambda: [*status_sentences(one, tables, today), *interim_sentences(one, tables)],
            )
        outcome = outcome_of(one.id, one.resolution)
        closes = tables.silence_closes(one.holder_office_code, by_default=close_on_silence)
        until = answer_until(one.status_since)
        return read_back_scripts(
            call.language,
            lambda: [
                *status_sentences(one, tables, today, outcome),
                deadline_sentence(until, outcome, closes=closes, reopened_times=one.reopened_times),
            ],
        )

    return {one.complaint_no: scripts(one) for one in requests if call.is_verified}


def is_to_be_confirmed(one: RequestOfCall) -> bool:
    """Return whether the consumer has yet to confirm or refuse the resolution."""
    return one.status == Status.RESOLVED and not one.frozen
