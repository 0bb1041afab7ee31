"""The estimate of a bill from today's reading: figures computed by hand, and every case without figures."""

from collections.abc import Sequence
from datetime import date

import pytest

from tests.domain.test_revision import RATES, a_bill
from tests.domain.test_suggestion import MONTHS
from wss.domain.bill_estimate import BillEstimate, EstimateCode, estimate, stored_estimate
from wss.domain.calculation import TariffBasis
from wss.domain.consumption import MonthlyUnits
from wss.domain.suggestion.daily_use import MeterReading
from wss.domain.tariff import Rate

TODAY = date(2026, 11, 28)
# 4 kW: fixed 440.00; 2,184 units: 825 + 900 + 1,884 * 6.50 = 13,971.00; duty 5 % = 720.55.
CHARGES = {
    "fixed_charge_paise": 440_00,
    "energy_charge_paise": 13971_00,
    "electricity_duty_paise": 720_55,
    "amount_paise": 15131_55,
}
UNREAD = {"bill_basis": "PROV", "current_reading": 2034}


def estimated(
    reading: int,
    *,
    on: date = TODAY,
    used: Sequence[MonthlyUnits] = MONTHS,
    rates: Sequence[Rate] = RATES,
    meter_no: str = "",
    **changes: object,
) -> BillEstimate:
    """Return the estimate of the bill of October 2026, billed from 2034 to 4218."""
    figures = {"previous_reading": 2034, "current_reading": 4218, "units": 2184, **CHARGES}
    bill = a_bill(**{**figures, **changes})
    return estimate([bill], TariffBasis(rates, used), MeterReading(on, reading), meter_no)


def test_a_wrong_reading_gets_the_share_of_its_days():
    [bill] = estimated(2270).bills

    # 236 units in the 59 days from 30 September, 31 of them in October: 124 units at 5.50 = 682.00;
    # with the fixed charge 1,122.00, and 5 % duty 56.10.
    assert (bill.billed_units, bill.billed_paise) == (2184, 15131_55)
    assert (bill.units, bill.paise) == (124, 1178_10)


def test_arrears_and_other_charges_stay_as_billed():
    found = estimated(2270, arrears_paise=500_00, other_charge_paise=20_00, amount_paise=15651_55)

    assert found.paise == 1178_10 + 520_00


def test_a_bill_without_a_reading_is_counted_from_the_last_actual_one():
    found = estimated(2270, **UNREAD)

    assert found.first == MeterReading(date(2026, 9, 30), 2034)
    assert (found.code, found.units) == (EstimateCode.COMPUTED, 124)


def test_earlier_bills_by_average_keep_their_share_of_the_days():
    until_august = [*MONTHS[:-1], MonthlyUnits("B9", "2026-09", *_september(), 1914, 100, "PROV")]

    found = estimated(
        2270, used=until_august, **{**UNREAD, "previous_reading": 1914, "current_reading": 1914}
    )

    # 356 units in the 89 days from 31 August: 120 until 30 September, 244 until 31 October.
    assert (found.first, found.units) == (MeterReading(date(2026, 8, 31), 1914), 124)


def _september() -> tuple[date, date]:
    return date(2026, 9, 1), date(2026, 9, 30)


@pytest.mark.parametrize(
    "case",
    [{"rates": []}, {"category": "LMV-9"}, {"energy_charge_paise": 1_00}],
    ids=["no rows", "another category", "rows that do not give the bill"],
)
def test_without_a_fitting_tariff_there_are_units_only(case: dict[str, object]):
    found = estimated(2270, **case)  # type: ignore[arg-type]

    assert (found.code, found.units, found.bills[0].paise) == (EstimateCode.UNITS_ONLY, 124, None)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"bill_basis": "UM"}, EstimateCode.WITHOUT_METER),
        ({"bill_basis": "IDF"}, EstimateCode.DEFECTIVE),
        ({"bill_basis": "MIN"}, EstimateCode.MINIMUM_CHARGE),
        ({"meter_no": "M2", "at_import_meter_no": "M1"}, EstimateCode.METER_REPLACED),
        ({"used": [], **UNREAD}, EstimateCode.NO_EARLIER_READING),
        ({"reading": 2033}, EstimateCode.BELOW_EARLIER),
        ({"on": date(2026, 10, 30)}, EstimateCode.TOO_EARLY),
        ({"on": date(2027, 3, 1)}, EstimateCode.TOO_LATE),
        ({"reading": 99999}, EstimateCode.DOUBTFUL),
        ({"reading": 4218}, EstimateCode.CONFIRMED),
    ],
)
def test_some_bills_have_no_figures(case: dict[str, object], code: EstimateCode):
    found = estimated(**{"reading": 2270, **case})  # type: ignore[arg-type]

    assert (found.code, found.bills) == (code, ())


@pytest.mark.parametrize(("later", "code"), [(2290, EstimateCode.COMPUTED), (2269, EstimateCode.READ_SINCE)])
def test_a_later_reading_that_the_meter_has_reached_is_better_evidence(later: int, code: EstimateCode):
    november = MonthlyUnits("B11", "2026-11", date(2026, 11, 1), date(2026, 11, 20), later, 90, "MU")

    assert estimated(2270, used=[*MONTHS, november]).code is code


def test_several_bills_are_estimated_together_and_stored_as_they_were():
    first, last = (
        a_bill(
            bill_no=number,
            period_from=begin,
            period_to=end,
            **CHARGES,
            **UNREAD,
            units=2184,
            previous_reading=2034,
        )
        for number, begin, end in (
            ("B10", date(2026, 10, 1), date(2026, 10, 31)),
            ("B11", date(2026, 11, 1), date(2026, 11, 30)),
        )
    )

    found = estimate([first, last], TariffBasis(RATES, MONTHS), MeterReading(date(2026, 12, 10), 2318))

    # 284 units in 71 days, four a day.
    assert [bill.units for bill in found.bills] == [124, 120]
    assert stored_estimate(found.as_stored()) == found
