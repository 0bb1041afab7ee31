"""Parser of an officer's input into the lines of a bill revision; each error is a code at its field."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wss.domain.billed import BillInput
from wss.domain.errors import Malformed
from wss.domain.extracts.billing import BillBasis
from wss.domain.extracts.values import MOST_READING, Reader, if_any, thousandths, whole, word
from wss.domain.meter_units import REGISTER_DIGITS
from wss.domain.revision import RecomputeReason

READINGS = ("previous_reading", "current_reading")
REPLACEMENT = ("old_meter_reading", "new_meter_initial")
# In the order of the page, each with a number per bill behind it. `recompute` is the reason for recomputing
# unchanged lines too, `sure` the confirmation of a consumption far above the usual, `shown_basis` the basis that the
# form showed.
FIELDS = (
    "previous_reading",
    "current_reading",
    "basis",
    "load_kw",
    "category",
    *REPLACEMENT,
    "multiplying_factor",
    "register_digits",
    "recompute",
)
EXTRA_FIELDS = ("sure", "shown_basis")

_reading = whole(0, MOST_READING)
_thousandths_read = thousandths(least=0)
# Below a tenth of a kilowatt nothing is supplied, and no transformer has a ratio below a tenth.
LEAST_LOAD_W = 100
LEAST_FACTOR_MILLI = 100
_digits = whole(REGISTER_DIGITS[0], REGISTER_DIGITS[-1])
_basis = word(tuple(map(str, BillBasis)), "unknown_basis")
_recompute = word(tuple(map(str, RecomputeReason)), "unknown_reason", blank="")


def parse_input(
    typed: Mapping[str, str], categories: Collection[str], issued: BillInput | None = None
) -> tuple[BillInput | None, dict[str, str]]:
    """Return the numbers of one bill, or the code of the error at each field.

    A form that leaves the factor out means the one of the bill, `issued`; and the bill's own category is taken
    though no tariff has it any more, as its own load and factor are, however small.
    """
    categories = {*categories, issued.category} if issued else categories
    readers: dict[str, Reader] = {
        **dict.fromkeys(READINGS, _required(_reading)),
        "basis": _basis,
        "load_kw": _required(_at_least(LEAST_LOAD_W, issued.load_w if issued else None)),
        "category": word(categories, "unknown_category"),
        **dict.fromkeys(REPLACEMENT, if_any(_reading)),
        "multiplying_factor": if_any(
            _at_least(LEAST_FACTOR_MILLI, issued.multiplying_factor_milli if issued else None),
            issued.multiplying_factor_milli if issued else 1000,
        ),
        "register_digits": if_any(_digits),
        "recompute": _recompute,
    }
    values, wrong = {}, {}
    for field, read in readers.items():
        cell = typed.get(field, "")
        try:
            values[field] = read("".join(cell.split()))
        except Malformed as error:
            wrong[field] = error.code
    missing = [field for field in REPLACEMENT if field not in wrong and values.get(field) is None]
    if len(missing) == 1:
        wrong[missing[0]] = "replacement_needs_both"
    if wrong:
        return None, wrong
    return BillInput(*(values[field] for field in FIELDS)), {}


def initial_values(put: BillInput) -> dict[str, str]:
    """Return the initial values of the fields."""
    return {
        "previous_reading": str(put.previous_reading),
        "current_reading": str(put.current_reading),
        "basis": put.basis,
        "load_kw": _thousandths(put.load_w),
        "category": put.category,
        "old_meter_reading": _if_any(put.old_meter_reading),
        "new_meter_initial": _if_any(put.new_meter_initial),
        "multiplying_factor": _thousandths(put.multiplying_factor_milli),
        "register_digits": _if_any(put.register_digits),
        "recompute": put.recompute_reason,
    }


def _thousandths(value: int) -> str:
    return f"{value // 1000}.{value % 1000:03d}".rstrip("0").rstrip(".")


def _if_any(value: int | None) -> str:
    return "" if value is None else str(value)


def _at_least(least: int, own: int | None) -> Reader:
    """Return a reader of decimal numbers as thousandths, from a minimum on or equal to the bill's own value."""

    def read_or_small(cell: str) -> int:
        value: int = _thousandths_read(cell)
        if value < least and value != own:
            raise Malformed("too_small")
        return value

    return read_or_small


def _required(read: Reader) -> Reader:
    def read_or_missing(cell: str) -> object:
        if not cell or cell.isspace():
            raise Malformed("missing")
        return read(cell)

    return read_or_missing
