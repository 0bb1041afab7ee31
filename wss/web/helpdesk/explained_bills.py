"""A bill of a verified caller's connection, explained as its consumer sees it."""

from __future__ import annotations

from flask import Response, url_for

from wss import clock
from wss.domain import identifiers
from wss.domain.errors import NotFound
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.helpdesk.calls import ID, ended_page, own
from wss.web.labels.bill_explanations import explanation_text
from wss.web.pages import render


@helpdesk.get(f"/helpdesk/calls/<{ID}:call_id>/bills/<bill_no>")
def explained_bill(call_id: int, bill_no: str) -> Response:
    """Show the explanation of a bill while the call lasts; before the caller is verified, no bill is found."""
    call = own(call_id)
    if call.is_expired(clock.now()):
        return ended_page(call)
    if not call.is_verified or call.account_no is None:
        raise NotFound
    return render(
        "helpdesk/explained.html",
        call=call,
        text=explanation_text(call.account_no, identifiers.bill_no(bill_no)),
        address=lambda number: url_for("helpdesk.explained_bill", call_id=call.id, bill_no=number),
    )
