"""The suggested revision in words: its verdict, its reasons, and the note to the consumer in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l

from wss.domain.suggestion.evidence import ReasonCode, Suggestion
from wss.domain.suggestion.verdicts import SuggestedVerdict
from wss.web import filters
from wss.web.language import in_language

VERDICTS = {
    SuggestedVerdict.DIGITS_SWAPPED: _l("The digits of the reading were swapped"),
    SuggestedVerdict.PROVISIONAL: _l("Not read: the consumer’s reading shows the use"),
    SuggestedVerdict.READING_ABOVE: _l("The meter shows more than was billed: nothing to reduce"),
    SuggestedVerdict.METER_REPLACED: _l("The reading is from a new meter"),
    SuggestedVerdict.PAYMENT_MISSING: _l("A payment was not taken off the arrears"),
    SuggestedVerdict.NOT_SURE: _l("No suggestion: check the figures"),
}
# In lists, next to the number of a request.
VERDICT_CHIPS = {
    SuggestedVerdict.DIGITS_SWAPPED: _l("digits swapped"),
    SuggestedVerdict.PROVISIONAL: _l("provisional + reading"),
    SuggestedVerdict.READING_ABOVE: _l("reading above the bill"),
    SuggestedVerdict.METER_REPLACED: _l("meter replaced"),
    SuggestedVerdict.PAYMENT_MISSING: _l("payment missing"),
    SuggestedVerdict.NOT_SURE: _l("not sure"),
}
REASONS = {
    ReasonCode.LAST_READ: _l("Last reading before: %(reading)s on %(on)s."),
    ReasonCode.READING_GIVEN: _l("Consumer’s reading: %(reading)s on %(on)s."),
    ReasonCode.STOOD_AT: _l("By days, the meter was at about %(reading)s (± %(tolerance)s) on %(on)s."),
    ReasonCode.DIGITS: _l(
        "The bill has %(billed)s. With two digits in another order it is %(reading)s; by days about %(about)s "
        "(± %(tolerance)s) is expected."
    ),
    ReasonCode.USUAL: _l("Between the readings: %(steps)s in %(days)s days; usual: %(usual)s."),
    ReasonCode.NOT_READ: _l("The basis of the bill is %(basis)s: the meter was not read."),
    ReasonCode.MORE_THAN_BILLED: _l("The bill has %(billed)s; the meter has counted %(steps)s more since."),
    ReasonCode.OTHER_METER: _l("The bill is for meter %(of_bill)s; the connection now has meter %(now)s."),
    ReasonCode.BELOW_METER: _l(
        "The reading %(reading)s is below %(previous)s, where the bill starts. Find the last reading of the old "
        "meter and the first of the new one."
    ),
    ReasonCode.PAID: _l("Bill of %(month)s: %(paise)s paid on %(on)s."),
    ReasonCode.ARREARS: _l("The bill of %(month)s still has arrears of %(paise)s. Have the payment posted."),
    ReasonCode.AMOUNT_RISES: _l("The bill of %(month)s rises by %(paise)s."),
    ReasonCode.NO_READING: _l("The consumer gave no reading. If the meter works, ask for it with a photo."),
    ReasonCode.OTHER_REASON: _l(
        "This complaint is not about the reading, so there is no suggestion. See “Self-check” in the whole request."
    ),
    ReasonCode.HISTORY_SHORT: _l(
        "Too few earlier bills with a sure reading: %(bills)s. Check the reading yourself and enter it."
    ),
    ReasonCode.EARLIER_NOT_READ: _l(
        "The bill before was not read, or is missing. Last sure reading: %(on)s."
    ),
    ReasonCode.READINGS_APART: _l("The bill starts at %(billed)s; the bill before ends at %(reading)s."),
    ReasonCode.LATER_BILL: _l(
        "A later bill exists, of %(month)s. Check the reading yourself, and whether that bill changes too."
    ),
    ReasonCode.BEFORE_BILL_END: _l("The reading of %(on)s is older than the end of the bill."),
    ReasonCode.TOO_LATE: _l("The reading of %(on)s is too late to show the end of the bill."),
    ReasonCode.BELOW_LAST_READ: _l(
        "The reading %(reading)s is below the last one, %(last)s: a missing digit, or another meter?"
    ),
    ReasonCode.AS_BILLED: _l("The consumer’s reading is that of the bill, %(reading)s: copied from it?"),
    ReasonCode.NOT_PLAUSIBLE: _l(
        "Between the readings: %(steps)s in %(days)s days. Usual: %(usual)s. Too far apart."
    ),
    ReasonCode.BELOW_BILL: _l(
        "The bill has %(billed)s, the consumer %(reading)s; by days about %(about)s (± %(tolerance)s). No swap of "
        "digits explains it."
    ),
    ReasonCode.SEVERAL_SWAPS: _l("Several readings may have been meant: %(readings)s. See the photo."),
    ReasonCode.SEVERAL_FIT: _l("More than one explanation fits."),
    ReasonCode.NO_RULE: _l("For a bill on the basis %(basis)s there is no rule."),
    ReasonCode.NO_FIGURES: _l("The figures cannot be computed. Is there a tariff for the date of the bill?"),
}
NOTES = {
    SuggestedVerdict.DIGITS_SWAPPED: _l(
        "The digits of the reading on your bill were swapped: %(billed)s instead of %(reading)s. We have corrected it."
    ),
    SuggestedVerdict.PROVISIONAL: _l(
        "Your meter had not been read for this bill. We have computed it from your reading, %(reading)s on %(on)s."
    ),
    SuggestedVerdict.READING_ABOVE: _l(
        "Your meter showed %(reading)s on %(on)s, more than the bill has. The reading on the bill is right."
    ),
    SuggestedVerdict.METER_REPLACED: _l(
        "Your reading is from a new meter, and the bill is for the old one. We check the readings of both."
    ),
    SuggestedVerdict.PAYMENT_MISSING: _l("Your payment of %(paise)s on %(on)s was not taken off this bill."),
}
# The reason whose values a note quotes.
_QUOTED = {
    SuggestedVerdict.DIGITS_SWAPPED: ReasonCode.DIGITS,
    SuggestedVerdict.PROVISIONAL: ReasonCode.READING_GIVEN,
    SuggestedVerdict.READING_ABOVE: ReasonCode.READING_GIVEN,
    SuggestedVerdict.METER_REPLACED: ReasonCode.BELOW_METER,
    SuggestedVerdict.PAYMENT_MISSING: ReasonCode.PAID,
}


def reason_sentences(suggestion: Suggestion) -> list[str]:
    """Return the reasons, a sentence each."""
    return [str(REASONS[reason.code]) % in_words(reason.values) for reason in suggestion.reasons]


def consumer_notes(suggestion: Suggestion) -> list[tuple[str, str]]:
    """Return the note to the consumer in Hindi and English, each with its language; empty where nothing is sure."""
    if not suggestion.is_sure:
        return []
    quoted = next(one for one in suggestion.reasons if one.code is _QUOTED[suggestion.verdict])
    notes = []
    for language in ("hi", "en"):
        with in_language(language):
            notes.append((language, str(NOTES[suggestion.verdict]) % in_words(quoted.values)))
    return notes


def in_words(values: Mapping[str, int | str | date]) -> dict[str, str]:
    """Return the values of a reason in words."""
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: int | str | date) -> str:
    if isinstance(value, date):
        return filters.day(value)
    if isinstance(value, int):
        return filters.rupees(value) if name == "paise" else str(value)
    return filters.month_of(value) if name == "month" else value
