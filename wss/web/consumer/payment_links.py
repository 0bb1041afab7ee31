"""Whether a bill can be paid by a way that this site names, for the links to the page that names them."""

from __future__ import annotations

from flask import current_app

from wss.domain.interim_sum import ChargedBill
from wss.queries.bills import charged_bills


def is_payable_here(bill: ChargedBill) -> bool:
    """Return whether something is left to pay on a bill, and a payee or a payment page is set."""
    config = current_app.extensions["wss"].config
    return bool(config.upi_payee or config.payment_url) and bill.amount_paise > bill.paid_paise


def bill_to_pay(account_no: str) -> ChargedBill | None:
    """Return the newest bill of a connection if it can be paid here: older ones are in its arrears."""
    config = current_app.extensions["wss"].config
    if not (config.upi_payee or config.payment_url):
        return None
    newest = next(iter(charged_bills(account_no, 1)), None)
    return newest if newest and is_payable_here(newest) else None
