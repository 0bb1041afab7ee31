"""The reasons for which consumers dispute, against the month before."""

from __future__ import annotations

from dataclasses import dataclass

from wss.domain.mis import ALL
from wss.queries.mis import reason_counts
from wss.queries.reference import Reference
from wss.web.labels.requests import localized_name
from wss.web.mis.columns import percent
from wss.web.mis.filters import MisFilterForm


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason in words, how many requests name it, their share, and how many did a month before."""

    words: str
    n: int
    share: str
    before: int

    @property
    def arrow(self) -> str:
        """Return the direction of the change."""
        return "=" if self.n == self.before else "▲" if self.n > self.before else "▼"


def reason_rows(mis_filter: MisFilterForm, tables: Reference) -> list[ReasonRow]:
    """Return a row for each reason, most first; none where a kind is chosen: sums of reasons are of all kinds."""
    query = mis_filter.query
    if query.kind != ALL:
        return []
    counts = reason_counts(query.office_code, (query.first, query.last), query.before)
    total = sum(one.n for one in counts)
    return [
        ReasonRow(
            localized_name(tables.reasons[one.reason]) if one.reason in tables.reasons else one.reason,
            one.n,
            percent(one.n, total) if total else "",
            one.before,
        )
        for one in counts
    ]
