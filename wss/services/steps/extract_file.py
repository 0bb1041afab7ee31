"""An extract as it lies on the disk: read row by row, so that its size does not matter."""

import csv
import io
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from wss.domain.extracts import LACKING, Extract, Refused, layout

Progress = Callable[[int, int], None]
Cells = list[str]


class ExtractFile:
    """A CSV file in UTF-8 with a header row; other bytes come through as marks that the row rules refuse."""

    def __init__(self, path: Path, extract: Extract) -> None:
        self.path = path
        self.size = path.stat().st_size
        with closing(self._lines(lambda done, size: None)) as rows:
            _, self.header = next(rows, (0, []))
        self._places = layout(extract, self.header)
        self._in_order = self._places == tuple(range(len(self.header)))
        fields = zip(extract.fields, self._places, strict=True)
        self.lacking = frozenset(field for field, place in fields if place == LACKING)

    def rows(self, progress: Progress) -> Iterator[tuple[int, Cells]]:
        """Each row's line and its cells in the extract's order; a row of another width comes as it is."""
        rows = self.raw_rows(progress)
        if self._in_order:
            return rows
        width, places = len(self.header), self._places
        return ((line, _in_places(cells, places) if len(cells) == width else cells) for line, cells in rows)

    def raw_rows(self, progress: Progress = lambda done, size: None) -> Iterator[tuple[int, Cells]]:
        """Each row's line and its cells as they stand in the file."""
        rows = self._lines(progress)
        next(rows, None)
        return rows

    def _lines(self, progress: Progress) -> Generator[tuple[int, Cells], None, None]:
        with self.path.open("rb") as binary, _as_text(binary) as text:
            reader = csv.reader(text, strict=True)
            begins = 1
            try:
                for cells in reader:
                    if cells:
                        yield begins, cells
                    begins = reader.line_num + 1
                    if not begins % 5000:
                        progress(binary.tell(), self.size)
            except csv.Error:
                raise Refused("", f"unreadable_from_line_{begins}") from None
        progress(self.size, self.size)


def _in_places(cells: Cells, places: Sequence[int]) -> Cells:
    return ["" if place == LACKING else cells[place] for place in places]


def write_rejected(path: Path, header: Sequence[str], rows: Iterator[tuple[Cells, str]]) -> None:
    """Write refused rows as they stood, each with its reason in the last column, to be mended and handed in."""
    with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow([*header, "reason"])
        writer.writerows([*cells, reason] for cells, reason in rows)


def _as_text(binary: BinaryIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(binary, encoding="utf-8-sig", errors="surrogateescape", newline="")
