"""Cells of a table for a spreadsheet: never a formula, whatever a name contains."""

import unicodedata

# Characters that make a spreadsheet compute, and those that it skips before.
_TRIGGERS = frozenset("=+-@\t\r\n|%")
Cell = str | int


def escape_formula(cell: Cell) -> str:
    """Return the cell as text that every spreadsheet shows unchanged.

    An apostrophe precedes what could be a formula.
    """
    text = str(cell)
    # Some programs read fullwidth characters as their plain forms, and skip blanks.
    plain = unicodedata.normalize("NFKC", text).lstrip(" \u00a0\u200b\ufeff")
    return f"'{text}" if plain[:1] in _TRIGGERS else text


def unescape_formula(text: str) -> str:
    """Remove the apostrophe that `harmless` has put before a text."""
    return text[1:] if text[:1] == "'" and escape_formula(text[1:]) == text else text
