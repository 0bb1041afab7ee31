"""Printed sheets: the slip of a registered request, a bill, a petition, a leaflet, a month."""

from collections.abc import Sequence

from wss.gateways.pdf_text import LeafletText, MonthSheetText, Passage, SlipText, TableText


def slip(text: SlipText) -> bytes:
    """Return the slip of a registered request, on one page of A4."""
    # The drawing libraries take 36 MiB and a third of a second to load: a process that prints nothing does not load
    # them.
    from wss.gateways.pdf_layout import draw_sheet

    return draw_sheet(text)


def bill_sheet(text: SlipText, table: TableText) -> bytes:
    """Return a bill: the same sheet with a table of its lines below the rows."""
    from wss.gateways.pdf_layout import draw_sheet

    return draw_sheet(text, (Passage("", (), table),))


def petition_sheet(text: SlipText, passages: Sequence[Passage]) -> bytes:
    """Return a petition: the head, then its passages, on as many pages as it needs."""
    from wss.gateways.pdf_layout import draw_sheet

    return draw_sheet(text, passages)


def leaflet(text: LeafletText) -> bytes:
    """Return a poster (A4) or leaflet (A6) on one page."""
    from wss.gateways.pdf_leaflet import draw_leaflet

    return draw_leaflet(text)


def month_sheet(text: MonthSheetText) -> bytes:
    """Return the figures of an office and a month on one page of A4."""
    from wss.gateways.pdf_month import draw_month

    return draw_month(text)
