"""The amounts that can be paid during a complaint, by hand: a bill of Rs 1,500 with arrears of Rs 900."""

from dataclasses import replace
from datetime import date

import pytest

from wss.domain.interim_sum import ChargedBill, InterimSum
from wss.domain.payment_choice import payment_choices

DAY = date(2026, 10, 1)
BILL = ChargedBill("B2", DAY, DAY, 1500_00, 900_00, None)
EARLIER = [ChargedBill("B1", DAY, DAY, 900_00, 100_00, 300_00)]
INTERIM = InterimSum(900_00, 200_00, 200_00, 0)


def choices(bill=BILL, disputed=("B1",), interim=None) -> list[tuple[str, int]]:
    return [(each.part, each.amount_paise) for each in payment_choices(bill, EARLIER, disputed, interim)]


def test_without_a_complaint_only_the_whole_is_to_be_paid():
    assert choices(disputed=()) == [("whole", 1500_00)]


def test_of_a_disputed_earlier_bill_its_own_unpaid_charges_are_left_out():
    # 900 less arrears of 100 and a payment of 300 leaves 500 in the complaint.
    assert choices() == [("whole", 1500_00), ("undisputed", 1000_00)]


def test_with_a_rule_the_accepted_sum_is_added_and_offered_first():
    assert choices(interim=INTERIM) == [("interim", 1200_00), ("whole", 1500_00)]


def test_a_disputed_part_is_at_most_what_the_bill_has_as_arrears():
    assert choices(replace(BILL, arrears_paise=400_00)) == [("whole", 1500_00), ("undisputed", 1100_00)]
    assert choices(replace(BILL, arrears_paise=-50_00)) == [("whole", 1500_00)]


def test_what_is_paid_already_is_not_asked_for_again():
    paid = replace(BILL, paid_amount_paise=1300_00)

    assert choices(paid) == [("whole", 200_00), ("undisputed", 0)]
    assert choices(paid, interim=INTERIM) == [("interim", 200_00), ("whole", 200_00)]


@pytest.mark.parametrize(("interim", "first"), [(None, ("whole", 1500_00)), (INTERIM, ("interim", 200_00))])
def test_of_a_disputed_bill_the_sum_until_the_decision_is_offered_first(interim, first):
    assert choices(disputed=("B2",), interim=interim)[0] == first
