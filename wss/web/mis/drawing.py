"""The chart of the months: bars in per cent across and pixels down, so that text never shrinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_FOOT, _TALLEST = 150, 128
_BAR, _GAP = 0.68, 0.16


@dataclass(frozen=True, slots=True)
class Bar:
    """A month: where its bar stands, and what is written at it."""

    x: float
    width: float
    middle: float
    y: int
    height: int
    is_most: bool
    month: str
    n: int | None


def bars(months: Sequence[tuple[date, int]]) -> list[Bar]:
    """One bar a month; the highest and the last carry their number, every second its month."""
    most = max((n for _, n in months), default=0)
    tallest = next((place for place, (_, n) in enumerate(months) if n == most), 0)
    step = 100 / max(1, len(months))
    drawn = []
    for place, (month, n) in enumerate(months):
        height = round(n * _TALLEST / most) if most else 0
        drawn.append(
            Bar(
                x=round(step * (place + _GAP), 1),
                width=round(step * _BAR, 1),
                middle=round(step * (place + 0.5), 1),
                y=_FOOT - height,
                height=height,
                is_most=place == tallest and most > 0,
                month=f"{month:%m}" if (len(months) - place) % 2 else "",
                n=n if place in (tallest, len(months) - 1) else None,
            )
        )
    return drawn
