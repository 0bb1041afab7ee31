"""Odd values that are sent to every parameter, and the marks by which they are recognized in responses."""

from dataclasses import dataclass

# This tag finds unescaped markup in a page, this word finds text from an address, this name finds an injected
# header.
MARKUP = "<probe7781 onx=1>"
WORD = "Callprobe7781now"
HEADER = "X-Probe-7781"
FOREIGN = "foreign.example"
MISSING, DOUBLED, VALUE = "missing", "doubled", "value"


@dataclass(frozen=True, slots=True)
class OddValue:
    """An odd value: its name, its bytes, and whether the field is left out or sent twice instead."""

    name: str
    raw: bytes
    how: str = VALUE


def _odd(name: str, text: str) -> OddValue:
    return OddValue(name, text.encode("utf-8", "surrogatepass"))


ODD_VALUES: tuple[OddValue, ...] = (
    _odd("empty", ""),
    _odd("blank", "   "),
    _odd("NUL", "a\0b"),
    _odd("percent zero zero", "%00"),
    _odd("lone surrogate", "\ud800"),
    OddValue("broken UTF-8", b"\xff\xfe\xc0\xaf"),
    _odd("4,400 digits", "9" * 4400),
    _odd("very long", "ab" * 2500),
    _odd("zero", "0"),
    _odd("negative", "-1"),
    _odd("just above 64 bits", str(2**63)),
    _odd("fraction", "1.5"),
    _odd("exponent", "1e400"),
    _odd("not a number", "NaN"),
    _odd("infinity", "Infinity"),
    _odd("year 1", "0001-01-01"),
    _odd("year 9999", "9999-12-31"),
    _odd("moment in year 1", "0001-01-01T00:00"),
    _odd("moment in year 9999", "9999-12-31T23:59"),
    _odd("month of year 1", "0001-01"),
    _odd("month of year 9999", "9999-12"),
    _odd("29 February of no leap year", "2027-02-29"),
    _odd("brackets", "[]"),
    _odd("object", '{"$ne":null}'),
    _odd("right-to-left", "\u202e9876543210\u202c"),
    _odd("full-width digits", "１２３４"),
    _odd("Devanagari digits", "१०००"),
    _odd("superscript", "²"),
    _odd("zero width", "12\u200b34"),
    _odd("emoji", "💡👨‍👩‍👧"),
    _odd("path", "../../../../etc/passwd"),
    _odd("dot dot", ".."),
    _odd("CR LF", f"a\r\n{HEADER}: 1\r\n\r\n{MARKUP}"),
    _odd("template", "{{7*7}}${7*7}<%=7*7%>"),
    _odd("format", "%s%n{0.__class__}"),
    _odd("quotes", "' OR '1'='1' --"),
    _odd("double quotes", '"; DROP TABLE bill; --'),
    _odd("backslash", "\\"),
    _odd("markup", f"\"'>{MARKUP}"),
    _odd("word", f"{WORD} +91 98765 43210"),
    _odd("foreign address", f"https://{FOREIGN}/"),
    _odd("foreign address without scheme", f"//{FOREIGN}/"),
    _odd("foreign address with backslash", f"/\\{FOREIGN}/"),
    _odd("formula", "=HYPERLINK(1)"),
    _odd("true", "true"),
    OddValue("missing", b"", MISSING),
    OddValue("doubled", b"1", DOUBLED),
)


def _named(*names: str) -> tuple[OddValue, ...]:
    return tuple(odd for odd in ODD_VALUES if odd.name in names)


_DATES = _named("year 1", "year 9999", "moment in year 1", "moment in year 9999", "month of year 1")
_ADDRESSES = _named(
    "foreign address", "foreign address without scheme", "foreign address with backslash", "CR LF"
)
_TEXTS = _named("word", "markup")
_LIKE_DATES = ("day", "start", "end", "from", "to", "month", "before", "after")


def values_for(name: str, *, is_in_path: bool) -> tuple[OddValue, ...]:
    """Return the odd values that a parameter of this name always gets, as they are closest to valid ones."""
    if name in _LIKE_DATES or name.endswith(("_on", "date")):
        return _DATES
    if name == "next":
        return _ADDRESSES
    return _TEXTS if is_in_path else ()
