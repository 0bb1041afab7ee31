"""What an officer types into the lines of a bill revision, read into numbers; each fault a code at its field."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wss.domain.errors import Malformed
from wss.domain.extracts.billing import Basis
from wss.domain.extracts.values import MOST_READING, Reader, if_any, thousandths, whole, word
from wss.domain.revision import Put

READINGS = ("previous_reading", "current_reading")
REPLACEMENT = ("old_meter_reading", "new_meter_initial")
# In the order of the contract, each with a number per bill behind it.
FIELDS = ("previous_reading", "current_reading", "basis", "load_kw", "category", *REPLACEMENT)

_reading = whole(0, MOST_READING)
_load = thousandths(least=0)
_basis = word(tuple(map(str, Basis)), "unknown_basis")


def read_put(typed: Mapping[str, str], categories: Collection[str]) -> tuple[Put | None, dict[str, str]]:
    """The numbers of one bill, or the code of what is wrong at each field."""
    readers: dict[str, Reader] = {
        **dict.fromkeys(READINGS, _required(_reading)),
        "basis": _basis,
        "load_kw": _required(_load),
        "category": word(categories, "unknown_category"),
        **dict.fromkeys(REPLACEMENT, if_any(_reading)),
    }
    values, wrong = {}, {}
    for field, read in readers.items():
        cell = typed.get(field, "")
        try:
            values[field] = read("".join(cell.split()))
        except Malformed as fault:
            wrong[field] = fault.code
    missing = [field for field in REPLACEMENT if field not in wrong and values.get(field) is None]
    if len(missing) == 1:
        wrong[missing[0]] = "replacement_needs_both"
    if wrong:
        return None, wrong
    return Put(
        values["previous_reading"],
        values["current_reading"],
        values["basis"],
        values["load_kw"],
        values["category"],
        values["old_meter_reading"],
        values["new_meter_initial"],
    ), {}


def as_typed(put: Put) -> dict[str, str]:
    """The fields as they are filled in to begin with."""
    return {
        "previous_reading": str(put.previous_reading),
        "current_reading": str(put.current_reading),
        "basis": put.basis,
        "load_kw": f"{put.load_w / 1000:.3f}".rstrip("0").rstrip("."),
        "category": put.category,
        "old_meter_reading": "" if put.old_meter_reading is None else str(put.old_meter_reading),
        "new_meter_initial": "" if put.new_meter_initial is None else str(put.new_meter_initial),
    }


def _required(read: Reader) -> Reader:
    def read_or_missing(cell: str) -> object:
        if not cell or cell.isspace():
            raise Malformed("missing")
        return read(cell)

    return read_or_missing
