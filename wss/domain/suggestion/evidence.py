"""What a suggestion is made from, and what it says: verdict, reasons as codes with values, figures of each bill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from wss.domain.billed import EffectiveBill
from wss.domain.calculation import TariffBasis
from wss.domain.revision import Revised
from wss.domain.suggestion.verdicts import SuggestedVerdict


class ReasonCode(StrEnum):
    """The reasons of a verdict; those from NO_READING on say why there is none."""

    LAST_READ = "last_read"
    READING_GIVEN = "reading_given"
    STOOD_AT = "stood_at"
    DIGITS = "digits"
    USUAL = "usual"
    NOT_READ = "not_read"
    MORE_THAN_BILLED = "more_than_billed"
    OTHER_METER = "other_meter"
    BELOW_METER = "below_meter"
    PAID = "paid"
    ARREARS = "arrears"
    AMOUNT_RISES = "amount_rises"
    NO_READING = "no_reading"
    OTHER_REASON = "other_reason"
    HISTORY_SHORT = "history_short"
    EARLIER_NOT_READ = "earlier_not_read"
    READINGS_APART = "readings_apart"
    LATER_BILL = "later_bill"
    BEFORE_BILL_END = "before_bill_end"
    TOO_LATE = "too_late"
    BELOW_LAST_READ = "below_last_read"
    AS_BILLED = "as_billed"
    NOT_PLAUSIBLE = "not_plausible"
    BELOW_BILL = "below_bill"
    SEVERAL_SWAPS = "several_swaps"
    SEVERAL_FIT = "several_fit"
    NO_RULE = "no_rule"
    NO_FIGURES = "no_figures"


@dataclass(frozen=True, slots=True)
class SuggestionReason:
    """One reason: its code and values (readings, units, paise, days, numbers of bills and meters)."""

    code: ReasonCode
    values: Mapping[str, int | str | date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The disputed bills now in force (oldest first), and what is known about them.

    `before`: the bill in force of the month before the first of them; it has the payments. `reading` and `read_on`:
    what the consumer's meter showed, and when. `reason`: the consumer's reason, a code of the catalogue.
    """

    bills: Sequence[EffectiveBill]
    tariff_basis: TariffBasis
    reading: int | None = None
    read_on: date | None = None
    reason: str = "wrong_reading"
    meter_no: str = ""
    before: EffectiveBill | None = None


@dataclass(frozen=True, slots=True)
class SuggestedBill:
    """The figures of one bill; its closing reading may be wrong by `tolerance` (0: exact)."""

    revised: Revised
    tolerance: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A verdict, its reasons, and the figures; without figures where no reading of a bill is to be changed."""

    verdict: SuggestedVerdict
    reasons: Sequence[SuggestionReason]
    bills: Sequence[SuggestedBill] = ()

    @property
    def is_sure(self) -> bool:
        """Return whether exactly one explanation fits."""
        return self.verdict is not SuggestedVerdict.NOT_SURE


def because(code: ReasonCode, **values: int | str | date) -> SuggestionReason:
    """Return a reason with its values."""
    return SuggestionReason(code, values)


def not_sure(*reasons: SuggestionReason) -> Suggestion:
    """Return a suggestion that suggests nothing, with why."""
    return Suggestion(SuggestedVerdict.NOT_SURE, reasons)
