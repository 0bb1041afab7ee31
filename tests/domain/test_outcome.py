"""The amount to be paid or refunded after a decision about bills."""

from datetime import date

import pytest

from wss.domain.lifecycle import Resolution
from wss.domain.outcome import BillOutcome, RequestOutcome


def outcome(*bills: tuple[int, int, int, int]) -> RequestOutcome:
    """Return the outcome of a revision; of each bill: issued, revised, included arrears, and paid."""
    return RequestOutcome(
        Resolution.REVISED,
        bills=[
            BillOutcome(f"RV{place}", f"2026-0{place + 1}", *amounts, date(2026, 12, place + 1))
            for place, amounts in enumerate(bills)
        ],
    )


@pytest.mark.parametrize(
    ("bills", "balance"),
    [
        ([(14_900_55, 889_35, 0, 0)], 889_35),
        ([(14_900_55, 889_35, 0, 889_35)], 0),
        ([(14_900_55, 889_35, 0, 14_900_55)], 889_35 - 14_900_55),
        ([(900_00, 400_00, 0, 0), (500_00, 500_00, 0, 0)], 900_00),
        ([(900_00, 400_00, 0, 0), (900_00, 900_00, 400_00, 0)], 900_00),
        ([(900_00, 400_00, 0, 0), (1_400_00, 1_400_00, 900_00, 0)], 1_400_00),
        ([(900_00, 400_00, 0, 900_00), (0, 0, -500_00, 0)], 0),
    ],
)
def test_what_is_left_counts_what_was_paid_and_no_arrears_twice(bills, balance):
    assert outcome(*bills).balance_paise == balance


def test_it_is_due_by_the_first_due_date_of_what_is_not_paid():
    assert outcome((900, 400, 0, 400), (500, 500, 0, 0)).due_on == date(2026, 12, 2)
