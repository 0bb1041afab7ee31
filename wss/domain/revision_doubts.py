"""What is odd about the figures of a revised bill, so that its officer is asked whether they are sure."""

from enum import StrEnum

from wss.domain.billed import BillInput, EffectiveBill
from wss.domain.proration import months_between
from wss.domain.revision import Revised, UnitsFrom


class RevisionDoubt(StrEnum):
    """Why an officer is asked if they are sure of new figures."""

    TEN_TIMES = "ten_times_usual"
    TENTH = "tenth_of_usual"
    NO_UNITS = "no_units"
    READING_BEFORE = "not_from_month_before"


def doubts_of(
    bill: EffectiveBill, issued: BillInput, revised: Revised, reading_before: int | None
) -> list[RevisionDoubt]:
    """What is odd about new figures, so that the officer has to be sure of it and the approver has to see it.

    `reading_before` is the reading at which the period before ended, where one is known.
    """
    used, put, doubts = revised.calculation, revised.put, []
    if revised.units_from != UnitsFrom.ISSUED and used is not None:
        months = months_between(bill.period_from, bill.period_to)
        if used.is_unusual:
            doubts.append(RevisionDoubt.TEN_TIMES)
        elif not revised.units:
            doubts.append(RevisionDoubt.NO_UNITS)
        elif used.usual and revised.units * 10 * used.usual[1] <= used.usual[0] * months:
            doubts.append(RevisionDoubt.TENTH)
    is_typed = put.previous_reading != issued.previous_reading
    if is_typed and reading_before is not None and put.previous_reading != reading_before:
        doubts.append(RevisionDoubt.READING_BEFORE)
    return doubts
