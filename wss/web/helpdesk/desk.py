"""The desk: one box for whatever number a caller tells, and why they call; that opens the call."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import ngettext

from wss import clock
from wss.domain.calls import CallReason
from wss.domain.errors import Malformed
from wss.queries.calls import going_calls
from wss.services.calls.call_records import (
    CallOpeningOutcome,
    CallOpeningResult,
    open_call,
    open_call_without_number,
)
from wss.web.access import current_actor
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.labels.helpdesk import REASONS, WRONG_KEYS
from wss.web.language import DEFAULT, LANGUAGES
from wss.web.pages import redirect_to, render

_TYPED = ("q", "call_reason", "language")
_LONGEST = 40


@helpdesk.get("/helpdesk")
def desk() -> Response:
    """Where a call begins."""
    return _desk_page({})


@helpdesk.post("/helpdesk")
def begin() -> Response:
    """Open a call about the connection that has exactly this number, or of a caller who has none."""
    errors: dict[str, str] = {}
    opened = CallOpeningResult(CallOpeningOutcome.NOT_FOUND)
    reason = request.form.get("call_reason", "")
    if reason not in frozenset(CallReason):
        errors["call_reason"] = _("Choose why the caller calls: without a reason nothing is opened")
    elif request.form.get("action") == "without_number":
        call_id = open_call_without_number(current_actor(), reason, _language())
        return redirect_to("helpdesk.call_page", call_id=call_id)
    try:
        if not errors:
            opened = open_call(current_actor(), request.form.get("q", "")[:_LONGEST], reason, _language())
            errors |= _why_not(opened)
    except Malformed as wrong:
        errors["q"] = str(WRONG_KEYS[wrong.code])
    if errors:
        return _desk_page(errors, 429 if opened.outcome is CallOpeningOutcome.TOO_OFTEN else 422)
    return redirect_to("helpdesk.call_page", call_id=opened.call_id)


def _why_not(opened: CallOpeningResult) -> dict[str, str]:
    """Why no record was opened, at the box."""
    if opened.outcome is CallOpeningOutcome.NOT_FOUND:
        return {"q": _("Nothing has exactly this number: have the caller say it again, digit by digit")}
    if opened.outcome is CallOpeningOutcome.TOO_MANY:
        return {"q": _("Too many connections have this number: ask for the account number on the bill")}
    if opened.outcome is CallOpeningOutcome.TOO_OFTEN:
        minutes = -(-opened.retry_after // 60)
        words = ngettext(
            "Too many numbers led nowhere. Go on in %(num)s minute; your supervisor has been told.",
            "Too many numbers led nowhere. Go on in %(num)s minutes; your supervisor has been told.",
            minutes,
        )
        return {"q": words}
    return {}


def _language() -> str:
    """The caller's, never that of the employee's own pages: Hindi until something else is chosen. Once a connection
    is opened, what its consumer has set holds."""
    wished = request.form.get("language", "")
    return wished if wished in LANGUAGES else DEFAULT


def _desk_page(errors: Mapping[str, str], status: int = 200) -> Response:
    typed = {name: request.form.get(name, "")[:_LONGEST] for name in _TYPED} | {"language": _language()}
    return render(
        "helpdesk/desk.html",
        status=status,
        errors=errors,
        typed=typed,
        reasons=list(REASONS.items()),
        going=going_calls(current_actor(), clock.now()),
        is_ended=request.args.get("ended") == "1",
    )
