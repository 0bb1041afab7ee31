"""A suggested revision: one explanation that fits the readings, its figures, and every reason to suggest nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.dispute_kinds import dispute_case
from tests.domain.test_revision import RATES, a_bill
from wss.domain.billed import EffectiveBill
from wss.domain.calculation import TariffBasis
from wss.domain.consumption import MonthlyUnits
from wss.domain.revision import disagreement, revise
from wss.domain.suggestion.daily_use import InterpolatedReading, MeterReading, interpolate
from wss.domain.suggestion.digit_swaps import swaps_of
from wss.domain.suggestion.evidence import Evidence, ReasonCode
from wss.domain.suggestion.suggest import suggest
from wss.domain.suggestion.verdicts import SuggestedVerdict

# Nine months of 120 units that end at 2034 on 30 September 2026.
MONTHS = [
    MonthlyUnits(
        f"B{month}",
        f"2026-{month:02}",
        date(2026, month, 1),
        date(2026, month + 1, 1) - timedelta(days=1),
        2034 - 120 * (9 - month),
        120,
        "MU",
    )
    for month in range(1, 10)
]


def evidence(
    reading: int | None,
    *,
    used: Sequence[MonthlyUnits] = MONTHS,
    read_on: date = date(2026, 11, 28),
    reason: str = "wrong_reading",
    meter_no: str = "",
    before: EffectiveBill | None = None,
    **changes: object,
) -> Evidence:
    """Return a dispute of the bill of October 2026, which goes from 2034 to 4218."""
    bill = a_bill(**{"previous_reading": 2034, "current_reading": 4218, "units": 2184, **changes})
    return Evidence([bill], TariffBasis(RATES, used), reading, read_on, reason, meter_no, before)


def unread(**changes: object) -> dict[str, object]:
    return {"bill_basis": "PROV", "current_reading": 2034, "units": 120, **changes}


def test_swapped_digits_are_put_in_order():
    suggestion = suggest(evidence(2178, read_on=date(2026, 11, 8)))

    [bill] = suggestion.bills
    assert (suggestion.verdict, bill.tolerance) == (SuggestedVerdict.DIGITS_SWAPPED, 0)
    assert (bill.revised.current_reading, bill.revised.units, bill.revised.put.basis) == (2148, 114, "MU")


def test_a_provisional_bill_gets_the_reading_of_its_last_day():
    [bill] = suggest(evidence(2270, reason="reading_not_taken", **unread())).bills

    # 236 units in 59 days, 31 of them in October.
    assert (bill.revised.current_reading, bill.revised.units) == (2158, 124)


def test_several_unread_bills_follow_each_other():
    first = evidence(2300, read_on=date(2026, 12, 5), reason="reading_not_taken", **unread())
    november = {"period_from": date(2026, 11, 1), "period_to": date(2026, 11, 30), "bill_month": "2026-11"}
    second = a_bill(**unread(bill_no="B11", previous_reading=2034, **november))

    bills = suggest(replace(first, bills=[*first.bills, second])).bills

    assert [(one.revised.previous_reading, one.revised.current_reading) for one in bills] == [
        (2034, 2159),
        (2159, 2280),
    ]


@pytest.mark.parametrize(
    ("dispute", "verdict"),
    [
        (evidence(2262, current_reading=2155, units=121), SuggestedVerdict.READING_ABOVE),
        (evidence(40, meter_no="UP2", at_import_meter_no="UP1"), SuggestedVerdict.METER_REPLACED),
        (
            evidence(
                None,
                arrears_paise=900_00,
                before=a_bill(amount_paise=900_00, paid_amount_paise=900_00, paid_on=date(2026, 10, 20)),
            ),
            SuggestedVerdict.PAYMENT_MISSING,
        ),
    ],
)
def test_these_explanations_change_no_reading(dispute: Evidence, verdict: SuggestedVerdict):
    suggestion = suggest(dispute)

    assert (suggestion.verdict, suggestion.bills) == (verdict, ())


@pytest.mark.parametrize(
    ("dispute", "code"),
    [
        (Evidence([], TariffBasis(RATES)), ReasonCode.NO_READING),
        (evidence(None), ReasonCode.NO_READING),
        (evidence(2262, reason="wrong_load"), ReasonCode.OTHER_REASON),
        (evidence(2262, used=MONTHS[-2:]), ReasonCode.HISTORY_SHORT),
        (evidence(2262, used=MONTHS[:-1]), ReasonCode.EARLIER_NOT_READ),
        (evidence(2262, previous_reading=2030), ReasonCode.READINGS_APART),
        (evidence(2262, read_on=date(2026, 10, 20)), ReasonCode.BEFORE_BILL_END),
        (evidence(2262, read_on=date(2027, 3, 20)), ReasonCode.TOO_LATE),
        (evidence(2390, read_on=date(2026, 12, 30), **unread()), ReasonCode.TOO_LATE),
        (evidence(262), ReasonCode.BELOW_LAST_READ),
        (evidence(4218), ReasonCode.AS_BILLED),
        (evidence(3262), ReasonCode.NOT_PLAUSIBLE),
        (evidence(2262, current_reading=3111), ReasonCode.BELOW_BILL),
        (evidence(2262), ReasonCode.SEVERAL_SWAPS),
        (evidence(2262, meter_no="UP2", at_import_meter_no="UP1"), ReasonCode.OTHER_METER),
        (evidence(2262, **unread(bill_basis="IDF")), ReasonCode.NO_RULE),
    ],
)
def test_nothing_is_suggested_without_being_sure(dispute: Evidence, code: ReasonCode):
    suggestion = suggest(dispute)

    assert ([each.code for each in suggestion.reasons], suggestion.bills) == ([code], ())


def test_a_higher_amount_is_said():
    suggestion = suggest(evidence(2290, **unread(units=60, energy_charge_paise=330_00)))

    assert suggestion.reasons[-1].code is ReasonCode.AMOUNT_RISES


def test_a_reading_lies_between_its_neighbours_by_days():
    first, last = MeterReading(date(2026, 9, 30), 2034), MeterReading(date(2026, 11, 28), 2270)

    assert interpolate(first, last, date(2026, 10, 31)) == InterpolatedReading(2158, 59)


def test_digits_are_exchanged_or_moved():
    assert {2148, 4128, 4281, 8214} <= swaps_of(4218)
    assert swaps_of(77) == set()


@given(seed=st.integers(0, 10**6))
def test_what_is_suggested_can_be_proposed(seed: int):
    case = dispute_case(Random(seed))
    suggestion = suggest(case.evidence)
    bills = {bill.bill_no: bill for bill in case.evidence.bills}
    codes = {each.code for each in suggestion.reasons}

    assert suggestion.is_sure or not suggestion.bills
    for one in suggestion.bills:
        bill, revised = bills[one.revised.bill_no], one.revised
        assert revise(bill, revised.put, case.evidence.tariff_basis) == revised
        assert disagreement(bill, revised) is None
        assert revised.amount_paise <= bill.amount_paise or ReasonCode.AMOUNT_RISES in codes
    assert suggest(replace(case.evidence, reading=None)).bills == ()
