"""Approving several proposals together: which ones qualify, the sums of a day, and the sample for the EE.

A discom switches it on with its rules (columns of offices.csv); without them every proposal is approved by itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wss.domain.actor import Role

# Of one page; each has to be opened first.
BATCH_AT_MOST = 20
# Figures that were opened longer ago have to be opened again.
OPENED_FOR = timedelta(hours=12)
# The draw is a number below this.
PERCENT = 100


class Sampling(StrEnum):
    """Whether a proposal has been drawn for a check by the EE: not drawn yet, drawn, or passed by."""

    NOT_YET = ""
    DRAWN = "drawn"
    PASSED = "passed"


class SumScope(StrEnum):
    """What a sum of a day belongs to: the office of the complaints, or the maker of the proposals."""

    OFFICE = "office"
    MAKER = "maker"


@dataclass(frozen=True, slots=True)
class BatchRules:
    """The rules of a discom: the largest change of one proposal, the sums of a day of an office and of a maker, in
    paise, and how many of a hundred proposals go to the EE."""

    each_paise: int
    day_paise: int
    maker_paise: int
    sample_percent: int


@dataclass(frozen=True, slots=True)
class BatchCandidate:
    """The facts of a proposal that decide whether it can be approved with others."""

    change_paise: int
    is_as_suggested: bool
    has_photo: bool
    maker_role: str
    sampling: str
    # Whether an EE above the office can check the sample.
    has_ee: bool = True


def batch_obstacle(one: BatchCandidate, rules: BatchRules | None) -> str | None:
    """Return why a proposal has to be decided by itself, as a code; None if it can be approved with others."""
    if rules is None:
        return "batch_off"
    checks = (
        ("sampled", one.sampling == Sampling.DRAWN),
        # The EE checks the sample, and must not check figures of their own.
        ("maker_senior", one.maker_role != Role.BILLING_CLERK),
        ("not_as_suggested", not one.is_as_suggested),
        ("no_photo", not one.has_photo),
        ("batch_each", one.change_paise > rules.each_paise),
        ("no_ee", not one.has_ee),
    )
    return next((code for code, fails in checks if fails), None)


def sampling_of(number: int, rules: BatchRules) -> Sampling:
    """Return what a draw decides; `number` is drawn by chance from 0 to 99."""
    return Sampling.DRAWN if number < rules.sample_percent else Sampling.PASSED


def cap_of(scope: SumScope, rules: BatchRules) -> int:
    """Return the sum up to which proposals can be approved together in a day."""
    return rules.day_paise if scope is SumScope.OFFICE else rules.maker_paise
