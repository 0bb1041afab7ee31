"""The helpdesk's start page: the number that a caller gives and the reason of the call open it."""

from __future__ import annotations

from typing import ClassVar

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import ngettext

from wss import clock
from wss.domain.call_backs import ATTEMPTS
from wss.domain.calls import CallReason
from wss.domain.errors import Malformed
from wss.queries.call_backs import waiting_call_backs
from wss.queries.calls import open_calls
from wss.services.calls.call_records import (
    CallOpeningOutcome,
    CallOpeningResult,
    open_call,
    open_call_without_number,
)
from wss.web.access import current_actor
from wss.web.action_form import ActionForm
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.labels.helpdesk import REASONS, WRONG_KEYS
from wss.web.language import DEFAULT, LANGUAGES
from wss.web.pages import redirect_to, render
from wss.web.retry_times import time_to_wait

_LONGEST = 40


class NewCallForm(ActionForm):
    """The number that a caller gives, and why they call."""

    field_lengths: ClassVar = {"q": _LONGEST, "call_reason": _LONGEST}
    has_own_names: ClassVar = True


@helpdesk.get("/helpdesk")
def desk() -> Response:
    """Show the form that opens a call."""
    return desk_page(NewCallForm())


@helpdesk.post("/helpdesk")
def begin() -> Response:
    """Open a call about the connection that has exactly this number, or of a caller without one."""
    form = NewCallForm.sent()
    reason = form.typed["call_reason"]
    if reason not in frozenset(CallReason):
        words = _("Select the reason for the call. A record cannot be opened without one.")
        return desk_page(form.with_error("call_reason", words), 422)
    if form.action == "without_number":
        call_id = open_call_without_number(current_actor(), reason, _language())
        return redirect_to("helpdesk.call_page", call_id=call_id)
    try:
        opened = open_call(current_actor(), form.typed["q"], reason, _language())
    except Malformed as wrong:
        return desk_page(form.with_error("q", WRONG_KEYS[wrong.code]), 422)
    words = _why_not(opened)
    if words:
        status = 429 if opened.outcome is CallOpeningOutcome.TOO_OFTEN else 422
        return desk_page(form.with_error("q", words), status)
    return redirect_to("helpdesk.call_page", call_id=opened.call_id)


def _why_not(opened: CallOpeningResult) -> str:
    """Return why no record was opened, if none was."""
    if opened.outcome is CallOpeningOutcome.NOT_FOUND:
        return _("No match for this number. Ask the caller to repeat it digit by digit.")
    if opened.outcome is CallOpeningOutcome.TOO_MANY:
        return _("Too many connections have this number. Ask for the account number on the bill.")
    if opened.outcome is CallOpeningOutcome.TOO_OFTEN:
        return ngettext(
            "Too many numbers not found. Try again in %(num)s minute. Your supervisor has been told.",
            "Too many numbers not found. Try again in %(num)s minutes. Your supervisor has been told.",
            -(-opened.retry_after // 60),
        )
    return ""


def _language() -> str:
    """Return the language of the caller, not of the employee's pages: Hindi until another is chosen.

    Once a connection is opened, the setting of its consumer holds.
    """
    chosen = request.form.get("language", "")
    return chosen if chosen in LANGUAGES else DEFAULT


def desk_page(form: NewCallForm, status: int = 200) -> Response:
    """Show the form that opens a call, the employee's open calls, and the calls that consumers have asked for."""
    at = clock.now()
    return render(
        "helpdesk/desk.html",
        status=status,
        form=form,
        language=_language(),
        reasons=[(code.value, str(words)) for code, words in REASONS.items()],
        open_calls=open_calls(current_actor(), at),
        is_ended=request.args.get("ended") == "1",
        missed=request.args.get("missed", ""),
        call_backs=[
            (each, time_to_wait(int((at - each.asked_at).total_seconds()))) for each in waiting_call_backs(at)
        ],
        attempts_at_most=ATTEMPTS,
    )
