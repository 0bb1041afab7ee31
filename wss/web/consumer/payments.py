"""How a bill can be paid: by UPI or on the company's payment page. No money passes through this site."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, current_app, request

from wss import clock
from wss.domain import identifiers
from wss.domain.upi_payment import UpiPayment
from wss.gateways.qr_code import qr_code
from wss.models import Bill, Connection
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
WHOLE, INTERIM = "whole", "interim"


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    """An amount that the consumer can pay: the whole bill, or the sum until the decision on a complaint."""

    part: str
    amount_paise: int


@consumer.get("/account/<account_no>/bills/<bill_no>/pay")
def pay(account_no: str, bill_no: str) -> Response:
    """Show what is to be paid and the ways to pay it; redirect to the bill while there is nothing to pay here."""
    own = own_connection(account_no)
    shown = visible_bill(own.account_no, identifiers.bill_no(bill_no))
    newest = next(iter(charged_bills(own.account_no, 1)), None)
    if newest is None or newest.bill_no != shown.bill_no or not is_payable_here(newest):
        return redirect_to("consumer.bill", account_no=own.account_no, bill_no=shown.bill_no)
    disputed = [shown.bill_no] if open_disputes([shown.bill_no]) else []
    choices = _choices(own, shown, is_disputed=bool(disputed))
    chosen = next((each for each in choices if each.part == request.args.get("part")), choices[0])
    config = current_app.extensions["wss"].config
    upi = UpiPayment(config.upi_payee, _PAYEE_NAME, chosen.amount_paise, shown.bill_no)
    is_offered = bool(upi.payee and chosen.amount_paise)
    return render(
        "consumer/pay.html",
        connection=own,
        bill=shown,
        choices=choices,
        chosen=chosen,
        rule=payment_rule(reference(), own.subdivision_code, own.account_no, disputed) if disputed else None,
        has_payee=bool(upi.payee),
        upi=upi if is_offered else None,
        drawing=qr_code(upi.address) if is_offered else None,
        payment_url=config.payment_url,
        is_late=shown.due_date < clock.local_date(clock.now()),
    )


def _choices(own: Connection, bill: Bill, *, is_disputed: bool) -> list[PaymentChoice]:
    """Return the amounts to choose from; the first is offered: during a complaint the sum until the decision."""
    whole = PaymentChoice(WHOLE, bill.amount_paise - (bill.paid_amount_paise or 0))
    found = (
        interim_sum_for(reference(), own.subdivision_code, own.account_no, [bill.bill_no])
        if is_disputed
        else None
    )
    if found is None or not found.is_less:
        return [whole]
    return [PaymentChoice(INTERIM, found.to_pay_paise), whole]
