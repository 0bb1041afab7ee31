"""The units that a meter counted between two readings.

They depend on the end of its register, a replacement, and its factor.
"""

from __future__ import annotations

from typing import Protocol

from wss.domain.consumption import AVERAGES, WITHOUT_METER
from wss.domain.errors import RuleBroken

MILLI = 1000
METERED = "MU"
REGISTER_DIGITS = range(4, 11)


class BillInputError(RuleBroken):
    """An invalid input; `code` names the reason, `field` the field."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field


class MeterUnits(Protocol):
    """The readings of one bill, and the factor by which they are multiplied."""

    @property
    def previous_reading(self) -> int:
        """Return the reading at the start of the period."""
        ...

    @property
    def current_reading(self) -> int:
        """Return the reading at the end of the period."""
        ...

    @property
    def old_meter_reading(self) -> int | None:
        """Return the last reading of a meter that was replaced."""
        ...

    @property
    def new_meter_initial(self) -> int | None:
        """Return the first reading of the meter that replaced it."""
        ...

    @property
    def register_digits(self) -> int | None:
        """Return the digits of the register, if it passed its end."""
        ...


def needs_reading(basis: str) -> bool:
    """Return whether the units of a basis follow from readings."""
    return basis not in AVERAGES and basis not in WITHOUT_METER


def readings_of(of: MeterUnits) -> tuple[int | None, ...]:
    """Return every fact about the meter on which units by reading depend, except its factor."""
    replaced = (of.old_meter_reading, of.new_meter_initial)
    return (of.previous_reading, of.current_reading, *replaced, of.register_digits)


def counted_steps(of: MeterUnits) -> int:
    """Return the steps that the register counted. Raises BillInputError for readings that go backwards.

    Without a replacement: current - previous; below zero, with `register_digits` d given: + 10 ** d. With one:
    (old_meter_reading - previous, with the same rule below zero) + (current - new_meter_initial).
    """
    if of.old_meter_reading is None or of.new_meter_initial is None:
        return _steps(of, of.previous_reading, of.current_reading, "current_reading")
    old = _steps(of, of.previous_reading, of.old_meter_reading, "old_meter_reading")
    if of.current_reading < of.new_meter_initial:
        raise BillInputError("current_reading", "reading_below_initial")
    return old + of.current_reading - of.new_meter_initial


def counted_units(steps: int, factor_milli: int) -> int:
    """Return the units of so many steps: steps * factor / 1000, rounded half up to a whole unit."""
    return half_up(steps * factor_milli, MILLI)


def half_up(amount: int, divisor: int) -> int:
    """Return a quotient rounded half up."""
    return (2 * amount + divisor) // (2 * divisor)


def _steps(of: MeterUnits, begin: int, end: int, field: str) -> int:
    if of.register_digits is None:
        if end < begin:
            raise BillInputError(field, "reading_below_previous")
        return end - begin
    register = 10**of.register_digits
    if max(begin, end) >= register:
        raise BillInputError("register_digits", "reading_beyond_register")
    return end - begin if end >= begin else end + register - begin
