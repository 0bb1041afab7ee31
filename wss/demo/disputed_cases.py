"""Connections whose newest bill is disputed for a known reason: one for each verdict of a suggestion, some not sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from wss.demo.synthetic import (
    MONTHS,
    Row,
    SyntheticWorld,
    account_no,
    bill_no,
    connection,
    mobile_of,
    money_columns,
    rupees,
)
from wss.domain.suggestion.verdicts import SuggestedVerdict
from wss.domain.tariff import WATTS_PER_KW, charge, rates_on

# The newest bill ends so many days before today, on which the complaint is registered.
DAYS_SINCE = 18
_LOAD_KW, _ISSUED_AFTER, _PAID_AFTER = 2, 6, 9


@dataclass(frozen=True, slots=True)
class DisputedCase:
    """A case: its truth, the consumer's reason and reading, and how the newest bill differs from the meter.

    `at_end` is the meter at the end of the newest bill, `a_day` what is used. `reading` is the consumer's; by default
    what the meter shows.
    """

    name: str
    verdict: SuggestedVerdict
    reason: str
    at_end: int
    a_day: float
    remarks: str
    billed: int | None = None
    provisional_units: int | None = None
    reading: int | None = None
    has_reading: bool = True
    old_meter_no: str = ""
    is_payment_missing: bool = False

    def shown(self, days_after: int) -> int:
        """Return what the meter shows so many days after the end of the newest bill; before it with a minus."""
        return self.at_end + round(self.a_day * days_after)

    @property
    def given(self) -> int | None:
        """Return the reading in the complaint."""
        if not self.has_reading:
            return None
        return self.shown(DAYS_SINCE) if self.reading is None else self.reading


CASES = (
    DisputedCase(
        "swapped",
        SuggestedVerdict.DIGITS_SWAPPED,
        "wrong_reading",
        3161,
        2.2,
        "बिल की रीडिंग मेरे मीटर से आगे है। दो अंक आपस में बदल गए लगते हैं।",
        billed=3611,
    ),
    DisputedCase(
        "provisional",
        SuggestedVerdict.PROVISIONAL,
        "reading_not_taken",
        5640,
        4.0,
        "रीडिंग लेने कोई नहीं आया, बिल अनुमान से बना दिया। मीटर की रीडिंग लिख दी है।",
        provisional_units=430,
    ),
    DisputedCase(
        "above",
        SuggestedVerdict.READING_ABOVE,
        "wrong_reading",
        7412,
        3.5,
        "पिछले महीने से दोगुना बिल है, रीडिंग जाँच लें।",
    ),
    DisputedCase(
        "meter",
        SuggestedVerdict.METER_REPLACED,
        "meter_changed",
        8120,
        3.0,
        "मीटर बदल चुका है, बिल में अब भी पुराना मीटर नंबर छपा है।",
        provisional_units=310,
        reading=84,
        old_meter_no="UP10458213",
    ),
    DisputedCase(
        "payment",
        SuggestedVerdict.PAYMENT_MISSING,
        "payment_not_posted",
        2755,
        2.8,
        "पिछला बिल जमा कर चुका हूँ, फिर भी बकाया जुड़कर आया है। और रीडिंग भी देख लें।",
        is_payment_missing=True,
    ),
    DisputedCase(
        "no reading",
        SuggestedVerdict.NOT_SURE,
        "too_high",
        4380,
        3.2,
        "इतना बिल पहले कभी नहीं आया। मीटर ऊँचाई पर है, रीडिंग दिखती नहीं।",
        has_reading=False,
    ),
    DisputedCase(
        "copied",
        SuggestedVerdict.NOT_SURE,
        "reading_not_taken",
        6230,
        3.0,
        "घर बंद था, रीडर लौट गया और अनुमान से बिल भेज दिया।",
        provisional_units=290,
        reading=6140,
    ),
    DisputedCase(
        "invented",
        SuggestedVerdict.NOT_SURE,
        "wrong_reading",
        1530,
        2.5,
        "बिल में लिखी रीडिंग तक मेरा मीटर अभी पहुँचा ही नहीं।",
        billed=1790,
        reading=1575,
    ),
)


def case_connection(world: SyntheticWorld, index: int) -> Row:
    """Return the connection of a case as a row of connections.csv: a home in the first sub-division."""
    row = list(connection(world, index))
    row[2] = world.subdivisions[0]
    row[6] = mobile_of(world, index)
    row[8] = "LMV-1U" if row[1] == "urban" else "LMV-1R"
    row[9:11] = [str(_LOAD_KW), "kWh"]
    row[13] = "active"
    return tuple(row)


def case_bills(world: SyntheticWorld, case: DisputedCase, index: int, of: Row) -> Iterator[Row]:
    """Yield the twelve bills of a case as rows of bills.csv, oldest first; all but the newest are paid."""
    ends = list(_ends(world.today - timedelta(days=DAYS_SINCE)))
    previous_amount = 0
    for place, (begin, end) in enumerate(pairwise(ends)):
        is_newest = place == MONTHS - 1
        readings, units, basis = _billed(case, ends[-1], begin, end, is_newest=is_newest)
        issued = end + timedelta(days=_ISSUED_AFTER)
        charges = charge(rates_on(world.rates, of[8], issued), units, _LOAD_KW * WATTS_PER_KW)
        arrears = previous_amount if is_newest and case.is_payment_missing else 0
        amount = charges.total + arrears
        paid = (rupees(amount), (issued + timedelta(days=_PAID_AFTER)).isoformat())
        yield (
            bill_no(end, index),
            f"S{place:02d}{index:08d}",
            account_no(world, index),
            f"{end:%Y-%m}",
            (begin + timedelta(days=1)).isoformat(),
            end.isoformat(),
            *map(str, readings),
            str(units),
            basis,
            issued.isoformat(),
            (issued + timedelta(days=14)).isoformat(),
            *money_columns(charges, arrears),
            rupees(amount),
            *(("0.00", "") if is_newest else paid),
            *("", "", "", "", case.old_meter_no),
        )
        previous_amount = amount


def _billed(
    case: DisputedCase, last: date, begin: date, end: date, *, is_newest: bool
) -> tuple[tuple[int, int], int, str]:
    """Return the readings, the units and the basis of a bill."""
    previous, current = (case.shown((day - last).days) for day in (begin, end))
    if is_newest and case.provisional_units is not None:
        return (previous, previous), case.provisional_units, "PROV"
    if is_newest and case.billed is not None:
        current = case.billed
    return (previous, current), current - previous, "MU"


def _ends(newest: date) -> Iterator[date]:
    """Yield the ends of the bills, oldest first, and before them the day on which the first begins."""
    day = min(newest.day, 28)
    number = newest.year * 12 + newest.month - 1
    for at in range(number - MONTHS, number):
        yield date(at // 12, at % 12 + 1, day)
    yield newest
