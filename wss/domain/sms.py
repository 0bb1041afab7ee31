"""The size of an SMS: its alphabet, its parts, and how much of its registered text may vary (TRAI DLT)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

# GSM 03.38: any other character makes the whole text Unicode.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these is sent as two characters: an escape and a sign.
_EXTENSION = frozenset("\f^{}\\[~]|€")
_ALPHABET = _BASIC | _EXTENSION
_PLAIN, _UNICODE = (160, 153), (70, 67)
_ONE_UNIT = 0xFFFF
# Operators refuse a registered text with a longer value, or when more of it varies.
LONGEST_VALUE = 30
MOST_VARIABLE = Fraction(40, 100)
# The site's own address is the same in every message, so it is registered as constant text.
CONSTANT = "site"
# An address of usual length, used if the site's own is not known.
SOME_SITE = "https://wss.example.in"
VARIABLE = re.compile(r"\{#([a-z0-9_]+)#\}")


@dataclass(frozen=True, slots=True)
class SmsVariable:
    """The content of a variable: the kind under which operators register it, and its greatest length."""

    tag: str
    longest: int


# Digits alone are numeric; dates, grouped numbers and the ends of links have other characters between them.
VALUES = {
    "otp": SmsVariable("numeric", 6),
    "reference_no": SmsVariable("numeric", 8),
    "account_no": SmsVariable("numeric", 12),
    "complaint_no": SmsVariable("alphanumeric", 13),
    "new_no": SmsVariable("alphanumeric", 13),
    "promised_on": SmsVariable("alphanumeric", 10),
    "due_on": SmsVariable("alphanumeric", 10),
    "starts_at": SmsVariable("alphanumeric", 16),
    "answer_by": SmsVariable("alphanumeric", 10),
    "reopen_by": SmsVariable("alphanumeric", 10),
    "post": SmsVariable("alphanumeric", 27),
    # Up to 9,99,999.90; a longer one takes another part.
    "issued": SmsVariable("alphanumeric", 11),
    "revised": SmsVariable("alphanumeric", 11),
    # Of a bill or a projection.
    "amount": SmsVariable("alphanumeric", 11),
    "account_end": SmsVariable("numeric", 4),
    "units": SmsVariable("numeric", 6),
    "times": SmsVariable("alphanumeric", 5),
    "user_name": SmsVariable("alphanumeric", 30),
    "token": SmsVariable("alphanumeric", 27),
    "track_token": SmsVariable("alphanumeric", 10),
    "phone_token": SmsVariable("alphanumeric", 10),
    "dispute_token": SmsVariable("alphanumeric", 27),
}
# Shorter than elsewhere: the Hindi names of posts, the number without groups, and the code of the read-only link.
_LONGEST_IN = {
    ("escalated", "hi", "post"): 16,
    ("escalated", "hi", "complaint_no"): 11,
    ("escalated", "en", "complaint_no"): 11,
    ("request_registered", "hi", "token"): 10,
    ("request_registered", "en", "token"): 10,
}


def is_unicode(text: str) -> bool:
    """Return whether a text needs the Unicode alphabet, in which fewer characters fit."""
    return not _ALPHABET.issuperset(text)


def units(text: str) -> int:
    """Return the size of a text: UTF-16 units, or characters of which the escaped ones count twice."""
    return sum(_widths(text))


def parts(text: str) -> list[str]:
    """Return the parts in which a text is sent; neither a surrogate pair nor an escaped character is ever split."""
    whole, each = _UNICODE if is_unicode(text) else _PLAIN
    return [text] if units(text) <= whole else list(_pieces(text, each))


@dataclass(frozen=True, slots=True)
class SmsTemplate:
    """The text of a notice's SMS in a language, as registered for a site; `part` as in `REQUEST_PARTS` of notices."""

    notice: str
    language: str
    text: str
    site: str = SOME_SITE
    part: str = "sms"

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what names the text: notice, language and part."""
        return self.notice, self.language, self.part

    @property
    def tagged(self) -> str:
        """Return the text with the kind of every variable, for the operators' register."""
        return self._filled(lambda name: f"{{#{VALUES[name].tag}#}}")

    @property
    def longest(self) -> str:
        """Return the text with the longest value of every variable."""
        return self._filled(lambda name: "0" * self.longest_value(name))

    @property
    def share(self) -> Fraction:
        """Return how much of the text varies with the longest value of every variable."""
        names = [name for name in VARIABLE.findall(self.text) if name != CONSTANT]
        return Fraction(sum(map(self.longest_value, names)), max(1, len(self.longest)))

    def longest_value(self, name: str) -> int:
        """Return the greatest length of a value here."""
        return _LONGEST_IN.get((self.notice, self.language, name), VALUES[name].longest)

    def _filled(self, value: Callable[[str], str]) -> str:
        return VARIABLE.sub(lambda found: self.site if found[1] == CONSTANT else value(found[1]), self.text)


def _pieces(text: str, each: int) -> Iterator[str]:
    begin, space = 0, each
    for at, width in enumerate(_widths(text)):
        if width > space:
            yield text[begin:at]
            begin, space = at, each
        space -= width
    yield text[begin:]


def _widths(text: str) -> Iterator[int]:
    if is_unicode(text):
        return (2 if ord(sign) > _ONE_UNIT else 1 for sign in text)
    return (2 if sign in _EXTENSION else 1 for sign in text)
