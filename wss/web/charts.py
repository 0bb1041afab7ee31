"""Bar charts, with horizontal positions in per cent and vertical ones in pixels, so that their text never shrinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_FOOT, _TALLEST = 150, 128
_BAR, _GAP = 0.68, 0.16


@dataclass(frozen=True, slots=True)
class BarValue:
    """A value of a bar chart. `look` is its CSS class; `is_told` writes the number above the bar."""

    label: str
    n: int
    look: str = "bar"
    is_labelled: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: position, CSS class, label and number."""

    x: float
    width: float
    middle: float
    y: int
    height: int
    look: str
    label: str
    n: int | None


def bars(values: Sequence[BarValue]) -> list[Bar]:
    """Return one bar per value. Every second bar has its label, counted from the last, which always has one."""
    most = max((value.n for value in values), default=0)
    step = 100 / max(1, len(values))
    return [_bar(value, place, step, most, len(values)) for place, value in enumerate(values)]


def _bar(value: BarValue, place: int, step: float, most: int, how_many: int) -> Bar:
    height = round(value.n * _TALLEST / most) if most else 0
    return Bar(
        x=round(step * (place + _GAP), 1),
        width=round(step * _BAR, 1),
        middle=round(step * (place + 0.5), 1),
        y=_FOOT - height,
        height=height,
        look=value.look,
        label=value.label if (how_many - place) % 2 else "",
        n=value.n if value.is_labelled else None,
    )
