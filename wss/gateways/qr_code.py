"""Draws a QR code as the path of a drawing, so that a page can hold it without a picture of its own."""

from dataclasses import dataclass

import segno

# Readers want a bright edge of four modules.
_EDGE = 4


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code: so many modules wide and high, edge included, and the path of its dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The QR code of a text."""
    drawn = segno.make(text, error="m", micro=False)
    strokes = [
        f"M{x + _EDGE} {y + _EDGE}h1v1h-1z"
        for y, row in enumerate(drawn.matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    ]
    return QrCode(len(drawn.matrix) + 2 * _EDGE, "".join(strokes))
