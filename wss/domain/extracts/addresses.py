"""Parsers of telephone numbers and e-mail addresses in cells of an extract."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wss.domain import identifiers
from wss.domain.errors import Malformed
from wss.domain.extracts.cells import (
    SPREADSHEET_NUMBER,
    ZERO_RESTORED,
    RepairedCell,
    UnreadableCell,
    bare,
    refuse_no_value,
    whole_digits,
)

_MOBILE_DIGITS = 10
_LONGEST_PHONE = 20
_FIRST_OF_MOBILE = frozenset("6789")
_LABEL = re.compile(r"(?:tel|telephone|phone|ph|mobile|mob|mo|cell|m|no)\b[\s.:\-]*", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"[,;/|&\n\r\t]|\s+(?:or|and|या|व|एवं)\s+|\s{2,}", re.IGNORECASE)
_SIGNS = str.maketrans("", "", "()[]{}.")
_SIGNS_AND_BLANKS = str.maketrans("", "", "()[]{}. -/")
_PHONE = re.compile(r"\+?\(?[0-9][0-9 ()./,\-]*(?:(?:ext|extn|x)\.?[ ]?[0-9]{1,5})?", re.IGNORECASE)
_FEWEST_DIGITS = 3
# A number of ten digits with such a beginning is a landline with its area code; 1800 and 1860 are free of charge.
_LANDLINE = re.compile(r"(?!18[06]0)[1-5][0-9]{9}")
_IN_BRACKETS = re.compile(r".*<([^<>]+)>")
_BETWEEN_ADDRESSES = re.compile(r"[,;\s]+")


def mobile(cell: str) -> str:
    """Return an Indian mobile number as its ten digits; of several in a cell the first that can be one.

    Raises RepairedCell with the number when it was printed as a decimal or with an exponent.
    """
    if len(cell) == _MOBILE_DIGITS and cell[0] in _FIRST_OF_MOBILE and cell.isascii() and cell.isdigit():
        return cell
    value = _LABEL.sub("", bare(cell), count=1) if not cell[:1].isdigit() else bare(cell)
    digits = whole_digits(value.removeprefix("+"))
    if digits is not None:
        raise RepairedCell(SPREADSHEET_NUMBER, identifiers.mobile(digits))
    if value and not value.strip("0"):
        # Databases print these for a missing number.
        raise Malformed("mobile_not_digits")
    wrong: Malformed | None = None
    for part in _numbers_in(value):
        try:
            return identifiers.mobile(part.translate(_SIGNS))
        except Malformed as error:
            # An error of the cell as a whole takes precedence over errors of its parts.
            wrong = wrong or error
    raise wrong or Malformed("mobile_missing")


def _numbers_in(value: str) -> Iterator[str]:
    """Yield the possible numbers: the whole cell, its parts between separators, and those between blanks."""
    yield value
    parts = [part for part in _BETWEEN_NUMBERS.split(value) if part.strip()]
    yield from (_LABEL.sub("", part.strip(), count=1) for part in parts)
    for part in parts:
        yield from (_LABEL.sub("", word, count=1) for word in part.split())
        digits = identifiers.normalise_digits(part)
        if len(digits) == 2 * _MOBILE_DIGITS:
            yield digits[:_MOBILE_DIGITS]


def phone(cell: str) -> str:
    """Return the telephone of an office as it is written, if its form is valid.

    Raises UnreadableCell for anything else, and RepairedCell for one without the leading zero of its area code.
    """
    value = bare(cell)
    if not value:
        return ""
    refuse_no_value(value)
    try:
        digits = whole_digits(value)
    except Malformed as error:
        raise UnreadableCell(error.code) from None
    value = value if digits is None else digits
    if len(value) > _LONGEST_PHONE:
        raise Malformed("too_long")
    if not _PHONE.fullmatch(value) or sum(map(str.isdigit, value)) < _FEWEST_DIGITS:
        raise UnreadableCell("phone_malformed")
    if len(value) < _LONGEST_PHONE and _LANDLINE.fullmatch(value.translate(_SIGNS_AND_BLANKS)):
        raise RepairedCell(ZERO_RESTORED, f"0{value}")
    if digits is not None:
        raise RepairedCell(SPREADSHEET_NUMBER, value)
    return value


def email(cell: str) -> str:
    """Return an e-mail address; of several in a cell, or next to a name, the first that can be one."""
    value = cell.strip().strip("'\"").removeprefix("mailto:").strip()
    try:
        return identifiers.email(value)
    except Malformed as error:
        wrong = error
    in_brackets = _IN_BRACKETS.match(value)
    for part in _BETWEEN_ADDRESSES.split(in_brackets[1] if in_brackets else value):
        try:
            return identifiers.email(part.removeprefix("mailto:"))
        except Malformed:
            continue
    raise wrong
