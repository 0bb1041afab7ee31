"""Layout of the sheets of pdf.py."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import segno
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TextEmphasis, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from wss.gateways.pdf_text import DEFAULT_LANGUAGE, Passage, SlipText, TableText

log = logging.getLogger(__name__)

FONTS = Path(__file__).parent / "fonts"
# Each font has one script; a character that the first lacks comes from the next. Urdu is in "arabic".
FONT_OF = {"hi": ("devanagari", "latin", "arabic"), "en": ("latin", "devanagari", "arabic")}
# Printed for a character that no font has: a reader must see that something is missing.
MISSING = "\N{REPLACEMENT CHARACTER}"

# Line ends, and the two invisible joiners that Hindi writing uses.
NEEDED_MARKS = "\n\u200c\u200d"
# fpdf2 looks for the next letter by recursion, past everything else: a page of dots would exceed Python's recursion
# limit.
SIGNS_IN_A_ROW, MARKS_ON_A_LETTER = 100, 4
_DIRECTED = frozenset({"L", "R", "AL", "EN", "AN"})
_MISSING_SEQUENCE = re.compile(f"{MISSING}(?:[\u200c\u200d]+{MISSING}?)+")
_BLANK_LINES = re.compile(r"\n{3,}")

MARGIN = 18
LABEL_WIDTH = 58
QR_WIDTH = 34
LINE = 6.4
TITLE, NUMBER, SUBTITLE, TEXT, SMALL = 17, 24, 13, 11, 9
INK, GREY, RULE, SHADE = 20, 90, 170, 238


class PdfDocument(FPDF):
    """A document that sets its font again for every line.

    After a line in two scripts fpdf2 assumes that the font is still set, and the next line would be printed in the
    size of an earlier one, or not at all on a new page.
    """

    def _render_styled_text_line(self, *args: Any, **options: Any) -> Any:
        self.current_font_is_set_on_page = False
        return super()._render_styled_text_line(*args, **options)


def draw_sheet(text: SlipText, passages: Sequence[Passage] = ()) -> bytes:
    """Return the sheet as a PDF, with the passages after its rows."""
    sheet = _new_sheet(text)
    ending = [passage for passage in passages[-1:] if passage.table is None]
    for passage in passages[: len(passages) - len(ending)]:
        _print_passage(sheet, passage)
    # The signature and the footer below it move to the next page together, or not at all.
    with sheet.offset_rendering() as tried:
        _print_ending(cast(FPDF, tried), ending, text)
    if tried.page_break_triggered:
        sheet.add_page()
    _print_ending(sheet, ending, text)
    return bytes(sheet.output())


def printable(words: str) -> str:
    """Return the text in characters that the fonts have, without control and direction marks.

    Logs missing characters; the log names scripts only, as the text may be a person's name.
    """
    composed = unicodedata.normalize("NFC", words)
    visible = [sign for sign in composed if sign in NEEDED_MARKS or not _is_invisible(sign)]
    printed = [_in_fonts(sign) for sign in visible]
    if missing := {sign for sign, print_as in zip(visible, printed, strict=True) if print_as == MISSING}:
        scripts = sorted({unicodedata.name(sign, "UNNAMED").split()[0] for sign in missing})
        log.error("no font has characters of a printed page; scripts: %s", ", ".join(scripts))
    return _shortened(_MISSING_SEQUENCE.sub(MISSING, "".join(printed)))


def _is_invisible(sign: str) -> bool:
    """Return whether a character is a control or direction mark, or only changes the form of the one before it."""
    return unicodedata.category(sign)[0] == "C" or "VARIATION SELECTOR" in unicodedata.name(sign, "")


def _shortened(words: str) -> str:
    """Return the text with limits on marks per letter, and on signs and line ends in a row."""
    kept: list[str] = []
    marks = signs = 0
    for sign in _BLANK_LINES.sub("\n\n", words):
        marks = marks + 1 if unicodedata.category(sign)[0] == "M" else 0
        signs = 0 if unicodedata.bidirectional(sign) in _DIRECTED and not marks else signs + 1
        if marks <= MARKS_ON_A_LETTER and signs <= SIGNS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


def _in_fonts(sign: str) -> str:
    """Return the character, or an equivalent of the fonts (a ligature's letters), or the mark for a missing one."""
    if sign in _covered() or sign in NEEDED_MARKS:
        return sign
    equivalent = unicodedata.normalize("NFKC", sign)
    return equivalent if set(equivalent) <= _covered() else MISSING


@cache
def _covered() -> frozenset[str]:
    """Return every character that one of the fonts has."""
    sheet = FPDF()
    add_fonts(sheet, FONT_OF[DEFAULT_LANGUAGE])
    return frozenset(
        chr(code) for font in sheet.fonts.values() if isinstance(font, TTFFont) for code in font.cmap
    )


def add_fonts(sheet: FPDF, names: Sequence[str]) -> None:
    """Add fonts of this folder to a document."""
    for name in names:
        sheet.add_font(name, fname=str(FONTS / f"{name}.ttf"))


def _new_sheet(text: SlipText) -> FPDF:
    """Return a sheet with everything down to its rows."""
    sheet = PdfDocument(format="A4")
    prepare(sheet, text.language, text.title)
    qr_end = _print_qr(sheet, text.qr_url, text.qr_words) if text.qr_url else 0.0
    width = sheet.epw - (QR_WIDTH + 6 if text.qr_url else 0)
    if text.heading:
        print_line(sheet, text.heading, SMALL, width, GREY)
    print_line(sheet, text.title, TITLE, width)
    if text.number:
        label, number = text.number
        sheet.ln(3)
        print_line(sheet, label, SMALL, width, GREY)
        print_line(sheet, number, NUMBER, width)
    _print_rule(sheet, below=qr_end)
    for label, value in text.rows:
        _print_row(sheet, label, value)
    return sheet


def prepare(sheet: FPDF, typed_language: str, title: str, *, breaks_pages: bool = True) -> None:
    """Begin the first page of a document: fonts of its language, margins, title."""
    language = typed_language if typed_language in FONT_OF else DEFAULT_LANGUAGE
    family, *others = FONT_OF[language]
    add_fonts(sheet, (family, *others))
    sheet.set_fallback_fonts(others)
    # Without shaping, conjuncts such as क्ष and द्वि are printed as separate letters.
    sheet.set_text_shaping(True)
    sheet.set_margin(MARGIN)
    sheet.c_margin = 0
    sheet.set_auto_page_break(breaks_pages, MARGIN if breaks_pages else 0)
    sheet.set_lang(language)
    sheet.set_title(title)
    sheet.add_page()
    sheet.set_font(family, size=TEXT)


def print_line(sheet: FPDF, words: str, size: int, width: float, ink: int = INK) -> None:
    """Print a text on a line of its own, on more lines if it is long."""
    sheet.set_font_size(size)
    sheet.set_text_color(ink)
    sheet.multi_cell(width, size * 0.52, printable(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _print_row(sheet: FPDF, label: str, value: str) -> None:
    """Print a label and its value side by side; the next row begins below the longer of the two."""
    if sheet.will_page_break(2 * LINE):
        sheet.add_page()
    top, page = sheet.get_y(), sheet.page
    sheet.set_font_size(TEXT)
    sheet.set_text_color(GREY)
    sheet.multi_cell(LABEL_WIDTH, LINE, printable(label), align="L", new_x=XPos.RIGHT, new_y=YPos.NEXT)
    label_end = sheet.get_y()
    sheet.set_xy(sheet.l_margin + LABEL_WIDTH, top)
    sheet.set_text_color(INK)
    sheet.multi_cell(0, LINE, printable(value) or "–", align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    if sheet.page == page:
        sheet.set_y(max(label_end, sheet.get_y()))
    sheet.ln(1)


def _print_passage(sheet: FPDF, passage: Passage) -> None:
    """Print a heading, its paragraphs and its table. A heading is never the last line of a page."""
    if passage.heading:
        if sheet.will_page_break(6 * LINE):
            sheet.add_page()
        sheet.ln(4)
        print_line(sheet, passage.heading, SUBTITLE, sheet.epw)
        sheet.ln(1)
    for words in passage.paragraphs:
        print_line(sheet, words, TEXT, sheet.epw)
        sheet.ln(2)
    if passage.table is not None:
        print_table(sheet, passage.table)


def print_table(sheet: FPDF, table: TableText, size: int = TEXT) -> None:
    """Print a table in letters of this size."""
    sheet.ln(4)
    sheet.set_font_size(size)
    sheet.set_text_color(INK)
    sheet.set_draw_color(RULE)
    sides = tuple("RIGHT" if column in table.figures else "LEFT" for column in range(len(table.head)))
    with sheet.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis=TextEmphasis.NONE, fill_color=SHADE),
        line_height=LINE,
        padding=1,
        text_align=sides,
    ) as printed:
        for line in (table.head, *table.lines):
            printed.row([printable(words) for words in line])


def _print_rule(sheet: FPDF, below: float) -> None:
    """Print a thin line between the head of the sheet and its rows."""
    sheet.set_y(max(sheet.get_y(), below) + 3)
    sheet.set_draw_color(RULE)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.l_margin + sheet.epw, sheet.get_y())
    sheet.ln(4)


def _print_qr(sheet: FPDF, url: str, words: str) -> float:
    """Print the address as a QR code in the upper right corner, with the words below it, and return where they end."""
    left = sheet.w - sheet.r_margin - QR_WIDTH
    draw_code(sheet, url, left, sheet.t_margin, QR_WIDTH)
    began = sheet.get_y()
    sheet.set_xy(left, sheet.t_margin + QR_WIDTH + 1)
    sheet.set_font_size(SMALL)
    sheet.set_text_color(GREY)
    sheet.multi_cell(QR_WIDTH, SMALL * 0.52, printable(words), align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    ended = sheet.get_y()
    sheet.set_y(began)
    return ended


def draw_code(sheet: FPDF, url: str, left: float, top: float, width: float) -> None:
    """Draw a QR code of this width as bars, so that it is sharp at any size."""
    rows = segno.make(url, error="m", micro=False).matrix
    dot = width / len(rows)
    sheet.set_fill_color(0)
    for down, row in enumerate(rows):
        for across, length in _dark_runs(row):
            sheet.rect(left + across * dot, top + down * dot, length * dot, dot, style="F")


def _dark_runs(row: bytearray) -> list[tuple[int, int]]:
    """Return the start and length of each dark bar of a row."""
    runs: list[tuple[int, int]] = []
    for across, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == across:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((across, 1))
    return runs


def _print_ending(sheet: FPDF, ending: Sequence[Passage], text: SlipText) -> None:
    """Print the last passage, a line, and the small print below it."""
    for passage in ending:
        _print_passage(sheet, passage)
    _print_rule(sheet, below=0)
    for words in text.footer:
        print_line(sheet, words, SMALL, sheet.epw, GREY)
        sheet.ln(1)
