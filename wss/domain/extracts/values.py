"""How one cell of an extract is read: text, numbers, money, dates, words of a list."""

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
from wss.domain.spreadsheets import as_written

Reader = Callable[[str], Any]

# Nobody in the state gets a bill of a hundred crore rupees; a longer number is a slipped column.
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
    """A reader that remembers: an extract repeats its dates, words and small numbers a million times."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Any:
        value = self._read(cell)
        if len(self) < _REMEMBERED:
            self[cell] = value
        return value


def text(longest: int, optional: bool = False) -> Reader:
    """Text as it stands, trimmed; it may look like a formula or a script and stays text."""

    def read(cell: str) -> str:
        value = as_written(cell.strip())
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
    """Text that consumers are shown: an address or a telephone number in it would be taken for ours."""
    plain = text(longest, optional)

    def read(cell: str) -> str:
        fault = shown_text_fault(as_written(cell.strip()))
        if fault:
            raise Malformed(fault)
        value: str = plain(cell)
        return value

    return read


def code(longest: int, without: str = "") -> Reader:
    """A key of the office's own making: text without blanks inside, nor signs that mean something to us."""
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
    """One word of a list, in the list's own spelling."""
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
    """Words of a list, or any codes, joined by single blanks; none is an answer too."""
    plain = text(longest, optional=True)

    def read(cell: str) -> str:
        found = plain(cell).split()
        if of is not None and not set(found) <= set(of):
            raise Malformed(refusal)
        return " ".join(found)

    return read


def prose(longest: int) -> Reader:
    """A text of several lines; line ends come out alike, and other control characters have no place in it."""

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
    """The same cell where it may be blank. A word for nothing is not blank, or it would empty what is known."""

    def read_if_any(cell: str) -> Any:
        value = cell.strip()
        if not value:
            return blank
        refuse_no_value(value)
        return read(cell)

    return read_if_any


def if_any(read: Reader, blank: Any = None) -> Reader:
    """The same for a reader that takes no word for nothing anyway."""

    def read_if_any(cell: str) -> Any:
        return read(cell) if cell and not cell.isspace() else blank

    return read_if_any


def whole(lowest: int, highest: int) -> Reader:
    """A whole number within reason."""

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
    """A decimal number with up to three places, as thousandths: kW as watts."""

    def read(cell: str) -> int:
        value = number(cell, "not_a_number").in_units(3, "not_a_number")
        if value < 0:
            raise Malformed("not_a_number")
        if not least <= value < _MOST_WATTS:
            raise Malformed("beyond_reason")
        return value

    return read


def rupees(credit: bool = False) -> Reader:
    """An amount in rupees with two decimals, as paise; negative only where a credit can stand."""

    def read(cell: str) -> int:
        digits = cell[:-3] + cell[-2:]
        # The usual case by itself: up to seven digits, a point, two digits.
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
    """An account number; the plain case first, because most of a million rows are plain."""
    if len(cell) in identifiers.ACCOUNT_NO_LENGTHS and cell.isascii() and cell.isdigit():
        return cell
    return identifiers.account_no(_digits(cell))


def bill_no(cell: str) -> str:
    """A bill number, the plain case first as well."""
    return cell if _BILL_NO.fullmatch(cell) else identifiers.bill_no(_digits(cell))


def pincode(cell: str) -> str:
    """A postal code."""
    return identifiers.pincode(_digits(cell))


def serial_no(longest: int) -> Reader:
    """The number of a thing, such as a meter: text, or empty; never what a spreadsheet has made of it."""
    plain = text(longest, optional=True)

    def read(cell: str) -> str:
        value: str = plain(cell)
        try:
            digits = whole_digits(bare(value)) if value[:1].isdigit() else None
        except Malformed as rounded:
            raise UnreadableCell(rounded.code) from None
        if digits is not None:
            raise RepairedCell(SPREADSHEET_NUMBER, digits)
        return value

    return read


def _digits(cell: str) -> str:
    """The cell, or the digits of a number that a spreadsheet has made of it."""
    value = bare(cell)
    return whole_digits(value) or value


def yes_or_no(cell: str) -> bool:
    """Yes or no."""
    return _YES_OR_NO(cell) in _YES


_YES = ("yes", "y", "true", "1", "हाँ")
_NO = ("no", "n", "false", "0", "नहीं")
_YES_OR_NO = word((*_YES, *_NO), "not_yes_or_no")


def _printable(value: str) -> str:
    """Text without control marks: line breaks become blanks, marks that turn the direction of writing go."""
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
