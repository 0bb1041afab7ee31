"""Responses to an action on a call: a redirect to the call as it is now, or its form with the error."""

from __future__ import annotations

from flask import Response, request
from flask_babel import ngettext

from wss.web.action_form import Words
from wss.web.helpdesk.calls import CallActionForm, own, page_of
from wss.web.pages import redirect_to

# Seconds; longer waits are shown in minutes.
_SHORT_WAIT = 100
_ABOUT_ONE_REQUEST = ("answer_question", "confirm_resolution")


def sent_form() -> CallActionForm:
    """Return the form of the current request."""
    is_about_one = request.form.get("action") in _ABOUT_ONE_REQUEST
    return CallActionForm.sent(request.form.get("complaint_no", "")[:40] if is_about_one else "")


def on_call(call_id: int, done: str = "") -> Response:
    """Redirect to the call, which says what was done."""
    return redirect_to("helpdesk.call_page", call_id=call_id, **({"done": done} if done else {}))


def refused(call_id: int, words: Words, at: str, status: int = 422) -> Response:
    """Show the call again with an error at a field of the form just sent, or, without a field, above everything."""
    return page_of(own(call_id), sent_form().with_error(at, words), status)


def wait_to_send(seconds: int) -> str:
    """Return when the next SMS can be sent."""
    if seconds < _SHORT_WAIT:
        return ngettext(
            "An SMS has already been sent. You can send another in %(num)s second.",
            "An SMS has already been sent. You can send another in %(num)s seconds.",
            max(seconds, 1),
        )
    return ngettext(
        "Too many SMS. Try again in %(num)s minute.",
        "Too many SMS. Try again in %(num)s minutes.",
        _minutes(seconds),
    )


def wait_to_try(seconds: int) -> str:
    """Return when the next attempt is possible after too many wrong ones."""
    if seconds < _SHORT_WAIT:
        return ngettext(
            "Too many attempts. Try again in %(num)s second.",
            "Too many attempts. Try again in %(num)s seconds.",
            max(seconds, 1),
        )
    return ngettext(
        "Too many attempts. Try again in %(num)s minute.",
        "Too many attempts. Try again in %(num)s minutes.",
        _minutes(seconds),
    )


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)
