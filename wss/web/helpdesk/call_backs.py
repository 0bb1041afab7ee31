"""Calls that consumers have asked for: the list on the desk, taking one, and its result on the call's page."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from wss.domain.errors import Forbidden
from wss.services.calls import call_backs
from wss.web.access import current_actor
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.helpdesk.calls import ID
from wss.web.helpdesk.desk import NewCallForm, desk_page
from wss.web.helpdesk.responses import on_call, refused, sent_form
from wss.web.labels.helpdesk import BARRED
from wss.web.pages import redirect_to


@helpdesk.post(f"/helpdesk/call-backs/<{ID}:call_back_id>/take")
def take_call_back(call_back_id: int) -> Response:
    """Take a request for a call, and open a call about its connection; the second of two employees is refused."""
    taken = call_backs.take_call_back(current_actor(), call_back_id)
    if taken.outcome is call_backs.CallBackTaking.GONE:
        words = _("A colleague has taken this call, or the consumer has cancelled it. Take another one.")
        return desk_page(NewCallForm(barred=words), 409)
    if taken.outcome is call_backs.CallBackTaking.BUSY:
        return redirect_to("helpdesk.call_page", call_id=taken.call_id, done="call_back_busy")
    return redirect_to("helpdesk.call_page", call_id=taken.call_id)


def record_result(call_id: int) -> Response:
    """Record whether the consumer was reached. If not, the call is over."""
    answer = sent_form().typed["answer"]
    if answer not in ("reached", "missed"):
        return refused(call_id, _("Choose whether you reached the consumer"), "")
    try:
        outcome = call_backs.record_call_back(current_actor(), call_id, is_reached=answer == "reached")
    except Forbidden as barred:
        return refused(call_id, BARRED[barred.code], "", 409)
    if answer == "reached":
        return on_call(call_id, "call_back_reached")
    return redirect_to("helpdesk.desk", missed="last" if outcome else "again")
