"""The sum to pay until the decision: the average of the months before, at most the claim, by hand."""

from datetime import date

import pytest

from wss.domain.interim_sum import ChargedBill, InterimRule, interim_sum

CHARGED, PAID = InterimRule.AVERAGE_CHARGED, InterimRule.AVERAGE_PAID


def a_bill(
    month: int, amount: int, *, arrears: int = 0, paid: int | None = None, months: int = 1
) -> ChargedBill:
    last = date(2026, month + months - 1, 28)
    return ChargedBill(
        f"B{month}", date(2026, month, 1), last, amount * 100, arrears * 100, paid and paid * 100
    )


DISPUTED = [a_bill(10, 15000)]
# Newest first: 700, 800, 900 three times over, of which 200 are arrears each time; paid are 500.
EARLIER = [a_bill(9 - number, 900 + number % 3 * 100, arrears=200, paid=500) for number in range(9)]


def test_the_average_of_the_charges_is_without_arrears():
    found = interim_sum(CHARGED, 6, DISPUTED, EARLIER)

    assert found is not None
    assert (found.monthly_paise, found.sum_paise, found.claimed_paise) == (800_00, 800_00, 15000_00)
    assert (found.is_less, found.to_pay_paise) == (True, 800_00)


def test_the_average_of_the_payments_is_of_what_was_paid():
    found = interim_sum(PAID, 6, DISPUTED, EARLIER)

    assert found is not None and found.sum_paise == 500_00


def test_a_claim_below_the_average_is_the_sum():
    found = interim_sum(CHARGED, 6, [a_bill(10, 650)], EARLIER)

    assert found is not None and (found.sum_paise, found.is_less) == (650_00, False)


def test_each_month_of_the_disputed_bills_counts():
    found = interim_sum(CHARGED, 6, [a_bill(10, 15000, months=2), a_bill(12, 15000)], EARLIER)

    assert found is not None and found.sum_paise == 3 * 800_00


@pytest.mark.parametrize(("paid", "left"), [(300, 500_00), (800, 0), (900, 0)])
def test_what_is_paid_on_the_bill_is_taken_off(paid: int, left: int):
    found = interim_sum(CHARGED, 6, [a_bill(10, 15000, paid=paid)], EARLIER)

    assert found is not None and found.to_pay_paise == left


def test_an_average_is_rounded_to_the_rupee():
    found = interim_sum(CHARGED, 3, DISPUTED, [a_bill(9, 100), a_bill(8, 100), a_bill(7, 101)])

    assert found is not None and found.sum_paise == 100_00


@pytest.mark.parametrize(
    "earlier",
    [[], EARLIER[:5], [a_bill(9 - number, 0) for number in range(6)]],
    ids=["none", "five", "nothing"],
)
def test_without_the_months_of_the_rule_there_is_no_sum(earlier: list[ChargedBill]):
    assert interim_sum(CHARGED, 6, DISPUTED, earlier) is None
