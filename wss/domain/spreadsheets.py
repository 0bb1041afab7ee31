"""Cells of a table that somebody opens in a spreadsheet: never a formula, whatever a name contains."""

import unicodedata

# What makes a spreadsheet compute, and what it skips before looking.
_TRIGGERS = frozenset("=+-@\t\r\n|%")
Cell = str | int


def harmless(cell: Cell) -> str:
    """The cell as text that every spreadsheet shows as it is: an apostrophe stands before what could be a formula."""
    text = str(cell)
    # Fullwidth twins are read as their plain forms by some programs, and blanks are passed over.
    plain = unicodedata.normalize("NFKC", text).lstrip(" \u00a0\u200b\ufeff")
    return f"'{text}" if plain[:1] in _TRIGGERS else text


def as_written(text: str) -> str:
    """Take the apostrophe away again that `harmless` has put before a text."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text
