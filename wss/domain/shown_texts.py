"""Which texts of reference tables may be shown to consumers: none that a telephone turns into a link or a call."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"
_BLANKS = "\t\n\r"
# Characters between the parts of an address. Initials such as M.G.Road and उ.प्र. have one letter before each point.
_SIGN_OF_ADDRESSES = re.compile(
    r"[\w-]{2,}\.[^\W\d]{2,}|[\w-]\.[^\W\d]{2,}/|(?:[0-9]+\.){3}[0-9]|[a-z][a-z0-9+.-]*:[^\s]|[^\s]@[^\s]|//|\\|\bwww\b",
    re.IGNORECASE,
)
# A telephone number in any notation; 1912, years and PIN codes are shorter.
_LONG_NUMBER = re.compile(r"(?:[0-9][ \t.()-]*){7,}")


def shown_text_fault(text: str) -> str | None:
    """Return why consumers must not be shown a text, as a code."""
    if has_hidden_sign(text):
        return "hidden_sign"
    plain = plain_signs(text)
    if has_long_number(plain):
        return "number_in_text"
    letters = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "M")
    return "address_in_text" if _SIGN_OF_ADDRESSES.search(letters) else None


def has_hidden_sign(text: str) -> bool:
    """Return whether a text has control characters, direction marks or invisible characters."""
    kinds = ((sign, unicodedata.category(sign)) for sign in text)
    return any(
        (kind == "Cf" and sign not in _JOINERS) or (kind == "Cc" and sign not in _BLANKS)
        for sign, kind in kinds
    )


def plain_signs(text: str) -> str:
    """Return a text with the letters and points that telephones read as parts of an address."""
    return unicodedata.normalize("NFKC", text).replace("。", ".")


def has_long_number(text: str) -> bool:
    """Return whether a text has a number that can be called, in digits of any script."""
    digits = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return _LONG_NUMBER.search("".join(digits)) is not None
