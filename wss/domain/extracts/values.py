"""Parsers of one cell of an extract: text, numbers, money, dates, words of a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from wss.domain import identifiers
from wss.domain.errors import Malformed
from wss.domain.extracts.cells import (
    SPREADSHEET_NUMBER,
    RepairedCell,
    UnreadableCell,
    bare,
    has_lost_letters,
    is_error,
    refuse_no_value,
    whole_digits,
)
from wss.domain.extracts.numerals import number
from wss.domain.shown_texts import shown_text_fault
from wss.domain.spreadsheets import unescape_formula

Reader = Callable[[str], Any]

# No bill in the state reaches a hundred crore rupees; a longer number is a slipped column.
MOST_PAISE = 1_000_000_000 * 100
MOST_UNITS = 1_000_000_000
MOST_READING = 10_000_000_000
_MOST_WATTS = 1_000_000_000
_USUAL_PAISE = 10
_FIRST_PRINTED = 0x20
_REMEMBERED = 50_000

_BILL_NO = re.compile(r"[0-9A-Z]{1,20}")
# More digits than any limit above has.
_DIGITS = 18
_JOINERS = "\u200c\u200d"


class CachedReader(dict[str, Any]):
    """A parser with a cache: an extract repeats its dates, words and small numbers a million times."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Any:
        value = self._read(cell)
        if len(self) < _REMEMBERED:
            self[cell] = value
        return value


def text(longest: int, optional: bool = False) -> Reader:
    """Return a parser of text, trimmed; it may look like a formula or a script and stays text."""

    def read(cell: str) -> str:
        value = unescape_formula(cell.strip())
        if not value.isprintable():
            value = _printable(value)
        if optional:
            refuse_no_value(value)
        elif not value:
            raise Malformed("missing")
        elif is_error(value):
            raise Malformed("spreadsheet_error")
        elif has_lost_letters(value):
            raise Malformed("lost_letters")
        if len(value) > longest:
            raise Malformed("too_long")
        return value

    return read


def shown(longest: int, optional: bool = False) -> Reader:
    """Return a parser of text for consumers: an address or a telephone number in it would be taken for ours."""
    plain = text(longest, optional)

    def read(cell: str) -> str:
        fault = shown_text_fault(unescape_formula(cell.strip()))
        if fault:
            raise Malformed(fault)
        value: str = plain(cell)
        return value

    return read


def code(longest: int, without: str = "") -> Reader:
    """Return a parser of a key that the office chooses: text without blanks and special characters."""
    plain = text(longest)

    def read(cell: str) -> str:
        value: str = plain(cell)
        if " " in value:
            raise Malformed("blank_in_code")
        if any(sign in value for sign in without):
            raise Malformed("sign_in_code")
        return value

    return read


def word(of: Collection[str], refusal: str, blank: str | None = None) -> Reader:
    """Return a parser of one word of a list, in the list's own spelling."""
    spelling = {allowed.casefold(): allowed for allowed in of}

    def read(cell: str) -> str:
        folded = cell.strip().casefold()
        if not folded:
            if blank is None:
                raise Malformed("missing")
            return blank
        if folded not in spelling:
            raise Malformed(refusal)
        return spelling[folded]

    return read


def words(of: Collection[str] | None, refusal: str, longest: int) -> Reader:
    """Return a parser of words of a list, or of any codes, joined by single blanks; an empty cell is valid too."""
    plain = text(longest, optional=True)

    def read(cell: str) -> str:
        found = plain(cell).split()
        if of is not None and not set(found) <= set(of):
            raise Malformed(refusal)
        return " ".join(found)

    return read


def prose(longest: int) -> Reader:
    """Return a parser of a text of several lines; line ends are normalised, other control characters are refused."""

    def read(cell: str) -> str:
        value = cell.replace("\r\n", "\n").strip()
        if not value:
            raise Malformed("missing")
        if len(value) > longest:
            raise Malformed("too_long")
        if any(ord(sign) < _FIRST_PRINTED and sign != "\n" for sign in value):
            raise Malformed("not_text")
        return value

    return read


def optional(read: Reader, blank: Any = None) -> Reader:
    """Return a parser that also accepts a blank cell.

    A word for nothing is not blank, or it would remove a known value.
    """

    def read_if_any(cell: str) -> Any:
        value = cell.strip()
        if not value:
            return blank
        refuse_no_value(value)
        return read(cell)

    return read_if_any


def if_any(read: Reader, blank: Any = None) -> Reader:
    """Return a parser that also accepts a blank cell, for a parser that refuses words for nothing anyway."""

    def read_if_any(cell: str) -> Any:
        return read(cell) if cell and not cell.isspace() else blank

    return read_if_any


def whole(lowest: int, highest: int) -> Reader:
    """Return a parser of a whole number between limits."""

    def read(cell: str) -> int:
        value = int(cell) if cell.isdecimal() and len(cell) <= _DIGITS else _odd_whole(cell)
        if value < 0:
            raise Malformed("not_a_whole_number")
        if not lowest <= value <= highest:
            raise Malformed("beyond_reason")
        return value

    return read


def _odd_whole(cell: str) -> int:
    return number(cell, "not_a_whole_number").in_units(0, "not_a_whole_number")


def thousandths(least: int) -> Reader:
    """Return a parser of a decimal number with up to three places, as thousandths: kW as watts."""

    def read(cell: str) -> int:
        value = number(cell, "not_a_number").in_units(3, "not_a_number")
        if value < 0:
            raise Malformed("not_a_number")
        if not least <= value < _MOST_WATTS:
            raise Malformed("beyond_reason")
        return value

    return read


def rupees(credit: bool = False) -> Reader:
    """Return a parser of an amount in rupees with two decimals, as paise; negative only where a credit is possible."""

    def read(cell: str) -> int:
        digits = cell[:-3] + cell[-2:]
        # The usual case has a short cut: up to seven digits, a point, two digits.
        if len(digits) < _USUAL_PAISE and cell[-3:-2] == "." and digits.isdecimal():
            return int(digits)
        paise = number(cell, "not_an_amount").in_units(2, "not_an_amount")
        if abs(paise) > MOST_PAISE:
            raise Malformed("beyond_reason")
        if paise < 0 and not credit:
            raise Malformed("negative_amount")
        return paise

    return read


def account_no(cell: str) -> str:
    """Return an account number; the plain case first, because most of a million rows are plain."""
    if len(cell) in identifiers.ACCOUNT_NO_LENGTHS and cell.isascii() and cell.isdigit():
        return cell
    return identifiers.account_no(_digits(cell))


def bill_no(cell: str) -> str:
    """Return a bill number, the plain case first as well."""
    return cell if _BILL_NO.fullmatch(cell) else identifiers.bill_no(_digits(cell))


def pincode(cell: str) -> str:
    """Return a postal code."""
    return identifiers.pincode(_digits(cell))


def serial_no(longest: int) -> Reader:
    """Return a parser of a serial number, such as a meter's: text, or empty.

    A number changed by a spreadsheet is never accepted.
    """
    plain = text(longest, optional=True)

    def read(cell: str) -> str:
        value: str = plain(cell)
        try:
            digits = whole_digits(bare(value)) if value[:1].isdigit() else None
        except Malformed as error:
            raise UnreadableCell(error.code) from None
        if digits is not None:
            raise RepairedCell(SPREADSHEET_NUMBER, digits)
        return value

    return read


def _digits(cell: str) -> str:
    """Return the cell, or the digits of a number that a spreadsheet has changed."""
    value = bare(cell)
    return whole_digits(value) or value


def yes_or_no(cell: str) -> bool:
    """Parse yes or no."""
    return _YES_OR_NO(cell) in _YES


_YES = ("yes", "y", "true", "1", "हाँ")
_NO = ("no", "n", "false", "0", "नहीं")
_YES_OR_NO = word((*_YES, *_NO), "not_yes_or_no")


def _printable(value: str) -> str:
    """Return text without control marks: line breaks become blanks, direction marks are removed."""
    kept = []
    for one in value:
        kind = unicodedata.category(one)
        if kind in {"Cs", "Cn"}:
            raise Malformed("not_text")
        if kind in {"Cc", "Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif kind != "Cf" or one in _JOINERS:
            kept.append(one)
    return " ".join("".join(kept).split())
