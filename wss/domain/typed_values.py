"""Parsers for values that people type or that an address carries.

These are whole numbers, amounts, loads, days, codes and text. A parser of a form's field raises Malformed with the
code of the error. A parser of a value that the site itself wrote into the page or address (a version, a cursor, a
day) returns None for anything else. Account, bill and mobile numbers are in `domain/identifiers`, cells of
extracts in `domain/extracts`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from wss.domain.calendar import IST
from wss.domain.errors import Malformed
from wss.domain.identifiers import normalise_digits

NAME_LENGTH = 200
ADDRESS_LENGTH = 400
REMARKS_LENGTH = 1000
OTP_LENGTH = 6
# A number with this many digits fits every integer column of the database.
ID_DIGITS = 18
VERSION_DIGITS = 9
# No table has an earlier or later day, and arithmetic on days between these stays within the years of a date.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
_READING = re.compile(r"([0-9]{1,9})(?:\.[0-9]*)?")
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?|\.[0-9]{1,6}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[./ ]([0-9]{1,2})[./ ]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[./ ]([0-9]{1,2})[./ ]([0-9]{1,2})")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")
_LARGEST_AMOUNT = 10**8
_LARGEST_LOAD_KW = 100_000
_LARGEST_WATTS, _LARGEST_COUNT = 100_000, 1_000
_MINUSES = "-\u2212\u2013"


def whole_number(text: str, digits: int = ID_DIGITS) -> int | None:
    """Return a number written with the digits 0-9 only, at most so many of them; None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def version(text: str) -> int:
    """Return the version of a row that a form was made for; -1, which no row has, for any other text."""
    number = whole_number(text, VERSION_DIGITS)
    return -1 if number is None else number


def is_code(text: str, length: int = OTP_LENGTH) -> bool:
    """Return whether a text is a code of so many digits, in any script, with or without spaces and dashes."""
    digits = normalise_digits(text)
    return len(digits) == length and digits.isdecimal()


def reading(text: str) -> int:
    """Parse a meter reading in whole units; digits after the decimal point are dropped."""
    found = _READING.fullmatch(_number(text))
    if found is None:
        raise Malformed("reading_malformed")
    return int(found[1])


def amount(text: str) -> int:
    """Parse an amount in rupees into paise: 5740.35, ₹ 5,740.35."""
    return _scaled(
        _number(text.replace("₹", "").replace("Rs.", "").replace("Rs", "")), 100, _LARGEST_AMOUNT, "amount"
    )


def load(text: str) -> int:
    """Parse a load in kW into watts."""
    return _scaled(_number(text), 1000, _LARGEST_LOAD_KW, "load")


def watts(text: str) -> int:
    """Parse the watts of an appliance, a whole number from 1."""
    return _whole_between(text, 1, _LARGEST_WATTS, "watts")


def count(text: str) -> int:
    """Parse how many appliances there are; 0 for none."""
    return _whole_between(text, 0, _LARGEST_COUNT, "count")


def minutes_a_day(text: str) -> int:
    """Parse hours a day, 0 to 24, into whole minutes: 2, 0.5."""
    number = _number(text)
    if not _DECIMAL.fullmatch(number) or Decimal(number) > 24:
        raise Malformed("hours_malformed")
    return int((Decimal(number) * 60).quantize(Decimal(1), ROUND_HALF_UP))


def demand(text: str) -> int:
    """Parse a demand in kVA into VA."""
    return _scaled(_number(text), 1000, _LARGEST_LOAD_KW, "demand")


def past_day(text: str, today: date) -> date:
    """Parse a day of the last ten years: 24-11-2026, 24/11/2026 or 2026-11-24, in digits of any script."""
    day = _written_day(text)
    if day is None:
        raise Malformed("day_malformed")
    if day > today:
        raise Malformed("day_in_future")
    if day.year < today.year - 10:
        raise Malformed("day_long_ago")
    return day


def typed_day(text: str) -> date | None:
    """Return a day as people or browsers write it: 24-11-2026, 24/11/2026 or 2026-11-24, in digits of any script.

    None for any other text and for days out of range.
    """
    day = _written_day(text)
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def iso_day(text: str) -> date | None:
    """Return a day as browsers send it, 2026-11-24; None for any other text and for days out of range."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Python also reads 20261124 and 2026-W48-2, which no browser sends.
    return day if day.isoformat() == text and FIRST_DAY <= day <= LAST_DAY else None


def iso_month(text: str) -> str | None:
    """Return a month as the bills have it, 2026-11; None for any other text."""
    return text if _MONTH.fullmatch(text) else None


def local_moment(text: str) -> datetime | None:
    """Parse a day and time in Uttar Pradesh into UTC: 24-11-2026 10:30, or 2026-11-24T10:30 as browsers send it.

    A day without a time is its midnight, an empty text None. Raises Malformed for any other text.
    """
    typed = text.strip()
    if not typed:
        return None
    written, _, clock = typed.replace("T", " ").rpartition(" ") if ":" in typed else (typed, "", "00:00")
    day, found = typed_day(written), _TIME.fullmatch(normalise_digits(clock))
    if day is None or found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Malformed("moment_malformed")
    return datetime.combine(day, time(int(found[1]), int(found[2])), IST).astimezone(UTC)


def line(text: str, at_most: int) -> str:
    """Return a name or an address as one line: spaces folded, control and direction marks removed."""
    words = " ".join(_visible(text).split())
    if not words:
        raise Malformed("text_missing")
    if len(words) > at_most:
        raise Malformed("text_too_long")
    if not any(character.isalnum() for character in words):
        raise Malformed("text_malformed")
    return words


def remarks(text: str) -> str:
    """Return free text of several lines, at most 1,000 characters, without control and direction marks."""
    plain = "\n".join(
        _visible(each).rstrip() for each in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    if len(plain.strip()) > REMARKS_LENGTH:
        raise Malformed("text_too_long")
    return plain.strip()


def _written_day(text: str) -> date | None:
    """Return a day written with the day or the year first; None for any other text."""
    plain = "".join(" " if sign in _MINUSES else normalise_digits(sign) or sign for sign in text.strip())
    if found := _DAY_FIRST.fullmatch(plain):
        parts = found.groups()[::-1]
    elif found := _YEAR_FIRST.fullmatch(plain):
        parts = found.groups()
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def _number(text: str) -> str:
    """Return the digits and the point of a number; a minus sign in front is an error that must not be dropped."""
    if text.strip()[:1] in tuple(_MINUSES):
        raise Malformed("number_negative")
    return normalise_digits(text.replace(",", ""))


def _whole_between(text: str, least: int, most: int, what: str) -> int:
    number = whole_number(_number(text))
    if number is None or not least <= number <= most:
        raise Malformed(f"{what}_malformed")
    return number


def _scaled(number: str, by: int, largest: int, what: str) -> int:
    try:
        value = Decimal(number) if _DECIMAL.fullmatch(number) else None
    except InvalidOperation:
        value = None
    if value is None or value <= 0 or value > largest or value * by != int(value * by):
        raise Malformed(f"{what}_malformed")
    return int(value * by)


def _visible(text: str) -> str:
    shown = (" " if character.isspace() else character for character in unicodedata.normalize("NFC", text))
    # The joiners shape Devanagari letters; every other control or format mark only hides something.
    return "".join(c for c in shown if unicodedata.category(c)[0] != "C" or c in "\u200c\u200d")
