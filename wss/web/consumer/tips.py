"""Tips that follow from a connection's bills, each with the rupees that it would have saved."""

from __future__ import annotations

from flask import Response

from wss import clock
from wss.domain.catalogue import RequestField
from wss.domain.saving_tips import BILLS_NEEDED, saving_tips, tip_basis
from wss.domain.tariff import rates_on
from wss.queries.bills import consumption
from wss.queries.reference import reference
from wss.web.consumer.account import own_connection
from wss.web.consumer.blueprint import consumer
from wss.web.labels.requests import localized_name
from wss.web.labels.saving_tips import tip_words
from wss.web.pages import render
from wss.web.request_form.choices import kinds_offered


@consumer.get("/account/<account_no>/tips")
def tips(account_no: str) -> Response:
    """Show the tips, the largest saving first; or that none follows, and why."""
    own = own_connection(account_no)
    today = clock.local_date(clock.now())
    in_force = rates_on(reference().rates, own.category, today)
    basis = tip_basis(consumption(own.account_no), in_force, own.sanctioned_load_w)
    return render(
        "consumer/tips.html",
        connection=own,
        basis=basis,
        tips=saving_tips(basis),
        tip_words=tip_words,
        localized_name=localized_name,
        bills_needed=BILLS_NEEDED,
        load_kind=next(
            (kind for kind in kinds_offered(own).values() if RequestField.NEW_LOAD_KW in kind.fields), None
        ),
    )
