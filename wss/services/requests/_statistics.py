"""Changes of the MIS sums, recorded in the transaction of the step that causes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wss.domain import mis
from wss.domain.catalogue import RequestField
from wss.domain.lifecycle import Action, Resolution
from wss.queries import mis_sums
from wss.queries.service_requests import RequestRow

_LOOKED_AT = mis.CountedRequest.__slots__


def count_registered(columns: dict[str, Any]) -> None:
    """Count a new request with these columns in its office. What it disputes is counted once it is computed."""
    after = mis.CountedRequest(**{name: columns[name] for name in _LOOKED_AT})
    changes = mis.sum_changes(None, after, mis.CountedStep(mis.REGISTER, after.status, after.registered_at))
    changes += mis.reason_changes(columns["fields"].get(RequestField.REASON), after.registered_at)
    _write([(columns["office_code"], columns["kind"], one) for one in changes])


def count_step(
    seen: RequestRow,
    columns: dict[str, Any],
    action: Action,
    at: datetime,
    stopped: int | None,
    suggestion: str | None = None,
) -> None:
    """Count the changes from `seen` to `columns`, whose row is locked.

    `stopped` is for how many days a question that ends here stopped the clock, `suggestion` what the step makes of
    a suggestion. A request that goes to another office takes its past events along: an office's figures match its
    list of requests.
    """
    after = mis.CountedRequest(**{name: columns.get(name, getattr(seen, name)) for name in _LOOKED_AT})
    office = columns.get("office_code", seen.office_code)
    if office != seen.office_code:
        _move(seen, after, office)
        return
    step = mis.CountedStep(
        action,
        after.status,
        at,
        mis.is_in_time(seen.promised_on, at),
        stopped,
        suggestion,
        mis_sums.kept_resolution(seen.id) if action in mis.UNDOES else None,
        _correction(seen) if action is Action.APPROVE else 0,
    )
    paise = mis_sums.disputed_amount(seen.id).paise if after.status != seen.status else 0
    changes = mis.sum_changes(seen, after, step, paise)
    _write([(office, seen.kind, one) for one in changes])


def _move(seen: RequestRow, after: mis.CountedRequest, office: str) -> None:
    """Count a request in another office, with everything that happened so far."""
    past = mis.past_measures(mis_sums.counted_steps(seen.id), seen.registered_at)
    past += mis_sums.corrections_of(seen.id)
    past += mis.reason_changes(seen.fields.get(RequestField.REASON), seen.registered_at)
    paise = mis_sums.disputed_amount(seen.id).paise
    leaving = [mis.pending_change(place, -1, paise) for place in mis.pending_measures(seen)]
    leaving += [mis.SumChange(one.measure, one.day, -one.n, -one.paise, one.kind) for one in past]
    coming = [mis.pending_change(place, 1, paise) for place in mis.pending_measures(after)] + past
    _write(
        [(seen.office_code, seen.kind, one) for one in leaving] + [(office, seen.kind, one) for one in coming]
    )


def _correction(seen: RequestRow) -> int:
    return mis_sums.proposed_correction(seen.id) if seen.resolution == Resolution.REVISED else 0


def _write(changes: Sequence[tuple[str, str, mis.SumChange]]) -> None:
    mis_sums.add_deltas(
        [
            mis_sums.SumCell(office, one.measure, one.kind or kind, one.day, one.n, one.paise)
            for office, kind, one in changes
        ]
    )
