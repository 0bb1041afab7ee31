"""The ranking of offices: its columns with their comparison with the month before, and the order by one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from wss.domain import mis
from wss.domain.office_figures import (
    CORRECTED,
    IN_DISPUTE,
    IN_TIME_SHARE,
    KEPT_SHARE,
    LATE_SHARE,
    SHARES,
    OfficeFigures,
)
from wss.services.mis.figures import Medians
from wss.web.filters import rupees

MEDIAN = "median"
PAISE = 100


class Worse(StrEnum):
    """Which values of a column are worse."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """How a figure differs from that of the month before: an arrow and words, and whether it got worse."""

    arrow: str
    words: str
    is_worse: bool


@dataclass(frozen=True, slots=True)
class RankedColumn:
    """A column of the ranking; `links_to` is the figure whose requests its numbers lead to."""

    name: str
    words: LazyString
    worse: Worse = Worse.MORE
    links_to: str = ""

    def value(self, figures: OfficeFigures, medians: Medians, *, is_before: bool = False) -> float | None:
        """Return the figure of an office now or of the month before; None if there is none."""
        if self.name == MEDIAN:
            return medians.before if is_before else medians.days
        if self.name in SHARES:
            return figures.share(self.name, is_before=is_before)
        return figures.of_before(self.name) if is_before else figures.of(self.name)

    def shown(self, value: float | None) -> str:
        """Return a value in words: a share in per cent, money in whole rupees, a median in days."""
        if value is None:
            return "–"
        if self.name in SHARES:
            return f"{100 * value:.1f} %"
        if self.name in (IN_DISPUTE, CORRECTED):
            return rupees(round(value / PAISE) * PAISE).removesuffix(".00")
        return f"{value:g}"

    def change(self, figures: OfficeFigures, medians: Medians) -> FigureChange | None:
        """Return the comparison with the month before; None without two figures."""
        value, before = (self.value(figures, medians, is_before=is_before) for is_before in (False, True))
        if value is None or before is None or not (value or before):
            return None
        was = self.shown(before)
        if was == self.shown(value):
            return FigureChange("=", _("as before"), is_worse=False)
        is_more = value > before
        arrow = "▲" if is_more else "▼"
        if self.worse is Worse.NEITHER:
            return FigureChange(arrow, _("was %(was)s", was=was), is_worse=False)
        if is_more is (self.worse is Worse.MORE):
            return FigureChange(arrow, _("worse, was %(was)s", was=was), is_worse=True)
        return FigureChange(arrow, _("better, was %(was)s", was=was), is_worse=False)


RANKED = {
    column.name: column
    for column in (
        RankedColumn("late", lazy_gettext("Overdue"), links_to="late"),
        RankedColumn(LATE_SHARE, lazy_gettext("Overdue, share of open")),
        RankedColumn("pending", lazy_gettext("Open"), links_to="pending"),
        RankedColumn(MEDIAN, lazy_gettext("Median days to resolve")),
        RankedColumn(IN_TIME_SHARE, lazy_gettext("In time"), Worse.LESS, mis.IN_TIME),
        RankedColumn(KEPT_SHARE, lazy_gettext("In time and not refused"), Worse.LESS, mis.KEPT),
        RankedColumn(mis.REFUSED, lazy_gettext("Consumer disagreed"), links_to=mis.REFUSED),
        RankedColumn(mis.ASKED, lazy_gettext("Questions asked"), links_to=mis.ASKED),
        RankedColumn(mis.STOPPED_DAYS, lazy_gettext("Days paused by questions")),
        RankedColumn(IN_DISPUTE, lazy_gettext("In dispute")),
        RankedColumn(CORRECTED, lazy_gettext("Corrected"), Worse.NEITHER),
    )
}
DEFAULT = "late"


@dataclass(frozen=True, slots=True)
class RankOrder:
    """The column by which offices are ranked, and whether the worst come first."""

    column: RankedColumn
    is_worst_first: bool = True

    @property
    def name(self) -> str:
        """Return the order as the address has it."""
        return self.column.name if self.is_worst_first else f"-{self.column.name}"

    @property
    def is_falling(self) -> bool:
        """Return whether the numbers of the column fall from row to row."""
        return self.is_worst_first is (self.column.worse is not Worse.LESS)

    def after_click(self, name: str) -> str:
        """Return the order to which the heading of a column leads: the worst first, then the best."""
        return f"-{name}" if name == self.column.name and self.is_worst_first else name

    def sorted_rows(self, rows: Sequence[RankedRow]) -> list[RankedRow]:
        """Return the rows in this order; those without a value come last, equals in their order before."""

        def place(row: RankedRow) -> tuple[bool, float]:
            value = self.column.value(row.figures, row.medians)
            return (value is None, (-(value or 0) if self.is_falling else value or 0))

        return sorted(rows, key=place)


@dataclass(frozen=True, slots=True)
class RankedRow:
    """An office of the ranking: its name, the office above it where that is not the page's, and its figures."""

    code: str
    words: str
    above: str
    figures: OfficeFigures
    medians: Medians


def read_order(typed: str) -> RankOrder:
    """Return the order that an address names; the overdue first if it names none."""
    name = typed.removeprefix("-")
    if name not in RANKED:
        return RankOrder(RANKED[DEFAULT])
    return RankOrder(RANKED[name], not typed.startswith("-"))


def order_words(order: RankOrder) -> str:
    """Return the order in words: Overdue, worst first."""
    if order.is_worst_first:
        return _("%(figure)s, worst first", figure=order.column.words)
    return _("%(figure)s, best first", figure=order.column.words)


def order_choices(order: RankOrder) -> list[tuple[str, str]]:
    """Return the orders of the filter; the best first is a choice only where it is chosen."""
    choices = [RankOrder(column) for column in RANKED.values()]
    if not order.is_worst_first:
        choices.insert(0, order)
    return [(one.name, order_words(one)) for one in choices]
