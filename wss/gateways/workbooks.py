"""Tables as files for a spreadsheet: CSV and XLSX, of texts and whole numbers, never of formulas."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

from wss.domain.spreadsheets import Cell, escape_formula

# Without this mark spreadsheets read a file in the machine's own encoding.
_UTF8 = "\ufeff"


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A table with its name; the first row is the head."""

    name: str
    rows: Sequence[Sequence[Cell]]


def as_csv(sheets: Sequence[Worksheet]) -> bytes:
    """Return the tables one below the other, each under its name."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for place, sheet in enumerate(sheets):
        if place:
            writer.writerow([""])
        writer.writerow([escape_formula(sheet.name)])
        writer.writerows([escape_formula(cell) for cell in row] for row in sheet.rows)
    return (_UTF8 + text.getvalue()).encode()


def as_xlsx(sheets: Sequence[Worksheet]) -> bytes:
    """Return a workbook with a sheet for each table."""
    # Here, as it takes a tenth of the time in which a web process starts.
    from xlsxwriter import Workbook

    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            page.set_column(0, 0, 40)
            for at, row in enumerate(sheet.rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, int):
                        page.write_number(at, place, cell)
                    else:
                        page.write_string(at, place, escape_formula(cell), head if at == 0 else None)
    return file.getvalue()
