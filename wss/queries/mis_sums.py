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
    case,
    delete,
    func,
    literal,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy import insert as plain_insert

from wss.db import core, database, insert, session, write_later
from wss.domain import mis
from wss.domain.lifecycle import Action, Status
from wss.models import Counter, Event, MisCell, MisDelta, Office, ServiceRequest
from wss.models.service_request import IS_OPEN
from wss.prepared_statements import PreparedStatement
from wss.queries._fragments import can_be_late, day_of, is_in_subtree, is_of_suggestion

# Key of the advisory lock under which one worker adds up at a time. The number has no meaning.
_LOCK = 5_719_006
_MADE = "mis_made"
_KEY = ("office_code", "measure", "kind", "day")

_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_office = cast(Table, Office.__table__)
_cell = cast(Table, MisCell.__table__)
_delta = cast(Table, MisDelta.__table__)
_counter = cast(Table, Counter.__table__)
_ONE = literal(1)
_COUNTED_ACTIONS = {
    str(one)
    for one in (*mis.FLOW_OF, *mis.ENDS_QUESTION, *(action for action, _outcome in mis.SUGGESTION_STEPS))
}
_add_delta = PreparedStatement(lambda: plain_insert(_delta))


class SumCell(NamedTuple):
    """A sum, or a share of one, with its key. Sorted, so that two writers lock rows in the same order."""

    office_code: str
    measure: str
    kind: str
    day: date
    n: int


class SumDifference(NamedTuple):
    """A sum that differs from the recount."""

    office_code: str
    measure: str
    kind: str
    day: date
    counted: int
    kept: int


class CountedEvent(NamedTuple):
    """An event of a timeline, with the fields that are counted."""

    action: str
    status: str
    at: datetime
    in_time: bool | None
    stopped: int | None
    suggestion: str | None


def add_deltas(rows: list[dict[str, Any]]) -> None:
    """Insert deltas; the worker adds them up later."""
    for row in rows:
        write_later(_add_delta, row)


def counted_events(request_id: int) -> list[CountedEvent]:
    """Return the counted events of a request."""
    statement = select(_event.c.action, _event.c.status, _event.c.at, _event.c.details).where(
        _event.c.service_request_id == request_id,
        _event.c.action.in_(_COUNTED_ACTIONS),
    )
    return [
        CountedEvent(*row[:3], *(row.details.get(name) for name in ("in_time", "stopped", "suggestion")))
        for row in core().execute(statement)
    ]


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
    add = add.on_conflict_do_update(index_elements=_KEY, set_={"n": _cell.c.n + add.excluded.n})
    core().execute(add, [one._asdict() for one in changes])
    core().execute(delete(_cell).where(_cell.c.n == 0, _cell.c.office_code.in_({one[0] for one in changes})))


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
    both = union_all(
        select(*(counted.c[name] for name in _KEY), counted.c.n.label("counted"), literal(0).label("kept")),
        select(*(kept.c[name] for name in _KEY), literal(0), kept.c.n),
    ).subquery("both")
    sums: list[Any] = [func.sum(both.c.counted), func.sum(both.c.kept)]
    keys: list[Any] = [both.c[name] for name in _KEY]
    statement = select(*keys, *sums).group_by(*keys).having(sums[0] != sums[1]).order_by(*keys).limit(at_most)
    return [SumDifference(*row) for row in session().execute(statement)]


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
    single = union_all(*_of_requests(), *_of_events()).subquery("single")
    keys = [single.c[name] for name in _KEY]
    leaf = select(*keys, func.sum(single.c.n).label("n")).group_by(*keys).cte("leaf")
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
        select(*keys, func.sum(leaf.c.n).label("n"))
        .select_from(leaf)
        .join(above, above.c.below == leaf.c.office_code)
        .join(share, true())
        .group_by(above.c.above, leaf.c.measure, kind, leaf.c.day)
        .having(func.sum(leaf.c.n) != 0)
    )


def _above() -> CTE:
    """Select each office with itself and all above it, and with the whole."""
    upper = _office.alias("upper")
    is_below = is_in_subtree(_office.c.path, upper.c.path)
    return union_all(
        select(_office.c.code.label("below"), upper.c.code.label("above")).join(upper, is_below),
        select(_office.c.code, literal(mis.ALL)),
    ).cte("above")


def _day_of(moment: ColumnElement[Any]) -> ColumnElement[date]:
    return day_of(moment, is_sqlite=database().is_sqlite)


def _of_requests() -> list[Select[Any]]:
    """Select the counts from the present state of requests."""
    registered_on = _day_of(_request.c.registered_at)
    due = can_be_late(_request, is_sqlite=database().is_sqlite)
    open_ones = [
        _counted(_request, literal(mis.PENDING) + _request.c.status, registered_on),
        _counted(_request, literal(mis.DUE), _request.c.promised_on).where(due),
        _counted(_request, literal(mis.ESCALATED), registered_on).where(_request.c.escalation_level > 0),
        _counted(_request, literal(mis.ONCE_REOPENED), registered_on).where(_request.c.reopened_times > 0),
    ]
    return [
        *(one.where(IS_OPEN) for one in open_ones),
        _counted(_request, literal(mis.REGISTERED), registered_on),
    ]


def _of_events() -> list[Select[Any]]:
    """Select the counts from events, in the office where the request counts now."""
    table = _request.join(_event, _event.c.service_request_id == _request.c.id)
    on = _day_of(_event.c.at)
    names = {str(action): measure for action, measure in mis.FLOW_OF.items() if action != mis.REGISTER}
    in_time = and_(_event.c.action == Action.APPROVE.value, _event.c.details["in_time"].as_boolean())
    stopped = _event.c.details["stopped"].as_integer()
    ends_question = _event.c.action.in_([action.value for action in mis.ENDS_QUESTION])
    disputed = and_(_event.c.action == Action.REFUSE.value, _event.c.status == Status.CLOSED.value)
    return [
        _counted(table, case(names, value=_event.c.action), on).where(_event.c.action.in_(list(names))),
        _counted(table, literal(mis.IN_TIME), on).where(in_time),
        _counted(table, literal(mis.DISPUTED), on).where(disputed),
        _counted(table, literal(mis.STOPPED_DAYS), on, stopped).where(ends_question, stopped > 0),
        *(
            _counted(table, literal(one), on).where(is_of_suggestion(one, _event))
            for one in mis.OF_SUGGESTIONS
        ),
    ]


def _counted(table: Any, measure: ColumnElement[str], day: ColumnElement[date], n: Any = _ONE) -> Select[Any]:
    columns = (_request.c.office_code, measure.label("measure"), _request.c.kind, day.label("day"))
    return select(*columns, n.label("n")).select_from(table)
