"""The parser of numbers in cells: one rule for every column."""

from __future__ import annotations

import re
from typing import NamedTuple

from wss.domain.errors import Malformed
from wss.domain.extracts.cells import bare, whole_digits

# More digits than any limit has.
_LONGEST = 30
_NUMBER = re.compile(rf"([+-]?)([0-9]{{0,{_LONGEST}}})(?:\.([0-9]{{0,{_LONGEST}}}))?")


class ParsedNumber(NamedTuple):
    """The parts of a number: its sign, the digits before the point, and those after it without trailing zeros."""

    is_negative: bool
    whole: str
    decimals: str

    def in_units(self, places: int, refusal: str) -> int:
        """Return the number in tenths, hundredths, thousandths …; raise Malformed if it has more places than that."""
        if len(self.decimals) > places:
            raise Malformed(refusal)
        value = int((self.whole or "0") + self.decimals.ljust(places, "0"))
        return -value if self.is_negative else value


def number(cell: str, refusal: str) -> ParsedNumber:
    """Parse a number in any of the forms that databases print: `.5`, `5.`, `+5`, `5-`, `1.50`, `५`, `1.5E+01`.

    Raises Malformed with the refusal for anything else: `1,234.50` too, whose comma could be a decimal one. An
    exponent is accepted only if no digit is missing.
    """
    value = bare(cell).replace("\u2212", "-")
    if value.endswith("-") and value[:1] not in {"+", "-"}:
        value = f"-{value[:-1].rstrip()}"
    found = _NUMBER.fullmatch(value)
    if not found:
        found = _NUMBER.fullmatch(_without_exponent(value, refusal))
    if not found or not (found[2] or found[3]):
        raise Malformed(refusal)
    sign, whole, decimals = found.groups()
    return ParsedNumber(sign == "-", whole.lstrip("0"), (decimals or "").rstrip("0"))


def _without_exponent(value: str, refusal: str) -> str:
    sign, digits = (value[:1], value[1:]) if value[:1] in {"+", "-"} else ("", value)
    try:
        whole = whole_digits(digits)
    except Malformed:
        whole = None
    if whole is None:
        raise Malformed(refusal)
    return sign + whole
