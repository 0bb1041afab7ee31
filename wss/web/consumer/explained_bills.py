"""A bill explained line by line, and why it differs from earlier ones."""

from __future__ import annotations

from flask import Response, url_for

from wss.domain import identifiers
from wss.queries.bills import open_disputes
from wss.web.consumer import new_request
from wss.web.consumer.account import own_connection
from wss.web.consumer.blueprint import consumer
from wss.web.labels.bill_explanations import explanation_text
from wss.web.pages import render


@consumer.get("/account/<account_no>/bills/<bill_no>/explained")
def explained_bill(account_no: str, bill_no: str) -> Response:
    """Show the explanation of a bill, with the button to dispute one that is in force and not disputed."""
    own = own_connection(account_no)
    text = explanation_text(own.account_no, identifiers.bill_no(bill_no))
    is_offered = not text.replaced_by and not open_disputes([text.bill_no])
    return render(
        "consumer/explained.html",
        connection=own,
        text=text,
        kind=new_request.kind_about_bills(own) if is_offered else None,
        address=lambda number: url_for("consumer.explained_bill", account_no=own.account_no, bill_no=number),
    )
