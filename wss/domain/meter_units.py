"""What a meter counted between two readings: over the end of its register, through a replacement, by its factor."""

from __future__ import annotations

from typing import Protocol

from wss.domain.consumption import AVERAGES, WITHOUT_METER
from wss.domain.errors import RuleBroken

MILLI = 1000
METERED = "MU"
REGISTER_DIGITS = range(4, 11)


class BillInputError(RuleBroken):
    """Something put in cannot be: `code` says why, `field` where."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field


class MeterUnits(Protocol):
    """The readings of one bill, with what a meter's reading is multiplied by."""

    @property
    def previous_reading(self) -> int:
        """The reading at the beginning."""
        ...

    @property
    def current_reading(self) -> int:
        """The reading at the end."""
        ...

    @property
    def old_meter_reading(self) -> int | None:
        """The last reading of a meter that was replaced."""
        ...

    @property
    def new_meter_initial(self) -> int | None:
        """The first reading of the meter that replaced it."""
        ...

    @property
    def register_digits(self) -> int | None:
        """The digits of the register, where it passed its end."""
        ...


def needs_reading(basis: str) -> bool:
    """Whether the units of a basis follow from readings."""
    return basis not in AVERAGES and basis not in WITHOUT_METER


def readings_of(of: MeterUnits) -> tuple[int | None, ...]:
    """Everything about the meter that units on a reading follow from, its factor apart."""
    replaced = (of.old_meter_reading, of.new_meter_initial)
    return (of.previous_reading, of.current_reading, *replaced, of.register_digits)


def counted_steps(of: MeterUnits) -> int:
    """Return the steps that the register counted. Raises Wrong for readings that go backwards.

    Without a replacement: current - previous; below zero, with `register_digits` d given: + 10 ** d.
    With one: (old_meter_reading - previous, over the end likewise) + (current - new_meter_initial).
    """
    if of.old_meter_reading is None or of.new_meter_initial is None:
        return _steps(of, of.previous_reading, of.current_reading, "current_reading")
    old = _steps(of, of.previous_reading, of.old_meter_reading, "old_meter_reading")
    if of.current_reading < of.new_meter_initial:
        raise BillInputError("current_reading", "reading_below_initial")
    return old + of.current_reading - of.new_meter_initial


def counted_units(steps: int, factor_milli: int) -> int:
    """Units of so many steps: steps * factor / 1000, rounded half up to a whole unit."""
    return half_up(steps * factor_milli, MILLI)


def half_up(amount: int, divisor: int) -> int:
    """A quotient rounded half up."""
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
