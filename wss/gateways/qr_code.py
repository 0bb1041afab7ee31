"""QR codes as the path of an SVG drawing, so that a page needs no separate picture."""

from dataclasses import dataclass

import segno

# Readers need a bright margin of four modules.
_EDGE = 4


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code: its width and height in modules, margin included, and the path of the dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Return the QR code of a text."""
    drawn = segno.make(text, error="m", micro=False)
    strokes = [
        f"M{x + _EDGE} {y + _EDGE}h1v1h-1z"
        for y, row in enumerate(drawn.matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    ]
    return QrCode(len(drawn.matrix) + 2 * _EDGE, "".join(strokes))
