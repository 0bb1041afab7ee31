"""The stored facts by which officers sort and filter disputes: reason, amount, times the usual, photos, verdict."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wss.domain.suggestion.verdicts import SuggestedVerdict

# The verdicts in the order of the list: what can be proposed at once comes first.
VERDICT_ORDER = (
    SuggestedVerdict.DIGITS_SWAPPED,
    SuggestedVerdict.PROVISIONAL,
    SuggestedVerdict.PAYMENT_MISSING,
    SuggestedVerdict.METER_REPLACED,
    SuggestedVerdict.READING_ABOVE,
    SuggestedVerdict.NOT_SURE,
)
# Requests without a bill have no verdict, and come after those that have one.
WITHOUT_VERDICT = len(VERDICT_ORDER)


@dataclass(frozen=True, slots=True)
class TriageValues:
    """The facts of one request; `usual_tenths` is the highest of its bills, 0 where the usual is not known.

    `disputed_basis` is the basis of the last disputed bill as it was disputed: a revision does not change it.
    """

    dispute_reason: str = ""
    disputed_paise: int = 0
    usual_tenths: int = 0
    photos: int = 0
    suggested_verdict: str = ""
    disputed_basis: str = ""

    @property
    def verdict_order(self) -> int:
        """Return the place of the verdict in the order of the list."""
        return verdict_order(self.suggested_verdict)


def verdict_order(verdict: str) -> int:
    """Return the place of a verdict in the order of the list."""
    return VERDICT_ORDER.index(SuggestedVerdict(verdict)) if verdict else WITHOUT_VERDICT


def highest_tenths(tenths: Collection[int | None]) -> int:
    """Return the highest multiple of the usual among several bills; 0 if none is known."""
    return max((each for each in tenths if each is not None), default=0)
