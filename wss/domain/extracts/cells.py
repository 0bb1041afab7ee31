"""Cells of extracts: the marks that databases and spreadsheets put around a value, and cells without a value."""

from __future__ import annotations

import re
from typing import Any

from wss.domain.errors import Malformed
from wss.domain.identifiers import ascii_digits

# A number with all its digits in the cell, although it is printed as a decimal or with an exponent.
SPREADSHEET_NUMBER = "spreadsheet_number"
# A telephone without its leading zero, which spreadsheets drop; the zero is restored.
ZERO_RESTORED = "leading_zero_restored"

_ERROR = re.compile(
    r"#(?:REF|N/A|VALUE|NAME|DIV/0|NULL|NUM|SPILL|CALC|FIELD|GETTING_DATA)[!?]?|#{2,}|Err:[0-9]{3}"
)
_NOTHING = ("null", "(null)", "<null>", "none", "nan", "nat", "nil", "n/a", "na", "undefined")
# Printed by programs where there is no value; only an empty cell means that a known value is removed.
NO_VALUE_WORDS = frozenset(
    {
        *_NOTHING,
        *map(str.upper, _NOTHING),
        *map(str.title, _NOTHING),
        "NaN",
        "NaT",
        "-",
        "--",
        "–",
        "—",
        "\\N",
    }
)
# Hindi letters in UTF-8 that were read as letters of cp1252.
_MISREAD = re.compile("\u00e0[\u00a4\u00a5]")
_MARKS_OF_LOST_LETTERS = 0.3
_QUOTED = re.compile(r"=?\"(.*)\"|=?'(.*)'")
_APOSTROPHES = "'‘’`"
_DECIMAL = re.compile(r"([0-9]+)\.0*")
_EXPONENT = re.compile(r"([0-9])(?:\.([0-9]{0,30}))?[eE]\+?([0-9]{1,2})")


class UnreadableCell(Malformed):
    """A cell that has no value although it is not empty: a known value stays, and without one the field is empty."""


class RepairedCell(Malformed):
    """A cell whose value is certain although a program has changed its form."""

    def __init__(self, code: str, value: Any) -> None:
        super().__init__(code)
        self.value = value


def has_lost_letters(value: str) -> bool:
    """Return whether a program saved a text in an encoding without its letters: `???? ????`, or `à¤°à¤¾à¤®`."""
    if value.isascii() and "??" not in value:
        return False
    marks = value.count("?") if "??" in value else 0
    has_many = marks >= _MARKS_OF_LOST_LETTERS * len(value.replace(" ", ""))
    return (marks > 0 and has_many) or "\ufffd" in value or _MISREAD.search(value) is not None


def is_error(value: str) -> bool:
    """Return whether a cell holds an error value of a spreadsheet."""
    return value[:1] in {"#", "E"} and _ERROR.fullmatch(value) is not None


def refuse_no_value(value: str) -> None:
    """Raise UnreadableCell for a trimmed cell of an optional column that holds an error, or a word for nothing."""
    if value in NO_VALUE_WORDS:
        raise UnreadableCell("word_for_nothing")
    if is_error(value):
        raise UnreadableCell("spreadsheet_error")
    if has_lost_letters(value):
        raise UnreadableCell("lost_letters")


def bare(cell: str) -> str:
    """Return the cell without blanks and spreadsheets' text markers, and with digits of any script as 0-9."""
    value = cell.strip()
    if value[:1] in {"=", '"', *_APOSTROPHES} and value:
        quoted = _QUOTED.fullmatch(value)
        value = (quoted[1] or quoted[2] or "") if quoted else value.lstrip(_APOSTROPHES)
        value = value.strip()
    return value if value.isascii() else ascii_digits(value)


def whole_digits(value: str) -> str | None:
    """Return the digits of a number printed as `9800000001.0` or `9.800000001E+09`; None for any other cell.

    An exponent is accepted only if no digit is missing: `9.8E+09` has been rounded. Raises Malformed for that.
    """
    if found := _DECIMAL.fullmatch(value):
        return found[1]
    found = _EXPONENT.fullmatch(value)
    if not found:
        return None
    lead, decimals, places = found[1], found[2] or "", int(found[3])
    if len(decimals) < places or decimals[places:].strip("0"):
        raise Malformed("rounded_number")
    return lead + decimals[:places]
