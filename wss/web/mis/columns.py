"""The columns of the MIS tables, in words, for the page and for files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from wss.domain import mis
from wss.domain.office_figures import OfficeFigures
from wss.queries.reference import OfficeEntry, Reference
from wss.services.mis.figures import Medians, MisOverview
from wss.web.language import page_language
from wss.web.mis.ranking import RankedRow, RankOrder

_WORDS: dict[str, LazyString] = {
    "pending": lazy_gettext("Open"),
    "age_0": lazy_gettext("0–7 days"),
    "age_1": lazy_gettext("8–15 days"),
    "age_2": lazy_gettext("16–30 days"),
    "age_3": lazy_gettext("Over 30 days"),
    "late": lazy_gettext("Overdue"),
    mis.ESCALATED: lazy_gettext("Escalated"),
    mis.ONCE_REOPENED: lazy_gettext("Previously reopened"),
    "waiting": lazy_gettext("Waiting for the consumer"),
    mis.REGISTERED: lazy_gettext("Requests registered"),
    mis.RESOLVED: lazy_gettext("Requests resolved"),
    mis.IN_TIME: lazy_gettext("Resolved in time"),
    mis.KEPT: lazy_gettext("In time and not refused"),
    mis.REFUSED: lazy_gettext("Consumer disagreed"),
    mis.REOPENED: lazy_gettext("Reopened after closing"),
    mis.CONFIRMED: lazy_gettext("Closed, confirmed"),
    mis.UNCONFIRMED: lazy_gettext("Closed, not confirmed"),
    mis.DISPUTED: lazy_gettext("Closed, disputed"),
    mis.WITHDRAWN: lazy_gettext("Requests withdrawn"),
    mis.ASKED: lazy_gettext("Questions asked"),
    mis.STOPPED_DAYS: lazy_gettext("Days paused by questions"),
    mis.SUGGESTED: lazy_gettext("Suggested"),
    mis.SUGGESTION_TAKEN: lazy_gettext("Proposed as suggested"),
    mis.SUGGESTION_CHANGED: lazy_gettext("Proposed with other figures"),
    mis.SUGGESTION_SENT_BACK: lazy_gettext("As suggested, sent back"),
    mis.SUGGESTION_REFUSED: lazy_gettext("As suggested, consumer disagreed"),
}
# The whole of which a figure is a share.
_WHOLE = {
    "late": "pending",
    mis.IN_TIME: mis.RESOLVED,
    mis.KEPT: mis.RESOLVED,
    mis.SUGGESTION_TAKEN: mis.SUGGESTED,
}


@dataclass(frozen=True, slots=True)
class MisColumn:
    """A column: a figure with its label."""

    name: str
    words: LazyString

    @property
    def has_list(self) -> bool:
        """Return whether the figure counts requests that can be listed."""
        return self.name in mis.FIGURES

    def share(self, figures: OfficeFigures) -> str:
        """Return the share of the whole in per cent; empty if the figure is not a share."""
        whole = figures.of(_WHOLE[self.name]) if self.name in _WHOLE else 0
        return percent(figures.of(self.name), whole) if whole else ""


@dataclass(frozen=True, slots=True)
class MisRow:
    """A row of a table: its label, its figures, and the query arguments that select the requests behind them."""

    words: str
    figures: OfficeFigures
    query_args: dict[str, str]
    opens_office: bool = False


NOW = tuple(MisColumn(name, _WORDS[name]) for name in mis.PRESENT_FIGURES)
PERIOD = tuple(MisColumn(name, _WORDS[name]) for name in mis.FLOW if name not in mis.OF_SUGGESTIONS)
SUGGESTIONS = tuple(MisColumn(name, _WORDS[name]) for name in mis.OF_SUGGESTIONS)
# The columns of each month: pending at its end, and the results of its questions to consumers.
MONTHLY = ("pending", mis.ASKED, mis.STOPPED_DAYS)
COLUMNS = {column.name: column for column in (*NOW, *PERIOD, *SUGGESTIONS)}


def percent(part: int, whole: int) -> str:
    """Return a share with one decimal, as on paper: 12.5 %."""
    return f"{100 * part / whole:.1f} %"


def office_words(office: OfficeEntry) -> str:
    """Return an office's name in the reader's language."""
    return office.name_hi if page_language() == "hi" else office.name


def ranked_rows(
    found: MisOverview, order: RankOrder, tables: Reference, office: OfficeEntry
) -> list[RankedRow]:
    """Return the offices of the overview, ranked."""
    rows = [
        RankedRow(
            each.code,
            office_words(each),
            _words_above(each, tables, office),
            figures,
            found.medians.get(each.code, Medians()),
        )
        for each, figures in found.below
    ]
    return order.sorted_rows(rows)


def _words_above(each: OfficeEntry, tables: Reference, office: OfficeEntry) -> str:
    """Return the name of the office above, for a row that is not directly below the page's office."""
    above = tables.offices.get(each.parent_code or "")
    return office_words(above) if above and above.code != office.code else ""


def office_rows(
    ranked: Sequence[RankedRow], found: MisOverview, office: OfficeEntry, own_words: str
) -> list[MisRow]:
    """Return a row for each office of the ranking, and one for the rest: requests of the office itself."""
    rows = [MisRow(row.words, row.figures, {"office": row.code}, True) for row in ranked]
    if found.below and not found.own.is_empty:
        rows.append(MisRow(own_words, found.own, {"office": office.code, "own": "1"}))
    return rows


def kind_rows(found: MisOverview, tables: Reference) -> list[MisRow]:
    """Return a row for each kind."""
    return [MisRow(kind_words(kind, tables), figures, {"kind": kind}) for kind, figures in found.kinds]


def kind_words(code: str, tables: Reference) -> str:
    """Return a kind's name in the reader's language."""
    kind = tables.kinds.get(code)
    if kind is None:
        return code
    return kind.name_hi if page_language() == "hi" else kind.name


def table_of(
    rows: Sequence[MisRow], foot: MisRow, columns: Sequence[MisColumn], head: str
) -> list[list[str | int]]:
    """Return a table as a file holds it: header, rows, total."""
    lines: list[list[str | int]] = [[head, *(str(column.words) for column in columns)]]
    return lines + [
        [row.words, *(row.figures.of(column.name) for column in columns)] for row in (*rows, foot)
    ]
