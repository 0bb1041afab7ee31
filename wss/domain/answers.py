"""What people type into a request form, read by one rule per field: numbers, money, loads, days and words."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from wss.domain.catalogue import RequestField
from wss.domain.errors import Malformed
from wss.domain.identifiers import normalise_digits

# Under which name an answer is kept; where the unit is another than the field's, the name says so.
KEPT_AS = {
    RequestField.PAID_AMOUNT: "paid_amount_paise",
    RequestField.NEW_LOAD_KW: "new_load_w",
    RequestField.DEMAND_KVA: "demand_va",
}

NAME_LENGTH = 200
ADDRESS_LENGTH = 400
REMARKS_LENGTH = 1000
BILLS_AT_MOST = 12
_READING = re.compile(r"([0-9]{1,9})(?:\.[0-9]*)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[./ ]([0-9]{1,2})[./ ]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[./ ]([0-9]{1,2})[./ ]([0-9]{1,2})")
_LARGEST_AMOUNT = 10**8
_LARGEST_LOAD_KW = 100_000
_MINUSES = "-\u2212\u2013"


def kept_as(field: RequestField) -> str:
    """The name under which the answer to a field is kept."""
    return KEPT_AS.get(field, field.value)


def reading(text: str) -> int:
    """A meter's reading in whole units; what stands after the decimal point is not counted."""
    found = _READING.fullmatch(_number(text))
    if found is None:
        raise Malformed("reading_malformed")
    return int(found[1])


def amount(text: str) -> int:
    """An amount in rupees, as paise: 5740.35, ₹ 5,740.35."""
    return _scaled(
        _number(text.replace("₹", "").replace("Rs.", "").replace("Rs", "")), 100, _LARGEST_AMOUNT, "amount"
    )


def load(text: str) -> int:
    """A load in kW, as watts."""
    return _scaled(_number(text), 1000, _LARGEST_LOAD_KW, "load")


def demand(text: str) -> int:
    """A demand in kVA, as VA."""
    return _scaled(_number(text), 1000, _LARGEST_LOAD_KW, "demand")


def past_day(text: str, today: date) -> date:
    """A day that has come already: 24-11-2026, 24/11/2026 or 2026-11-24, in any script's digits."""
    plain = "".join(" " if sign in _MINUSES else normalise_digits(sign) or sign for sign in text.strip())
    day_first, year_first = _DAY_FIRST.fullmatch(plain), _YEAR_FIRST.fullmatch(plain)
    if day_first is None and year_first is None:
        raise Malformed("day_malformed")
    parts = [int(part) for part in (day_first.groups()[::-1] if day_first else year_first.groups())]  # type: ignore[union-attr]
    try:
        day = date(*parts)
    except ValueError as impossible:
        raise Malformed("day_malformed") from impossible
    if day > today:
        raise Malformed("day_in_future")
    if day.year < today.year - 10:
        raise Malformed("day_long_ago")
    return day


def line(text: str, at_most: int) -> str:
    """A name or an address on one line, its spaces folded, without control and direction marks."""
    words = " ".join(_visible(text).split())
    if not words:
        raise Malformed("text_missing")
    if len(words) > at_most:
        raise Malformed("text_too_long")
    if not any(character.isalnum() for character in words):
        raise Malformed("text_malformed")
    return words


def remarks(text: str) -> str:
    """Free words over several lines, up to 1,000 characters."""
    plain = "\n".join(
        _visible(each).rstrip() for each in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    if len(plain.strip()) > REMARKS_LENGTH:
        raise Malformed("text_too_long")
    return plain.strip()


def _number(text: str) -> str:
    """Digits and the point; a sign before them is a mistake that must not vanish with the dashes."""
    if text.strip()[:1] in tuple(_MINUSES):
        raise Malformed("number_negative")
    return normalise_digits(text.replace(",", ""))


def _scaled(number: str, by: int, largest: int, what: str) -> int:
    try:
        value = Decimal(number) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?|\.[0-9]{1,6}", number) else None
    except InvalidOperation:
        value = None
    if value is None or value <= 0 or value > largest or value * by != int(value * by):
        raise Malformed(f"{what}_malformed")
    return int(value * by)


def _visible(text: str) -> str:
    shown = (" " if character.isspace() else character for character in unicodedata.normalize("NFC", text))
    # The joiners shape Devanagari letters; every other control or format mark only hides something.
    return "".join(c for c in shown if unicodedata.category(c)[0] != "C" or c in "\u200c\u200d")
