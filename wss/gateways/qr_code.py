"""QR codes as the path of an SVG drawing, so that a page needs no separate picture."""

from dataclasses import dataclass
from itertools import groupby

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
    strokes, size = [], len(drawn.matrix) + 2 * _EDGE
    for y, row in enumerate(drawn.matrix, _EDGE):
        x = _EDGE
        # Neighbouring modules are one rectangle: half the bytes of a page with a code.
        for is_dark, modules in groupby(row):
            width = len(list(modules))
            if is_dark:
                strokes.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return QrCode(size, "".join(strokes))
