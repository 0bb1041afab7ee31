"""What a step of a call answers: on to the call as it is now, or the form once more with what was wrong."""

from __future__ import annotations

from flask import Response, request
from flask_babel import ngettext

from wss.web.helpdesk.calls import CallActionForm, own, page_of
from wss.web.pages import redirect_to

_LONGEST = {"remark": 2_000, "answer": 2_000, "spoken_name": 200}
_TYPED = (
    *("otp", "bill_no", "spoken_name", "caller_mobile", "account_no"),
    *("relation", "complaint_no", "answer", "remark", "mobile_last4"),
)


def said_now(**errors: str) -> CallActionForm:
    """What the form has sent."""
    sent = {name: request.form.get(name, "")[: _LONGEST.get(name, 40)] for name in _TYPED}
    return CallActionForm(request.form.get("action", ""), sent, errors)


def on_call(call_id: int, done: str = "") -> Response:
    """On to the call, with what has been done."""
    return redirect_to("helpdesk.call_page", call_id=call_id, **({"done": done} if done else {}))


def refused(call_id: int, words: object, at: str, status: int = 422) -> Response:
    """The call once more, with what is wrong at its field, or above all."""
    return page_of(own(call_id), said_now(**{at: str(words)}), status)


def wait_words(seconds: int) -> str:
    """When it can be tried again."""
    if seconds < 100:
        return ngettext(
            "Too soon: again in %(num)s second", "Too soon: again in %(num)s seconds", max(seconds, 1)
        )
    minutes = -(-seconds // 60)
    return ngettext("Too often: again in %(num)s minute", "Too often: again in %(num)s minutes", minutes)
