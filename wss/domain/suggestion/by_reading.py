"""The explanations of a bill by the consumer's reading: digits swapped, bill without a reading, meter shows more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from wss.domain.billed import BillInput, EffectiveBill, as_issued
from wss.domain.consumption import MonthlyUnits
from wss.domain.errors import RuleBroken
from wss.domain.meter_units import METERED, MILLI, BillInputError, half_up
from wss.domain.revision import revise
from wss.domain.suggestion.daily_use import (
    TRUSTED,
    InterpolatedReading,
    MeterReading,
    interpolate,
    usual_units,
)
from wss.domain.suggestion.digit_swaps import changed_digits_of, swaps_of
from wss.domain.suggestion.evidence import (
    Evidence,
    ReasonCode,
    SuggestedBill,
    Suggestion,
    SuggestionReason,
    because,
    not_sure,
)
from wss.domain.suggestion.verdicts import SuggestedVerdict

# On these bases the meter was not read, and nothing is known against it.
UNREAD = frozenset({"NA", "NR", "PROV"})
# On these bases a reader typed a reading; the billing system doubts the last three.
TYPED = TRUSTED | {"CEIL", "CDF", "RDF"}
# Use is plausible from the usual / NEAR to the usual * NEAR where the figures depend on the reading alone, and
# with WIDE where the digits of the bill confirm it.
NEAR, WIDE = Fraction(5, 4), Fraction(2)
# A bill is high from HIGH times the usual on, as in consumption.py. From FAR on it is no invented reading.
HIGH, FAR = 2, 6
# A later use shows whether the reading on a bill was too high: up to so many days after it, with so many bills known.
LATEST_TO_CONFIRM, LEAST_TO_CONFIRM = 45, 6
# A slip of the consumer may be so small that the reading is still near the usual: it is counted as a tenth of the use.
SLIP = 10
# The closing reading of an unread bill is known well enough if its tolerance is at most this share of the use.
LARGEST_TOLERANCE = Fraction(2, 3)
# Differences from the usual that are smaller than this prove nothing.
LEAST_STEPS = 5


@dataclass(frozen=True, slots=True)
class ReadingCase:
    """The disputed bills, the last reading before them, the consumer's reading, and the bills with a reading."""

    evidence: Evidence
    last: MeterReading
    given: MeterReading
    read: Sequence[MonthlyUnits]

    @property
    def newest(self) -> EffectiveBill:
        """Return the newest of the disputed bills."""
        return self.evidence.bills[-1]

    def issued(self, bill: EffectiveBill) -> BillInput:
        """Return the readings and facts of a bill as issued."""
        return as_issued(bill, self.evidence.tariff_basis.rates)

    def at(self, day: date) -> InterpolatedReading:
        """Return the reading at the end of a day, between the last one and the consumer's."""
        return interpolate(self.last, self.given, day)

    def usual_steps(self, first: date, last: date) -> Fraction:
        """Return the usual use between two days in steps of the register."""
        factor = self.issued(self.newest).multiplying_factor_milli
        return (usual_units(self.read, first, last) or Fraction(0)) * MILLI / factor

    def is_plausible(self, end: MeterReading, band: Fraction, begin: MeterReading | None = None) -> bool:
        """Return whether the use from a reading (the last one) to another is within a band of the usual."""
        begin = begin or self.last
        usual = self.usual_steps(begin.on, end.on)
        slack = usual if usual < LEAST_STEPS else LEAST_STEPS
        return usual / band - slack <= end.reading - begin.reading <= usual * band + slack

    def is_above(self, bill: EffectiveBill, times: int) -> bool:
        """Return whether the reading on a bill is below the last one, or so many times above the usual."""
        steps = bill.current_reading - self.last.reading
        return steps < 0 or steps >= times * self.usual_steps(self.last.on, bill.period_to)


def by_reading(case: ReadingCase) -> Suggestion:
    """Return the one explanation that fits the reading; not sure without one, or with several."""
    found = list(_explanations(case))
    sure = [one for one in found if one.is_sure]
    if len(sure) > 1:
        return not_sure(because(ReasonCode.SEVERAL_FIT))
    return (sure or found or [not_sure(because(ReasonCode.NO_RULE, basis=case.newest.bill_basis))])[0]


def _explanations(case: ReadingCase) -> Iterator[Suggestion]:
    bases = {bill.bill_basis for bill in case.evidence.bills}
    if bases <= UNREAD:
        yield _provisional(case)
    if bases <= TYPED and len(case.evidence.bills) == 1 and case.is_above(case.newest, FAR):
        yield _digits_swapped(case)
    if bases <= TRUSTED:
        yield _reading_above(case)


def _digits_swapped(case: ReadingCase) -> Suggestion:
    """The reading on the bill is one slip of order away from the reading at its end, and far from the usual."""
    bill, at = case.newest, case.at(case.newest.period_to)
    if not case.is_plausible(case.given, WIDE):
        return not_sure(_not_plausible(case))
    slips = swaps_of(bill.current_reading)
    fitting = sorted(
        one
        for one in slips | changed_digits_of(bill.current_reading)
        if case.last.reading <= one <= case.given.reading and abs(one - at.reading) <= at.tolerance
    )
    if len(fitting) > 1:
        return not_sure(because(ReasonCode.SEVERAL_SWAPS, readings=", ".join(map(str, fitting))))
    # Near the edge of the tolerance another reading, that is no slip, is as likely.
    if not fitting or fitting[0] not in slips or abs(fitting[0] - at.reading) * 2 > at.tolerance:
        return not_sure(_below_bill(case))
    put = replace(case.issued(bill), current_reading=fitting[0], basis=METERED, register_digits=None)
    digits = because(
        ReasonCode.DIGITS,
        billed=bill.current_reading,
        reading=fitting[0],
        about=at.reading,
        tolerance=at.tolerance,
    )
    return _with_figures(case, SuggestedVerdict.DIGITS_SWAPPED, [digits], [(bill, put, 0)])


def _provisional(case: ReadingCase) -> Suggestion:
    """The bills follow no reading, and the consumer's is near the usual: it says what was used."""
    if not case.is_plausible(case.given, NEAR):
        return not_sure(_not_plausible(case))
    reasons = [because(ReasonCode.NOT_READ, basis=case.newest.bill_basis)]
    begin, figures = case.last.reading, []
    slip = (case.given.reading - begin) // SLIP
    for bill in case.evidence.bills:
        at = case.at(bill.period_to)
        tolerance = at.tolerance + slip
        put = replace(
            case.issued(bill),
            previous_reading=begin,
            current_reading=at.reading,
            basis=METERED,
            register_digits=None,
        )
        stood = because(ReasonCode.STOOD_AT, reading=at.reading, tolerance=tolerance, on=bill.period_to)
        reasons.append(stood)
        figures.append((bill, put, tolerance))
        begin = at.reading
    if tolerance > LARGEST_TOLERANCE * (begin - case.last.reading):
        return not_sure(because(ReasonCode.TOO_LATE, on=case.given.on))
    return _with_figures(case, SuggestedVerdict.PROVISIONAL, reasons, figures)


def _reading_above(case: ReadingCase) -> Suggestion:
    """The meter shows more than was billed, by a use that is usual since: there is nothing to reduce."""
    bill, at = case.newest, case.at(case.newest.period_to)
    billed = MeterReading(bill.period_to, bill.current_reading)
    if case.given.reading < billed.reading:
        return not_sure(_below_bill(case))
    # A bill that was read too high leaves less than the usual for the days since.
    is_even = abs(billed.reading - at.reading) * 2 <= at.tolerance
    is_high = case.is_above(bill, HIGH)
    if (
        case.is_above(bill, FAR)
        or not (is_even or is_high)
        or not case.is_plausible(case.given, NEAR, billed)
    ):
        return not_sure(_not_plausible(case))
    if len(case.read) < LEAST_TO_CONFIRM:
        return not_sure(because(ReasonCode.HISTORY_SHORT, bills=len(case.read)))
    if (case.given.on - bill.period_to).days > LATEST_TO_CONFIRM:
        return not_sure(because(ReasonCode.TOO_LATE, on=case.given.on))
    if is_high and any(abs(one - at.reading) <= at.tolerance for one in swaps_of(bill.current_reading)):
        return not_sure(because(ReasonCode.SEVERAL_FIT))
    steps = case.given.reading - bill.current_reading
    more = because(ReasonCode.MORE_THAN_BILLED, billed=bill.current_reading, steps=steps)
    return Suggestion(SuggestedVerdict.READING_ABOVE, [*_readings(case), more])


def _with_figures(
    case: ReadingCase,
    verdict: SuggestedVerdict,
    reasons: Sequence[SuggestionReason],
    figures: Sequence[tuple[EffectiveBill, BillInput, int]],
) -> Suggestion:
    """Return a suggestion with the figures of the revision calculation; not sure where it has none."""
    try:
        bills = [
            SuggestedBill(revise(bill, put, case.evidence.tariff_basis), tolerance)
            for bill, put, tolerance in figures
        ]
    except (BillInputError, RuleBroken) as broken:
        return not_sure(because(ReasonCode.NO_FIGURES, why=broken.code))
    more = [
        (bill, one.revised.amount_paise - bill.amount_paise)
        for (bill, _put, _tolerance), one in zip(figures, bills, strict=True)
    ]
    rises = [
        because(ReasonCode.AMOUNT_RISES, month=bill.bill_month, paise=paise)
        for bill, paise in more
        if paise > 0
    ]
    return Suggestion(verdict, [*reasons, *_readings(case), *rises], bills)


def _readings(case: ReadingCase) -> list[SuggestionReason]:
    usual = case.usual_steps(case.last.on, case.given.on)
    return [
        because(ReasonCode.LAST_READ, reading=case.last.reading, on=case.last.on),
        because(ReasonCode.READING_GIVEN, reading=case.given.reading, on=case.given.on),
        because(
            ReasonCode.USUAL,
            steps=case.given.reading - case.last.reading,
            usual=half_up(usual.numerator, usual.denominator),
            days=(case.given.on - case.last.on).days,
        ),
    ]


def _not_plausible(case: ReadingCase) -> SuggestionReason:
    return replace(_readings(case)[-1], code=ReasonCode.NOT_PLAUSIBLE)


def _below_bill(case: ReadingCase) -> SuggestionReason:
    at = case.at(case.newest.period_to)
    return because(
        ReasonCode.BELOW_BILL,
        billed=case.newest.current_reading,
        reading=case.given.reading,
        about=at.reading,
        tolerance=at.tolerance,
    )
