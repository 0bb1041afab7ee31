"""Parsers of dates and months in cells: formats with the year or the day first, never with the month."""

from __future__ import annotations

import re
from datetime import date

from wss.domain.errors import Malformed
from wss.domain.extracts.cells import bare

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
# Spreadsheets and Oracle read a two-digit year next to a month's name so: up to 29 it is of this century.
_OF_THIS_CENTURY = 29
_DECEMBER = 12

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
_TIME = re.compile(r"[ T]+[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_DAY_AND_NAME = re.compile(r"([0-9]{1,2})[-/. ]?([A-Za-z]{3,9})[-/., ]+([0-9]{4}|[0-9]{2})")
_NAME_AND_DAY = re.compile(r"([A-Za-z]{3,9})[. ]+([0-9]{1,2}),? +([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}")
_DAY_NUMBER = re.compile(r"[0-9]{5}(?:\.[0-9]*)?")
_YEAR_AND_MONTH = re.compile(r"((?:19|20)[0-9]{2})[-/.]?([0-9]{2})|((?:19|20)[0-9]{2})[-/.]([0-9])")
_MONTH_AND_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_NAME_AND_YEAR = re.compile(r"([A-Za-z]{3,9})[-/. ,']+([0-9]{4}|[0-9]{2})")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def day(cell: str) -> str:
    """Return a date that exists, as YYYY-MM-DD; it stays text, which every database accepts as a date."""
    value = bare(cell)
    if not value:
        raise Malformed("missing")
    if not _ISO.fullmatch(value):
        value = _iso(_TIME.sub("", value))
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Malformed("not_a_date") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Malformed("beyond_reason")
    return value


def month(cell: str) -> str:
    """Return a month, as YYYY-MM. Spreadsheets turn 2025-11 into Nov-25, or into the first day of the month."""
    value = bare(cell)
    if _ISO_MONTH.fullmatch(value):
        return value
    if found := _YEAR_AND_MONTH.fullmatch(value):
        return _year_month(found[1] or found[3], found[2] or found[4])
    if found := _MONTH_AND_YEAR.fullmatch(value):
        return _year_month(found[2], found[1])
    if found := _NAME_AND_YEAR.fullmatch(value):
        return _year_month(_full_year(found[2]), _month_number(found[1], "not_a_month"))
    return _first_day(value)


def _iso(value: str) -> str:
    """Return the same date as YYYY-MM-DD; raise Malformed with the reason if it is none."""
    if found := _YEAR_FIRST.fullmatch(value):
        return _joined(found[1], found[3], found[4])
    if found := _DAY_FIRST.fullmatch(value):
        if int(found[3]) > _DECEMBER >= int(found[1]):
            raise Malformed("month_first")
        return _joined(found[4], found[3], found[1])
    if found := _DAY_AND_NAME.fullmatch(value):
        return _joined(_full_year(found[3]), _month_number(found[2], "not_a_date"), found[1])
    if found := _NAME_AND_DAY.fullmatch(value):
        return _joined(found[3], _month_number(found[1], "not_a_date"), found[2])
    if _SHORT_YEAR.fullmatch(value):
        raise Malformed("two_digit_year")
    # Workbooks count their days from 1900 or from 1904: four years apart, and the file does not say which.
    raise Malformed("day_number" if _DAY_NUMBER.fullmatch(value) else "not_a_date")


def _first_day(value: str) -> str:
    """Return the month of a date that is its first day."""
    try:
        found = day(value)
    except Malformed as error:
        raise Malformed("missing" if error.code == "missing" else "not_a_month") from None
    if not found.endswith("-01"):
        raise Malformed("not_a_month")
    return _year_month(found[:4], found[5:7])


def _year_month(year: str, number: str) -> str:
    value = f"{year}-{number:0>2}"
    if not _ISO_MONTH.fullmatch(value):
        raise Malformed("not_a_month")
    return value


def _joined(year: str, number: str, of_month: str) -> str:
    return f"{year}-{number:0>2}-{of_month:0>2}"


def _month_number(name: str, refusal: str) -> str:
    for number, full in enumerate(_MONTHS, 1):
        if full.startswith(name.casefold()):
            return str(number)
    raise Malformed(refusal)


def _full_year(year: str) -> str:
    if len(year) > 2:
        return year
    return f"20{year}" if int(year) <= _OF_THIS_CENTURY else f"19{year}"
