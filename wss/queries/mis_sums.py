"""Maintenance of the MIS sums: transitions write deltas, the worker adds them up, a recount computes all again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy import insert as plain_insert

from wss.db import core, database, insert, session, write_later
from wss.domain import mis
from wss.domain.lifecycle import Action
from wss.models import Counter, Event, MisCell, MisDelta, Office, Revision, ServiceRequest
from wss.prepared_statements import PreparedStatement
from wss.queries._fragments import is_in_subtree
from wss.queries._mis_counts import correction_counts, event_counts, request_counts

# Key of the advisory lock under which one worker adds up at a time. The number has no meaning.
_LOCK = 5_719_006
# The name has changed with the measures: sums of before are computed again.
_MADE = "mis_made_with_money"
_KEY = ("office_code", "measure", "kind", "day")

_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_office = cast(Table, Office.__table__)
_cell = cast(Table, MisCell.__table__)
_delta = cast(Table, MisDelta.__table__)
_counter = cast(Table, Counter.__table__)
_revision = cast(Table, Revision.__table__)
_COUNTED_ACTIONS = {
    str(one)
    for one in (*mis.FLOW_OF, *mis.ENDS_QUESTION, *(action for action, _outcome in mis.SUGGESTION_STEPS))
}
_add_delta = PreparedStatement(lambda: plain_insert(_delta))
# The resolution that the figures of an approved revision belong to: decided in the same transaction, moments before.
_proposed = and_(_revision.c.state == "proposed", _revision.c.service_request_id == bindparam("request_id"))
_proposed_correction = select(func.abs(_revision.c.issued_paise - _revision.c.revised_paise)).where(_proposed)
_last_resolution = (
    select(_event.c.at, _event.c.details["in_time"].as_boolean().label("in_time"))
    .where(_event.c.service_request_id == bindparam("request_id"), _event.c.action == Action.APPROVE.value)
    .order_by(_event.c.number.desc())
    .limit(1)
)


class SumCell(NamedTuple):
    """A sum, or a share of one, with its key. Sorted, so that two writers lock rows in the same order."""

    office_code: str
    measure: str
    kind: str
    day: date
    n: int
    paise: int = 0


class SumDifference(NamedTuple):
    """A sum that differs from the recount."""

    office_code: str
    measure: str
    kind: str
    day: date
    counted: int
    kept: int
    counted_paise: int
    kept_paise: int


class DisputedAmount(NamedTuple):
    """What a request disputes, and how it counts."""

    paise: int
    office_code: str
    kind: str
    status: str
    registered_at: datetime
    promised_on: date
    status_since: datetime
    escalation_level: int
    reopened_times: int


def add_deltas(changes: Sequence[SumCell]) -> None:
    """Insert deltas; the worker adds them up later."""
    for one in changes:
        write_later(_add_delta, one._asdict())


def counted_steps(request_id: int) -> list[mis.CountedStep]:
    """Return the counted events of a request, oldest first."""
    columns = (_event.c.action, _event.c.status, _event.c.at, _event.c.details)
    statement = select(*columns).where(
        _event.c.service_request_id == request_id, _event.c.action.in_(_COUNTED_ACTIONS)
    )
    return [
        mis.CountedStep(*row[:3], *(row.details.get(name) for name in ("in_time", "stopped", "suggestion")))
        for row in core().execute(statement.order_by(_event.c.number))
    ]


def corrections_of(request_id: int) -> list[mis.SumChange]:
    """Return the money of the resolutions of a request, as they count."""
    statement = correction_counts(is_sqlite=database().is_sqlite).where(_request.c.id == request_id)
    return [mis.SumChange(row.measure, row.day, 0, row.paise) for row in core().execute(statement)]


def proposed_correction(request_id: int) -> int:
    """Return by how much the proposed revision of a request changes its bills, up or down; 0 without one."""
    return core().execute(_proposed_correction, {"request_id": request_id}).scalar() or 0


def kept_resolution(request_id: int) -> date | None:
    """Return the day of the last resolution of a request if it was in time."""
    last = core().execute(_last_resolution, {"request_id": request_id}).first()
    return mis.local_day(last.at) if last and last.in_time else None


def disputed_amount(request_id: int) -> DisputedAmount:
    """Return what a request disputes; call it with the request's row locked, as the worker also writes it."""
    names = ["disputed_paise", *DisputedAmount._fields[1:]]
    statement = select(*(_request.c[name] for name in names)).where(_request.c.id == request_id)
    return DisputedAmount(*core().execute(statement).one())


def has_sums() -> bool:
    """Return whether the sums have ever been computed here."""
    return session().execute(select(_counter.c.value).where(_counter.c.name == _MADE)).scalar() is not None


def has_deltas() -> bool:
    """Return whether there are deltas to add to the sums."""
    return session().execute(select(_delta.c.id).limit(1)).scalar() is not None


def try_lock() -> bool:
    """Try to get the lock for adding up and recounting, until this transaction ends; return whether it was free."""
    if database().is_sqlite:
        return True
    return bool(session().execute(select(func.pg_try_advisory_xact_lock(_LOCK))).scalar())


def take_deltas(at_most: int) -> list[SumCell]:
    """Delete and return the oldest deltas, to add them to the sums in the same transaction."""
    oldest = select(_delta.c.id).order_by(_delta.c.id).limit(at_most)
    taken = (
        delete(_delta).where(_delta.c.id.in_(oldest)).returning(*(_delta.c[name] for name in SumCell._fields))
    )
    return [SumCell(*row) for row in session().execute(taken)]


def add_to_cells(changes: Sequence[SumCell]) -> None:
    """Add to the sums; delete those that become zero."""
    if not changes:
        return
    add = insert(_cell)
    add = add.on_conflict_do_update(index_elements=_KEY, set_=_added(add.excluded))
    core().execute(add, [one._asdict() for one in changes])
    is_nothing = and_(_cell.c.n == 0, _cell.c.paise == 0)
    core().execute(delete(_cell).where(is_nothing, _cell.c.office_code.in_({one[0] for one in changes})))


def _added(more: Any) -> dict[str, ColumnElement[int]]:
    return {name: _cell.c[name] + more[name] for name in ("n", "paise")}


def recompute() -> None:
    """Compute every sum from the requests and their timelines, and replace the stored ones.

    Transitions may run at the same time: in one statement PostgreSQL sees each of them with its deltas, or
    neither.
    """
    disable_timeouts()
    _mark_old_resolutions()
    if database().is_sqlite:
        session().execute(delete(_delta))
        session().execute(delete(_cell))
        session().execute(_fill())
    else:
        session().execute(select(func.pg_advisory_xact_lock(_LOCK)))
        session().execute(delete(_cell))
        session().execute(_fill().add_cte(delete(_delta).returning(_delta.c.id).cte("folded")))
    session().execute(insert(_counter).values(name=_MADE, value=1).on_conflict_do_nothing())


def differences(at_most: int) -> list[SumDifference]:
    """Return sums that differ from a recount, all read in one snapshot."""
    disable_timeouts()
    above = _above()
    counted, kept = _recount(above).subquery("counted"), _kept(above).subquery("kept")
    both = union_all(*(_side(one, is_kept=one is kept) for one in (counted, kept))).subquery("both")
    sums: list[Any] = [func.sum(both.c[name]) for name in ("counted", "kept", "counted_paise", "kept_paise")]
    keys: list[Any] = [both.c[name] for name in _KEY]
    statement = select(*keys, *sums).group_by(*keys).order_by(*keys).limit(at_most)
    statement = statement.having(or_(sums[0] != sums[1], sums[2] != sums[3]))
    return [SumDifference(*row) for row in session().execute(statement)]


def _side(sums: Any, *, is_kept: bool) -> Select[Any]:
    """Select sums as counted or as kept; the columns of the other are zero."""
    none = literal(0)
    pairs = [(none, sums.c[name]) if is_kept else (sums.c[name], none) for name in ("n", "paise")]
    values = [
        one.label(f"{side}{name}")
        for name, pair in zip(("", "_paise"), pairs, strict=True)
        for side, one in zip(("counted", "kept"), pair, strict=True)
    ]
    return select(*(sums.c[name] for name in _KEY), *values)


def disable_timeouts() -> None:
    """Turn the timeouts off for this transaction: counting millions of rows takes longer than a page may."""
    if database().is_sqlite:
        return
    session().execute(text("SET LOCAL statement_timeout = 0"))
    session().execute(text("SET LOCAL lock_timeout = 0"))


def _mark_old_resolutions() -> None:
    """Store once for each resolution from before the MIS whether it was in time; these events do not say so."""
    unmarked = select(_event.c.id, _event.c.at, _event.c.details, _request.c.promised_on).where(
        _event.c.service_request_id == _request.c.id,
        _event.c.action == Action.APPROVE,
        _event.c.details["in_time"].as_boolean().is_(None),
    )
    for row in session().execute(unmarked).all():
        marked = row.details | {"in_time": mis.is_in_time(row.promised_on, row.at)}
        core().execute(update(_event).where(_event.c.id == row.id).values(details=marked))


def _fill() -> Any:
    recount = _recount(_above()).subquery("recount")
    return plain_insert(_cell).from_select(
        SumCell._fields, select(*(recount.c[name] for name in SumCell._fields))
    )


def _recount(above: CTE) -> Select[Any]:
    """Select every sum, from the requests and their timelines."""
    is_sqlite = database().is_sqlite
    counts = (*request_counts(is_sqlite=is_sqlite), *event_counts(is_sqlite=is_sqlite))
    single = union_all(*counts, correction_counts(is_sqlite=is_sqlite)).subquery("single")
    keys = [single.c[name] for name in _KEY]
    leaf = select(*keys, *_sums(single)).group_by(*keys).cte("leaf")
    return _spread(leaf, above)


def _kept(above: CTE) -> CompoundSelect[Any]:
    """Select every sum as stored: the added-up sums, and the waiting deltas."""
    leaf = select(*(_delta.c[name] for name in SumCell._fields)).cte("waiting")
    return union_all(select(*(_cell.c[name] for name in SumCell._fields)), _spread(leaf, above))


def _spread(leaf: CTE, above: CTE) -> Select[Any]:
    """Select the shares of each count for all offices above and the whole, for its kind and for all kinds."""
    share = union_all(select(literal("").label("is_all")), select(literal(mis.ALL))).subquery("share")
    kind = case((share.c.is_all == mis.ALL, mis.ALL), else_=leaf.c.kind)
    keys = [above.c.above.label("office_code"), leaf.c.measure, kind.label("kind"), leaf.c.day]
    return (
        select(*keys, *_sums(leaf))
        .select_from(leaf)
        .join(above, above.c.below == leaf.c.office_code)
        .join(share, true())
        .group_by(above.c.above, leaf.c.measure, kind, leaf.c.day)
        .having(or_(func.sum(leaf.c.n) != 0, func.sum(leaf.c.paise) != 0))
    )


def _sums(of: Any) -> list[ColumnElement[int]]:
    return [func.sum(of.c[name]).label(name) for name in ("n", "paise")]


def _above() -> CTE:
    """Select each office with itself and all above it, and with the whole."""
    upper = _office.alias("upper")
    is_below = is_in_subtree(_office.c.path, upper.c.path)
    return union_all(
        select(_office.c.code.label("below"), upper.c.code.label("above")).join(upper, is_below),
        select(_office.c.code, literal(mis.ALL)),
    ).cte("above")
