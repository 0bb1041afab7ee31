"""How a bill can be paid: by UPI or on the company's payment page. No money passes through this site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, request

from wss import clock
from wss.domain import identifiers
from wss.domain.interim_sum import ChargedBill
from wss.domain.payment_choice import payment_choices
from wss.domain.upi_payment import UpiPayment
from wss.gateways.qr_code import qr_code
from wss.models import Connection
from wss.queries.bills import charged_bills, open_disputes, visible_bill
from wss.queries.reference import reference
from wss.services.requests.interim_sums import interim_sum_for
from wss.web.consumer.account import own_connection
from wss.web.consumer.blueprint import consumer
from wss.web.consumer.payment_links import is_payable_here
from wss.web.labels.guidance import payment_rule
from wss.web.pages import redirect_to, render

# UPI apps show the name that the bank has registered for the payee; this one is only what they start with.
_PAYEE_NAME = "UPPCL"
# The disputed bills, and those of the months before that a rule can average.
_BILLS_KNOWN = 36


@consumer.get("/account/<account_no>/bills/<bill_no>/pay")
def pay(account_no: str, bill_no: str) -> Response:
    """Show what is to be paid and the ways to pay it; redirect to the bill while there is nothing to pay here."""
    own = own_connection(account_no)
    shown = visible_bill(own.account_no, identifiers.bill_no(bill_no))
    bills = charged_bills(own.account_no, _BILLS_KNOWN)
    newest = bills[0] if bills else None
    if newest is None or newest.bill_no != shown.bill_no or not is_payable_here(newest):
        return redirect_to("consumer.bill", account_no=own.account_no, bill_no=shown.bill_no)
    return render(
        "consumer/pay.html",
        connection=own,
        bill=shown,
        is_late=shown.due_date < clock.local_date(clock.now()),
        **_amounts(own, bills),
    )


def _amounts(own: Connection, bills: Sequence[ChargedBill]) -> dict[str, Any]:
    """Return the amounts to choose from, with the discom's rule on them, and the ways to pay the chosen one."""
    newest, tables = bills[0], reference()
    disputed = [each.bill_no for each in open_disputes([bill.bill_no for bill in bills])]
    # A complaint about this bill is about its arrears too.
    about = [newest.bill_no] if newest.bill_no in disputed else disputed
    interim = interim_sum_for(tables, own.subdivision_code, own.account_no, about)
    choices = payment_choices(newest, bills[1:], disputed, interim)
    chosen = next((each for each in choices if each.part == request.args.get("part")), choices[0])
    return {
        "choices": choices,
        "chosen": chosen,
        "is_disputed": newest.bill_no in disputed,
        "rule": payment_rule(tables, own.subdivision_code, own.account_no, about) if about else None,
        **_ways(newest.bill_no, chosen.amount_paise),
    }


def _ways(bill_no: str, amount_paise: int) -> dict[str, Any]:
    """Return the UPI payment with its code, and the company's payment page, as far as they are set."""
    config = current_app.extensions["wss"].config
    upi = UpiPayment(config.upi_payee, _PAYEE_NAME, amount_paise, bill_no)
    is_offered = bool(upi.payee and amount_paise)
    return {
        "has_payee": bool(upi.payee),
        "upi": upi if is_offered else None,
        "drawing": qr_code(upi.address) if is_offered else None,
        "payment_url": config.payment_url,
    }
