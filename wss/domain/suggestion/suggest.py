"""A suggestion for disputed bills: exactly one explanation that fits, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wss.domain.billed import BillFacts, FactSource, facts_of
from wss.domain.consumption import UnitsBasis
from wss.domain.suggestion.by_reading import ReadingCase, by_reading
from wss.domain.suggestion.daily_use import READ_BILLS, TRUSTED, MeterReading, read_until
from wss.domain.suggestion.evidence import (
    Evidence,
    ReasonCode,
    Suggestion,
    SuggestionReason,
    because,
    not_sure,
)
from wss.domain.suggestion.verdicts import SuggestedVerdict

# Only for these reasons of the catalogue a reading explains the bill; the others are about something else.
WRONG_READING = "wrong_reading"
ABOUT_READING = frozenset({WRONG_READING, "reading_not_taken", "high_after_gap"})
# A reading later than this says too little about the end of the bill.
LATEST_DAYS = 120
# A bill begins on the day on which the one before ended, or up to so many days later.
GAP_DAYS = 2


def suggest(evidence: Evidence) -> Suggestion:
    """Return what the disputed bills should be, and why; never figures where several explanations fit, or none."""
    if not evidence.bills:
        return not_sure(because(ReasonCode.NO_READING))
    facts = facts_of(evidence.bills[-1], evidence.tariff_basis.rates)
    paid, replaced = _payment_missing(evidence), _meter_replaced(evidence, facts)
    if replaced is not None:
        return replaced if paid is None else not_sure(because(ReasonCode.SEVERAL_FIT))
    if paid is None:
        return _by_reading(evidence, facts)
    # The reading has to agree with the bill, whatever the consumer gave as the reason.
    read = _by_reading(replace(evidence, reason=WRONG_READING), facts)
    is_not_below = evidence.reading is None or evidence.reading >= evidence.bills[-1].current_reading
    agrees = read.verdict is SuggestedVerdict.READING_ABOVE or (is_not_below and not read.is_sure)
    return paid if agrees else not_sure(because(ReasonCode.SEVERAL_FIT))


def _payment_missing(evidence: Evidence) -> Suggestion | None:
    """The arrears are the whole bill of the month before, and a payment of it was recorded before this bill."""
    bill, before = evidence.bills[-1], evidence.before
    if len(evidence.bills) != 1 or before is None or before.paid_on is None or not before.paid_amount_paise:
        return None
    if bill.arrears_paise != before.amount_paise or before.paid_on >= bill.charged_on:
        return None
    paid = because(
        ReasonCode.PAID, month=before.bill_month, paise=before.paid_amount_paise, on=before.paid_on
    )
    arrears = because(ReasonCode.ARREARS, month=bill.bill_month, paise=bill.arrears_paise)
    return Suggestion(SuggestedVerdict.PAYMENT_MISSING, [paid, arrears])


def _meter_replaced(evidence: Evidence, facts: BillFacts) -> Suggestion | None:
    """The connection has another meter than the bill, and the reading is below that of the bill's meter.

    Without its last reading and the first one of the new meter there are no figures.
    """
    if not evidence.meter_no or not facts.meter_no or evidence.meter_no == facts.meter_no:
        return None
    other = because(ReasonCode.OTHER_METER, of_bill=facts.meter_no, now=evidence.meter_no)
    first = evidence.bills[0].previous_reading
    if evidence.reading is None or evidence.reading >= first:
        return not_sure(other)
    below = because(ReasonCode.BELOW_METER, reading=evidence.reading, previous=first)
    return Suggestion(SuggestedVerdict.METER_REPLACED, [other, below])


def _by_reading(evidence: Evidence, facts: BillFacts) -> Suggestion:
    if evidence.reading is None or evidence.read_on is None:
        return not_sure(because(ReasonCode.NO_READING))
    bills, used = evidence.bills, evidence.tariff_basis.used
    given = MeterReading(evidence.read_on, evidence.reading)
    read = read_until(used, bills[0].period_from)
    if len(read) < READ_BILLS or FactSource.UNKNOWN in facts.sources.values():
        return not_sure(because(ReasonCode.HISTORY_SHORT, bills=len(read)))
    newest = max(
        (one for one in used if one.bill_basis in TRUSTED and one.period_to <= bills[0].period_from),
        key=lambda one: one.period_to,
    )
    last = MeterReading(newest.period_to, newest.current_reading)
    doubt = next(_doubts(evidence, last, given), None)
    return not_sure(doubt) if doubt else by_reading(ReadingCase(evidence, last, given, read))


def _doubts(evidence: Evidence, last: MeterReading, given: MeterReading) -> Iterator[SuggestionReason]:
    """Yield why the reading says nothing sure about the bills."""
    bills, used = evidence.bills, evidence.tariff_basis.used
    if evidence.reason not in ABOUT_READING:
        yield because(ReasonCode.OTHER_REASON)
    starts = (last.on, *(bill.period_to for bill in bills))
    if any(
        not 0 <= (bill.period_from - end).days <= GAP_DAYS for end, bill in zip(starts, bills, strict=False)
    ):
        yield because(ReasonCode.EARLIER_NOT_READ, on=last.on)
    if bills[0].previous_reading != last.reading:
        yield because(ReasonCode.READINGS_APART, billed=bills[0].previous_reading, reading=last.reading)
    late = (given.on - bills[-1].period_to).days
    if not 0 <= late <= LATEST_DAYS:
        yield because(ReasonCode.TOO_LATE if late > 0 else ReasonCode.BEFORE_BILL_END, on=given.on)
    if given.reading < last.reading:
        yield because(ReasonCode.BELOW_LAST_READ, reading=given.reading, last=last.reading)
    if given.reading == bills[-1].current_reading:
        yield because(ReasonCode.AS_BILLED, reading=given.reading)
    later = [one for one in used if one.period_from > bills[-1].period_to]
    is_confirmed = all(
        one.units_basis is UnitsBasis.READING
        and bills[-1].current_reading <= one.current_reading <= given.reading
        for one in later
    )
    if later and not (is_confirmed and bills[-1].bill_basis == "MU"):
        yield because(ReasonCode.LATER_BILL, month=later[-1].bill_month)
