"""Layout of the sheet of a month: five figures, small bars of twelve months, and the worst five, on one page of A4."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from wss.gateways.pdf_layout import (
    GREY,
    INK,
    RULE,
    SHADE,
    SMALL,
    SUBTITLE,
    TITLE,
    PdfDocument,
    prepare,
    print_line,
    print_table,
    printable,
)
from wss.gateways.pdf_text import MonthSheetText, SheetFigure

# Millimetres.
BOX_HEIGHT, GAP, TALLEST, LABEL_HEIGHT = 32.0, 3.0, 34.0, 5.0
NUMBER, WHITE = 18, 255
UP, DOWN, ARROW = "▲", "▼", 2.4


def draw_month(text: MonthSheetText) -> bytes:
    """Return the sheet as a PDF."""
    sheet = _new_page(text)
    print_line(sheet, text.title, SUBTITLE, sheet.epw, GREY)
    print_line(sheet, text.office, TITLE, sheet.epw)
    sheet.ln(4)
    _print_figures(sheet, text.figures)
    print_line(sheet, text.trend, SUBTITLE, sheet.epw)
    sheet.ln(2)
    _print_bars(sheet, text.bars)
    print_line(sheet, text.worst, SUBTITLE, sheet.epw)
    if text.table is not None:
        # Cells are filled with the colour of the last bar otherwise.
        sheet.set_fill_color(WHITE)
        print_table(sheet, text.table, SMALL)
    sheet.ln(5)
    for line in text.footer:
        print_line(sheet, line, SMALL, sheet.epw, GREY)
        sheet.ln(1)
    return bytes(sheet.output())


def _new_page(text: MonthSheetText) -> FPDF:
    sheet = PdfDocument(format="A4")
    prepare(sheet, text.language, f"{text.title}, {text.office}", breaks_pages=False)
    return sheet


def _print_figures(sheet: FPDF, figures: Sequence[SheetFigure]) -> None:
    """Print the figures side by side, each in a shaded box: words, number, change."""
    top, width = sheet.get_y(), (sheet.epw - GAP * (len(figures) - 1)) / len(figures)
    for place, one in enumerate(figures):
        left = sheet.l_margin + place * (width + GAP)
        sheet.set_fill_color(SHADE)
        sheet.rect(left, top, width, BOX_HEIGHT, style="F")
        _print_part(sheet, one.words, (left + 2, top + 2, width - 4), SMALL, GREY)
        _print_part(sheet, one.value, (left + 2, top + 13, width - 4), NUMBER, INK)
        if one.change:
            _draw_arrow(sheet, one.arrow, left + 2, top + 24)
            _print_part(sheet, one.change, (left + 6, top + 23, width - 8), SMALL, GREY)
    sheet.set_xy(sheet.l_margin, top + BOX_HEIGHT + 7)


def _print_part(sheet: FPDF, words: str, at: tuple[float, float, float], size: int, ink: int) -> None:
    left, top, width = at
    sheet.set_xy(left, top)
    sheet.set_font_size(size)
    sheet.set_text_color(ink)
    sheet.multi_cell(width, size * 0.45, printable(words), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)


def _draw_arrow(sheet: FPDF, arrow: str, left: float, top: float) -> None:
    """Draw a triangle that points up or down, or two lines: the fonts have no arrows."""
    sheet.set_fill_color(GREY)
    if arrow not in (UP, DOWN):
        sheet.rect(left, top, ARROW, 0.5, style="F")
        sheet.rect(left, top + 1.2, ARROW, 0.5, style="F")
        return
    tip, base = (top, top + ARROW) if arrow == UP else (top + ARROW, top)
    sheet.polygon([(left, base), (left + ARROW, base), (left + ARROW / 2, tip)], style="F")


def _print_bars(sheet: FPDF, bars: tuple[tuple[str, int], ...]) -> None:
    """Print a bar for each month, with its number above and its month below."""
    most, step = max((n for _, n in bars), default=0) or 1, sheet.epw / max(1, len(bars))
    foot = sheet.get_y() + LABEL_HEIGHT + TALLEST
    sheet.set_font_size(SMALL)
    for place, (words, n) in enumerate(bars):
        left, height = sheet.l_margin + place * step, TALLEST * max(n, 0) / most
        sheet.set_fill_color(INK if place == len(bars) - 1 else RULE)
        sheet.rect(left + step * 0.15, foot - height, step * 0.7, height, style="F")
        sheet.set_text_color(INK)
        for label, at in ((str(n), foot - height - LABEL_HEIGHT), (words, foot + 1)):
            sheet.set_xy(left, at)
            sheet.cell(step, LABEL_HEIGHT, printable(label), align="C")
    sheet.set_draw_color(INK)
    sheet.line(sheet.l_margin, foot, sheet.l_margin + sheet.epw, foot)
    sheet.set_xy(sheet.l_margin, foot + LABEL_HEIGHT + 6)
