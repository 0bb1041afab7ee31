"""The file format of an extract: its encoding, its separator, or the other type of file that it is."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Collection, Sequence

from wss.domain.extracts.rows import RowRefused

# The part of a file that is examined.
HEAD = 8192
_UTF_8 = "utf-8-sig"
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ",;\t|"
_SEP_LINE = "sep="
# The first bytes of other file types.
_OTHERS = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"<", "web_page"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "compressed"),
    (b"Rar!", "compressed"),
    (b"7z\xbc\xaf", "compressed"),
)
# A header is plain English: in UTF-16 every other byte of it is zero.
_LETTERS_LOOKED_AT = 40


def encoding_of(head: bytes) -> str:
    """Return the encoding of a file by its first bytes; raise RowRefused for one that is empty, or no text file."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    first = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not first:
        raise RowRefused("", "empty_file")
    for beginning, code in _OTHERS:
        if first.startswith(beginning):
            raise RowRefused("", code)
    letters = head[: 2 * _LETTERS_LOOKED_AT]
    for nothing, something, encoding in ((1, 0, "utf-16-le"), (0, 1, "utf-16-be")):
        if len(letters) > 2 and not any(letters[nothing::2]) and all(letters[something::2]):
            return encoding
    return _UTF_8


def separator_of(head: str, names: Collection[str]) -> tuple[str, int]:
    """Return the separator, and the number of lines above the header: `sep=;` is such a line.

    Without that line it is the separator that yields most of the expected names of the header.
    """
    lines = head.splitlines()
    above = 0
    while above < len(lines) and not lines[above].strip(' ,;\t|"'):
        above += 1
    first = lines[above].strip().strip('"') if above < len(lines) else ""
    if first.casefold().startswith(_SEP_LINE) and len(first.rstrip(",")) <= len(_SEP_LINE) + 1:
        return first[len(_SEP_LINE) :][:1] or "\t", above + 1
    return max(_SEPARATORS, key=lambda sign: _names_found(lines[above : above + 1], sign, names)), above


def _names_found(lines: Sequence[str], sign: str, names: Collection[str]) -> int:
    found = {cell.strip().casefold() for row in csv.reader(lines, delimiter=sign) for cell in row}
    return len(found & set(names))
