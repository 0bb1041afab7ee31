"""The amounts of a bill that a consumer can choose to pay while a complaint is open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wss.domain.interim_sum import ChargedBill, InterimSum


class PaymentPart(StrEnum):
    """What an amount covers: the sum until the decision, the whole bill, or the part that is in no complaint."""

    INTERIM = "interim"
    WHOLE = "whole"
    UNDISPUTED = "undisputed"


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    """An amount that can be paid."""

    part: PaymentPart
    amount_paise: int


def payment_choices(
    bill: ChargedBill, earlier: Sequence[ChargedBill], disputed: Collection[str], interim: InterimSum | None
) -> list[PaymentChoice]:
    """Return the amounts to choose from, the one to offer first at the beginning.

    `disputed` are the numbers of bills in an open complaint, `interim` is the sum that the discom accepts for them.
    What is disputed of earlier bills, and not paid, is in the arrears of this one. Without a rule of the discom the
    whole bill is offered first: that a part is disputed does not say that it need not be paid.
    """
    balance = bill.amount_paise - bill.paid_paise
    whole = PaymentChoice(PaymentPart.WHOLE, balance)
    if bill.bill_no in disputed:
        if interim is None or not interim.is_less:
            return [whole]
        return [PaymentChoice(PaymentPart.INTERIM, min(balance, interim.to_pay_paise)), whole]
    unpaid = sum(
        max(0, each.amount_paise - max(0, each.arrears_paise) - each.paid_paise)
        for each in earlier
        if each.bill_no in disputed
    )
    in_complaint = min(unpaid, bill.arrears_paise, balance)
    if in_complaint <= 0:
        return [whole]
    if interim is None:
        return [whole, PaymentChoice(PaymentPart.UNDISPUTED, balance - in_complaint)]
    accepted = min(in_complaint, interim.to_pay_paise)
    return [PaymentChoice(PaymentPart.INTERIM, balance - in_complaint + accepted), whole]
