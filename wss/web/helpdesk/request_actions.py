"""The actions on a call about requests: status, reminders, answers to questions, a dead mobile number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Response, request
from flask_babel import gettext as _

from wss.domain import identifiers
from wss.domain.errors import Forbidden, Malformed
from wss.domain.typed_values import remarks
from wss.services.calls import open_requests
from wss.services.calls.dead_numbers import DeadNumberOutcome, register_dead_number
from wss.services.calls.open_requests import ReminderOutcome
from wss.services.requests.status_lookup import StatusLookup
from wss.web.access import current_actor
from wss.web.helpdesk.calls import ended_page, own, page_of
from wss.web.helpdesk.responses import on_call, refused, sent_form, wait_to_try
from wss.web.labels.helpdesk import BARRED, CALLER_ERRORS, DONE


def look_at_status(call_id: int) -> Response:
    """Show the status as the website does. It has no address of its own: digits of a mobile must not be in one."""
    sent = _number_and_digits()
    if isinstance(sent, Malformed):
        return refused(call_id, CALLER_ERRORS[sent.code], "complaint_no")
    tracked = open_requests.look_up_status_on_call(current_actor(), call_id, *sent)
    if tracked.found is None:
        return _not_found(call_id, tracked.retry_after)
    return _shown(call_id, tracked)


def remind(call_id: int) -> Response:
    """Record a reminder on the timeline, at most once a day."""
    sent = _number_and_digits()
    if isinstance(sent, Malformed):
        return refused(call_id, CALLER_ERRORS[sent.code], "complaint_no")
    try:
        reminded = open_requests.remind(current_actor(), call_id, *sent)
    except Forbidden as barred:
        return refused(call_id, BARRED[barred.code], "", 409)
    if reminded.outcome in (ReminderOutcome.WRONG, ReminderOutcome.TOO_OFTEN):
        return _not_found(call_id, reminded.retry_after)
    done = "reminded" if reminded.outcome is ReminderOutcome.COUNTED else "reminded_before"
    if reminded.found is None:
        return on_call(call_id, done)
    return _shown(call_id, StatusLookup(reminded.found), done)


def answer_question(call_id: int) -> Response:
    """Record the caller's reply to the office's question as the consumer's answer."""
    form = sent_form()
    try:
        open_requests.answer_question(current_actor(), call_id, form.subject, remarks(form.typed["answer"]))
    except Malformed:
        return refused(call_id, _("Use 1,000 characters or fewer"), "answer")
    except Forbidden as barred:
        at = "answer" if barred.code == "answer_required" else ""
        return refused(call_id, BARRED[barred.code], at, 422 if at else 409)
    return on_call(call_id, "answered")


def report_dead_number(call_id: int) -> Response:
    """Register a request for the counter, as the number on record no longer works."""
    typed = sent_form().typed
    try:
        report = register_dead_number(current_actor(), call_id, typed["bill_no"], typed["spoken_name"])
    except Forbidden as barred:
        return refused(call_id, BARRED[barred.code], "", 409)
    if report.outcome is DeadNumberOutcome.CLOSED:
        return ended_page(own(call_id), 409)
    if report.outcome is DeadNumberOutcome.STOPPED:
        return refused(call_id, wait_to_try(report.retry_after), "bill_no", 429)
    if report.outcome is DeadNumberOutcome.WRONG:
        return refused(call_id, CALLER_ERRORS["facts"], "bill_no")
    return on_call(
        call_id, "dead_number" if report.outcome is DeadNumberOutcome.REGISTERED else "dead_number_before"
    )


STEPS: dict[str, Callable[[int], Response]] = {
    "track": look_at_status,
    "remind": remind,
    "answer_question": answer_question,
    "report_dead_number": report_dead_number,
}


def _number_and_digits() -> tuple[str, str] | Malformed:
    try:
        number = identifiers.complaint_no(request.form.get("complaint_no", ""))
    except Malformed as wrong:
        return wrong
    return number, request.form.get("mobile_last4", "")[:40]


def _not_found(call_id: int, retry_after: int) -> Response:
    """Show one error for a wrong number and for wrong digits."""
    if retry_after:
        return refused(call_id, wait_to_try(retry_after), "complaint_no", 429)
    return refused(call_id, CALLER_ERRORS["status"], "complaint_no")


def _shown(call_id: int, tracked: StatusLookup, done: str = "") -> Response:
    return page_of(own(call_id), replace(sent_form(), done=DONE.get(done, "")), tracked=tracked.found)
