"""Extract files, read from the disk row by row, so that their size does not matter."""

import csv
import io
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from wss.domain.extracts import MISSING, UNREADABLE_FROM, Extract, RowRefused, layout
from wss.domain.extracts.files import HEAD, encoding_of, separator_of

Progress = Callable[[int, int], None]
Cells = list[str]


class ExtractFile:
    """A CSV file with a header row, in UTF-8 or UTF-16. Bytes that are no text are passed on as marks that the row
    rules refuse. Rows without any value are skipped, as are columns without a name and a value."""

    def __init__(self, path: Path, extract: Extract) -> None:
        self.path = path
        self.size = path.stat().st_size
        with path.open("rb") as binary:
            head = binary.read(HEAD)
        self._encoding = encoding_of(head)
        text = head.decode(self._encoding, errors="ignore")
        self._separator, self._above = separator_of(text, extract.names)
        with closing(self._lines(lambda done, size: None)) as rows:
            _, self.header = next(rows, (0, []))
        if not self.header:
            raise RowRefused("", "empty_file")
        self._named = len(self.header) - _trailing_blanks(self.header)
        self._places = layout(extract, self.header)
        self._in_order = self._places == tuple(range(len(self.header)))
        fields = zip(extract.fields, self._places, strict=True)
        self.lacking = frozenset(field for field, place in fields if place == MISSING)

    def rows(self, progress: Progress) -> Iterator[tuple[int, Cells]]:
        """Yield each row's line and its cells in the extract's order; a row of another width stays unchanged."""
        rows = self.raw_rows(progress)
        if self._in_order:
            return rows
        named, places = self._named, self._places
        trimmed = ((line, _of_width(cells, named)) for line, cells in rows)
        return (
            (line, _in_places(cells, places) if len(cells) == named else cells) for line, cells in trimmed
        )

    def raw_rows(self, progress: Progress = lambda done, size: None) -> Iterator[tuple[int, Cells]]:
        """Yield each row's line and its cells in the order of the file."""
        rows = self._lines(progress)
        next(rows, None)
        return rows

    def _lines(self, progress: Progress) -> Generator[tuple[int, Cells], None, None]:
        with self.path.open("rb") as binary, _as_text(binary, self._encoding) as text:
            for _ in range(self._above):
                text.readline()
            reader = csv.reader(text, strict=True, delimiter=self._separator)
            begins = 1 + self._above
            try:
                for cells in reader:
                    if cells and (cells[0].strip() or any(map(str.strip, cells))):
                        yield begins, cells
                    begins = self._above + reader.line_num + 1
                    if not begins % 5000:
                        progress(binary.tell(), self.size)
            except csv.Error:
                raise RowRefused("", f"{UNREADABLE_FROM}{begins}") from None
        progress(self.size, self.size)


def _in_places(cells: Cells, places: Sequence[int]) -> Cells:
    return ["" if place == MISSING else cells[place] for place in places]


def write_rejected(path: Path, header: Sequence[str], rows: Iterator[tuple[Cells, str]]) -> None:
    """Write refused rows unchanged, each with its reason in the last column, to be corrected and uploaded."""
    with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow([*header, "reason"])
        writer.writerows([*cells, reason] for cells, reason in rows)


def text_of(content: bytes) -> str:
    """Return the text of a whole file in any supported encoding; raises RowRefused for bytes that are no text."""
    try:
        text = content.decode(encoding_of(content[:HEAD]))
    except UnicodeDecodeError:
        raise RowRefused("", "not_text") from None
    # Databases refuse the NUL character, and no cell needs it.
    return text.removeprefix("\ufeff").replace("\0", " ")


def _as_text(binary: BinaryIO, encoding: str) -> io.TextIOWrapper:
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(binary, encoding=encoding, errors=errors, newline="")


def _trailing_blanks(cells: Sequence[str]) -> int:
    """Return how many columns at the end have no name."""
    blank = 0
    while blank < len(cells) and not cells[-1 - blank].strip():
        blank += 1
    return blank


def _of_width(cells: Cells, width: int) -> Cells:
    """Return the row without the empty cells after the last column that has a name."""
    return cells[:width] if len(cells) > width and not any(map(str.strip, cells[width:])) else cells
