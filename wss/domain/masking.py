"""The masked form of a name, number or address for a person whose identity has not been verified yet."""

from __future__ import annotations

import unicodedata

BULLET = "•"
_DIGITS_BEFORE_THE_LAST_TWO = BULLET * 8
# Always the same number of bullets, so that the length of a name is not disclosed.
_REST_OF_A_WORD = BULLET * 4
_VIRAMA = 9  # canonical combining class of the sign that joins two consonants into one letter


def masked_mobile(number: str | None) -> str:
    """Return the last two digits of a mobile number: ••••••••34."""
    return _DIGITS_BEFORE_THE_LAST_TWO + number[-2:] if number else ""


def masked_name(name: str) -> str:
    """Return the first letter of each word of a name: M•••• S••••, रा•••• प्र••••."""
    return " ".join(first_letter(word) + _REST_OF_A_WORD for word in name.split())


def masked_address(address: str) -> str:
    """Return the locality of an address: its last part, without numbers of buildings and pin code."""
    for part in reversed(address.split(",")):
        words = [word for word in part.split() if not any(character.isdecimal() for character in word)]
        if words and ("," in address or len(words) == 1):
            return " ".join(words)
        if words:
            return words[-1]
    return _REST_OF_A_WORD if address.strip() else ""


def masked_meter(meter_no: str | None) -> str:
    """Return the last three characters of a meter number: ••••••470."""
    return BULLET * 6 + meter_no[-3:] if meter_no and len(meter_no) > 3 else (BULLET * 6 if meter_no else "")


def first_letter(word: str) -> str:
    """Return the first letter as a reader sees it: a Devanagari consonant keeps its vowel sign and what it joins."""
    if not word:
        return ""
    end = 1
    while end < len(word):
        joined = unicodedata.combining(word[end - 1]) == _VIRAMA and unicodedata.category(word[end]) == "Lo"
        if not (joined or unicodedata.category(word[end])[0] == "M" or word[end] in "\u200c\u200d"):
            break
        end += 1
    return word[:end]


def masked_cell(column: str, value: object) -> str:
    """Return a cell of an extract for a terminal or a log: without personal numbers, names or addresses."""
    text = "" if value is None else str(value)
    if not text or column in {"phone", "sbm_bill_no"}:
        return text
    return {"mobile": masked_mobile, "meter_no": masked_meter}.get(column, lambda _: BULLET * 6)(text)
