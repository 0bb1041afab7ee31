"""Changes of the MIS sums, recorded in the transaction of the step that causes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wss.domain import mis
from wss.domain.lifecycle import Action
from wss.queries import mis_sums
from wss.queries.service_requests import RequestRow

_LOOKED_AT = mis.CountedRequest.__slots__


def count_registered(columns: dict[str, Any]) -> None:
    """Count a new request with these columns in its office."""
    after = mis.CountedRequest(**{name: columns[name] for name in _LOOKED_AT})
    changes = mis.sum_changes(None, after, mis.REGISTER, after.registered_at)
    _write([(columns["office_code"], columns["kind"], one) for one in changes])


def count_step(
    seen: RequestRow,
    columns: dict[str, Any],
    action: Action,
    at: datetime,
    stopped: int | None,
    suggestion: str | None = None,
) -> None:
    """Count the changes from `seen` to `columns`.

    `stopped` is for how many days a question that ends here stopped the clock, `suggestion` what the step makes of
    a suggestion. A request that goes to another office takes its past events along: an office's figures match its
    list of requests.
    """
    after = mis.CountedRequest(**{name: columns.get(name, getattr(seen, name)) for name in _LOOKED_AT})
    office = columns.get("office_code", seen.office_code)
    if office == seen.office_code:
        changes = mis.sum_changes(seen, after, action, at, stopped, suggestion)
        _write([(office, seen.kind, one) for one in changes])
        return
    past = [one for event in mis_sums.counted_events(seen.id) for one in mis.measures_of(*event)]
    leaving = [mis.SumChange(*place, -1) for place in mis.pending_measures(seen)]
    leaving += [mis.SumChange(one.measure, one.day, -one.n) for one in past]
    coming = [mis.SumChange(*place, 1) for place in mis.pending_measures(after)] + past
    _write(
        [(seen.office_code, seen.kind, one) for one in leaving] + [(office, seen.kind, one) for one in coming]
    )


def _write(changes: Sequence[tuple[str, str, mis.SumChange]]) -> None:
    rows = [
        {"office_code": office, "kind": kind, "measure": one.measure, "day": one.day, "n": one.n}
        for office, kind, one in changes
    ]
    if rows:
        mis_sums.add_deltas(rows)
