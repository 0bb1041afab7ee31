"""A bill of the request's connection, explained as its consumer sees it."""

from __future__ import annotations

from flask import Response, url_for

from wss.domain import identifiers
from wss.web.labels.bill_explanations import explanation_text
from wss.web.officer.blueprint import officer
from wss.web.officer.requests import request_context, request_seen
from wss.web.pages import render


@officer.get("/todo/<complaint_no>/bills/<bill_no>")
def explained_bill(complaint_no: str, bill_no: str) -> Response:
    """Show the explanation of a bill; another connection's bill is not found."""
    seen = request_seen(complaint_no)
    return render(
        "officer/explained.html",
        text=explanation_text(seen.account_no, identifiers.bill_no(bill_no)),
        address=lambda number: url_for(
            "officer.explained_bill", complaint_no=seen.complaint_no, bill_no=number
        ),
        **request_context(seen),
    )
