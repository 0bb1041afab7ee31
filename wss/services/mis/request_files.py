"""The requests behind a figure as a file: all of them up to a limit, with an entry in the audit trail."""

from dataclasses import dataclass
from datetime import date

from wss.db import transaction
from wss.domain.actor import Actor
from wss.queries.mis_lists import MisListEntry, MisListQuery, lines_behind
from wss.services.shared.audit import record

# A spreadsheet of more is not read; the office below has fewer.
AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class RequestFile:
    """The requests of a file, and whether there are more of them."""

    lines: list[MisListEntry]
    is_cut: bool


def export_requests(actor: Actor, query: MisListQuery, today: date) -> RequestFile:
    """Return the requests behind a figure for a file; the export is recorded in the audit trail."""
    with transaction():
        period = {"first": query.first.isoformat(), "last": query.last.isoformat()}
        record(actor, "export", f"mis:{query.office_code}", figure=query.figure, kind=query.kind, **period)
        lines = lines_behind(query, today, AT_MOST)
    return RequestFile(lines[:AT_MOST], len(lines) > AT_MOST)
