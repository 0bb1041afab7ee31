"""Numbers and names that people type: account, bill, complaint and mobile numbers, user names, e-mail addresses."""

from __future__ import annotations

import re
import unicodedata

from wss.domain.errors import Malformed

ACCOUNT_NO_LENGTHS = (10, 12)
BILL_NO_LENGTH = 20
USER_NAME_LENGTHS = (4, 30)
EMAIL_LENGTH = 254
FIRST_COMPLAINT_COUNTER = 1_000_000_001
COMPLAINT_NO_LENGTH = 11

_BILL_NO = re.compile(r"[0-9A-Z]{1,20}")
_MOBILE = re.compile(r"[6-9][0-9]{9}")
_PINCODE = re.compile(r"[1-9][0-9]{5}")
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)

# A telephone number with its area code has as many digits as a mobile number; without one it has six to eight.
_LANDLINE_LENGTHS = range(6, 9)
_PREFIXED_MOBILE = {11: ("0",), 12: ("91",), 13: ("091",), 14: ("0091",)}

# Damm's quasigroup of order 10: its check digit finds every wrong digit and every swap of two neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def normalise_digits(text: str) -> str:
    """Return digits of any script as 0-9, without the spaces, dashes and invisible marks between them."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(_plain(character) for character in text)


def ascii_digits(text: str) -> str:
    """Return a text with the digits of every script as 0-9, and everything else as it is."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def account_no(text: str) -> str:
    """Return the account number as stored: 10 or 12 digits."""
    number = normalise_digits(text)
    if not (number.isascii() and number.isdigit()):
        raise Malformed("account_no_missing" if not number else "account_no_not_digits")
    if len(number) not in ACCOUNT_NO_LENGTHS:
        raise Malformed("account_no_length")
    return number


def bill_no(text: str) -> str:
    """Return a bill or SBM bill number as stored: up to 20 letters and digits, in capitals."""
    number = normalise_digits(text).upper()
    if _BILL_NO.fullmatch(number):
        return number
    if not number:
        raise Malformed("bill_no_missing")
    raise Malformed("bill_no_length" if len(number) > BILL_NO_LENGTH else "bill_no_characters")


def mobile(text: str) -> str:
    """Return an Indian mobile number as its ten digits, without any prefix."""
    number = normalise_digits(text).removeprefix("+")
    if not number:
        raise Malformed("mobile_missing")
    if not (number.isascii() and number.isdigit()):
        raise Malformed("mobile_not_digits")
    for prefix in _PREFIXED_MOBILE.get(len(number), ()):
        number = number.removeprefix(prefix)
    if _MOBILE.fullmatch(number):
        return number
    landline = len(number) == 10 or len(number) in _LANDLINE_LENGTHS
    raise Malformed("mobile_landline" if landline else "mobile_length")


def is_mobile(number: str) -> bool:
    """Return whether this is an Indian mobile number as stored: an SMS is sent to no other number."""
    return _MOBILE.fullmatch(number) is not None


def pincode(text: str) -> str:
    """Return a postal code of six digits, the first not zero."""
    number = normalise_digits(text)
    if not _PINCODE.fullmatch(number):
        raise Malformed("pincode_malformed" if number else "pincode_missing")
    return number


def user_name(text: str) -> str:
    """Return a user name in lower case; it begins with a letter, so it is never taken for an account number."""
    name = unicodedata.normalize("NFKC", text).strip().lower()
    if not name:
        raise Malformed("user_name_missing")
    if not USER_NAME_LENGTHS[0] <= len(name) <= USER_NAME_LENGTHS[1]:
        raise Malformed("user_name_length")
    if not name[0].isalpha():
        raise Malformed("user_name_first_letter")
    if not all(_fits_user_name(character) for character in name):
        raise Malformed("user_name_characters")
    return name


def email(text: str) -> str:
    """Return an e-mail address of valid form; only a message to it shows whether it works."""
    address = text.strip()
    if not address:
        raise Malformed("email_missing")
    local, _, host = address.rpartition("@")
    address = f"{local}@{host.lower()}"
    if len(address) > EMAIL_LENGTH or not _EMAIL.fullmatch(address):
        raise Malformed("email_malformed")
    if ".." in local or local.startswith(".") or local.endswith("."):
        raise Malformed("email_malformed")
    return address


def check_digit(digits: str) -> str:
    """Return Damm's check digit for a string of digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def complaint_no_from(counter: int) -> str:
    """Return the complaint number of a value of the counter."""
    digits = str(counter)
    return digits + check_digit(digits)


def complaint_no(text: str) -> str:
    """Return a typed complaint number as stored; raise Malformed for a wrong check digit."""
    number = normalise_digits(text)
    if not (number.isascii() and number.isdigit()):
        raise Malformed("complaint_no_missing" if not number else "complaint_no_not_digits")
    if len(number) != COMPLAINT_NO_LENGTH:
        raise Malformed("complaint_no_length")
    if check_digit(number) != "0":
        raise Malformed("complaint_no_check_digit")
    return number


def grouped_complaint_no(number: str) -> str:
    """Return a complaint number in the groups in which it is printed and read out: 100 0000 0016."""
    return f"{number[:3]} {number[3:7]} {number[7:]}"


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "" if category in {"Zs", "Pd", "Cf", "Cc", "Zl", "Zp"} or character == "\u2212" else character


def _fits_user_name(character: str) -> bool:
    return character in "._-" or character.isdecimal() or unicodedata.category(character)[0] in "LM"
