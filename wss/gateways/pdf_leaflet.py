"""Layout of the poster (A4, 210 x 297 mm) and the leaflet (A6, 105 x 148 mm): one page, at full and at half size."""

from __future__ import annotations

from typing import cast

from fpdf.enums import TextMode, XPos, YPos

from wss.gateways.pdf_layout import FONT_OF, GREY, INK, PdfDocument, add_fonts, draw_code, printable
from wss.gateways.pdf_text import DEFAULT_LANGUAGE, LeafletText

# Width and height in millimetres, and the scale of everything on the page.
SIZES = {"a4": (210.0, 297.0, 1.0), "a6": (105.0, 148.0, 0.5)}
# Long names make the texts smaller, step by step, until the page holds them.
FITS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7)
# Millimetres and points of the A4 page. The smallest text of a leaflet has 8 points.
MARGIN, COLUMN_GAP, CODE_WIDTH, RULE_WIDTH = 16.0, 8.0, 64.0, 1.2
TITLE, LEAD, STEP, HEADING, NUMBER, SMALL, SMALLEST = 40, 21, 19, 22, 66, 16, 8
LINE_HEIGHT = 0.5
# The fonts have no bold letters: an outline of this part of their size makes them heavier.
OUTLINE = 0.012


class LeafletPage(PdfDocument):
    """A page whose measures are those of A4, scaled to its size."""

    def __init__(self, text: LeafletText, fit: float = 1.0) -> None:
        width, height, self.scale = SIZES[text.size]
        self.fit = fit
        super().__init__(format=(width, height))
        language = text.language if text.language in FONT_OF else DEFAULT_LANGUAGE
        family, *others = FONT_OF[language]
        add_fonts(self, (family, *others))
        self.set_fallback_fonts(others)
        self.set_text_shaping(True)
        self.set_margin(MARGIN * self.scale)
        self.c_margin = 0
        self.set_auto_page_break(False)
        self.set_lang(language)
        self.set_title(text.title)
        self.add_page()
        self.set_font(family, size=STEP)

    @property
    def room(self) -> float:
        """Return the millimetres between here and the margin at the foot."""
        return self.h - MARGIN * self.scale - self.get_y()

    def words(
        self,
        text: str,
        size: float,
        width: float = 0,
        *,
        ink: int = INK,
        align: str = "L",
        is_heavy: bool = False,
    ) -> None:
        """Print a text in a column that begins at the present position; continue below it."""
        points = max(SMALLEST, size * self.scale * self.fit)
        self.set_font_size(points)
        self.set_text_color(ink)
        self.set_draw_color(ink)
        mode = TextMode.FILL_STROKE if is_heavy else TextMode.FILL
        with self.local_context(text_mode=mode, line_width=points * OUTLINE):
            self.multi_cell(
                width, points * LINE_HEIGHT, printable(text), align=align, new_x=XPos.LEFT, new_y=YPos.NEXT
            )

    def space(self, millimetres: float) -> None:
        """Leave a space below."""
        self.set_y(self.get_y() + millimetres * self.scale * self.fit)

    def rule(self) -> None:
        """Draw a thick line across the page."""
        self.set_draw_color(INK)
        self.set_line_width(RULE_WIDTH * self.scale)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())

    def listed(self, items: tuple[str, ...], signs: tuple[str, ...], width: float) -> None:
        """Print a list, each item with its sign in front."""
        indent = STEP * self.scale * 0.5
        for sign, item in zip(signs, items, strict=True):
            top, left = self.get_y(), self.l_margin
            self.words(sign, STEP, indent)
            self.set_xy(left + indent, top)
            self.words(item, STEP, width - indent)
            self.set_x(left)
            self.space(2)


def draw_leaflet(text: LeafletText) -> bytes:
    """Return the page as a PDF."""
    for fit in FITS:
        page = LeafletPage(text, fit)
        _print_head(page, text)
        with page.offset_rendering() as tried:
            ending = cast(LeafletPage, tried)
            before = ending.room
            _print_ending(ending, text)
            height = before - ending.room
        if height <= page.room:
            break
    page.set_y(page.h - MARGIN * page.scale - height)
    _print_ending(page, text)
    return bytes(page.output())


def _print_head(page: LeafletPage, text: LeafletText) -> None:
    """Print everything above the helpline."""
    page.words(text.title, TITLE, is_heavy=True)
    page.space(3)
    page.words(text.lead, LEAD, ink=GREY)
    page.space(5)
    page.rule()
    page.space(8)
    _print_steps(page, text)
    page.space(6)
    page.words(text.ready_heading, HEADING, is_heavy=True)
    page.space(2)
    page.listed(text.ready, ("•",) * len(text.ready), page.epw)


def _print_steps(page: LeafletPage, text: LeafletText) -> None:
    """Print the steps on the left, and the code with its words on the right."""
    top, code = page.get_y(), CODE_WIDTH * page.scale
    signs = tuple(f"{number}." for number in range(1, len(text.steps) + 1))
    page.listed(text.steps, signs, page.epw - code - COLUMN_GAP * page.scale)
    ended = page.get_y()
    left = page.w - page.r_margin - code
    draw_code(page, text.qr_url, left, top, code)
    page.set_xy(left, top + code + 3 * page.scale)
    page.words(text.qr_words, SMALL, code, align="C")
    page.set_xy(page.l_margin, max(ended, page.get_y()))


def _print_ending(page: LeafletPage, text: LeafletText) -> None:
    """Print the helpline and the office."""
    before, number, after = text.call
    page.rule()
    page.space(5)
    page.words(before, LEAD, align="C")
    page.words(number, NUMBER, align="C", is_heavy=True)
    page.words(after, SMALL, align="C", ink=GREY)
    page.space(3)
    for words in text.office:
        page.words(words, SMALL, align="C")
