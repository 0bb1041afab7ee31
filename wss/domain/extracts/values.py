"""How one cell of an extract is read: text, numbers, money, dates, words of a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from wss.domain import identifiers
from wss.domain.errors import Malformed

Reader = Callable[[str], Any]

# Nobody in the state gets a bill of a hundred crore rupees; a longer number is a slipped column.
MOST_PAISE = 1_000_000_000 * 100
MOST_UNITS = 1_000_000_000
MOST_READING = 10_000_000_000
_USUAL_PAISE = 10
_FIRST_PRINTED = 0x20
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_REMEMBERED = 50_000

_BILL_NO = re.compile(r"[0-9A-Z]{1,20}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
_RUPEES = re.compile(r"(-?)([0-9]{1,30})(?:\.([0-9]{1,2}))?")
_THOUSANDTHS = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,3})0*)?")
# More digits than any limit below has.
_DIGITS = 18
_WHOLE = re.compile(r"([0-9]{1,18})(?:\.0+)?")
_JOINERS = "\u200c\u200d"


class Remembering(dict[str, Any]):
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
        value = cell.strip()
        if not value.isprintable():
            value = _printable(value)
        if not value and not optional:
            raise Malformed("missing")
        if len(value) > longest:
            raise Malformed("too_long")
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
    """The same cell where it may be blank."""

    def read_if_any(cell: str) -> Any:
        return read(cell) if cell and not cell.isspace() else blank

    return read_if_any


def whole(lowest: int, highest: int) -> Reader:
    """A whole number within reason."""

    def read(cell: str) -> int:
        value = int(cell) if cell.isdecimal() and len(cell) <= _DIGITS else _odd_whole(cell)
        if not lowest <= value <= highest:
            raise Malformed("beyond_reason")
        return value

    return read


def _odd_whole(cell: str) -> int:
    found = _WHOLE.fullmatch(_plain(cell))
    if not found:
        raise Malformed("not_a_whole_number")
    return int(found[1])


def thousandths(least: int) -> Reader:
    """A decimal number with up to three places, as thousandths: kW as watts."""

    def read(cell: str) -> int:
        found = _THOUSANDTHS.fullmatch(_plain(cell))
        if not found:
            raise Malformed("not_a_number")
        value = int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))
        if value < least:
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
        found = _RUPEES.fullmatch(_plain(cell))
        if not found:
            raise Malformed("not_an_amount")
        sign, whole_rupees, decimals = found.groups()
        paise = int(whole_rupees) * 100 + int((decimals or "").ljust(2, "0"))
        if paise > MOST_PAISE:
            raise Malformed("beyond_reason")
        if sign and paise and not credit:
            raise Malformed("negative_amount")
        return -paise if sign else paise

    return read


def day(cell: str) -> str:
    """A date written YYYY-MM-DD that exists; it stays text, which every database takes as a date."""
    value = _plain(cell)
    if not value:
        raise Malformed("missing")
    if not _DATE.fullmatch(value):
        raise Malformed("not_a_date")
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Malformed("not_a_date") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Malformed("beyond_reason")
    return value


def month(cell: str) -> str:
    """A month written YYYY-MM."""
    value = _plain(cell)
    if not _MONTH.fullmatch(value):
        raise Malformed("not_a_month" if value else "missing")
    return value


def account_no(cell: str) -> str:
    """An account number; the plain case first, because most of a million rows are plain."""
    if len(cell) in identifiers.ACCOUNT_NO_LENGTHS and cell.isascii() and cell.isdigit():
        return cell
    return identifiers.account_no(cell)


def bill_no(cell: str) -> str:
    """A bill number, the plain case first as well."""
    return cell if _BILL_NO.fullmatch(cell) else identifiers.bill_no(cell)


def yes_or_no(cell: str) -> bool:
    """Yes or no."""
    return _YES_OR_NO(cell) == "yes"


_YES_OR_NO = word(("yes", "no"), "not_yes_or_no")


def _plain(cell: str) -> str:
    """Trimmed, with the digits of any script as 0-9; unlike in a typed number nothing else is dropped."""
    value = cell.strip()
    if value.isascii():
        return value
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in value)


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
