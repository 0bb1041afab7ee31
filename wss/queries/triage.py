"""Additional columns of a page of requests: bills, documents, proposals, last remarks.

Each is one statement for the whole page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, exists, func, select

from wss.db import core
from wss.domain.unanswered_remarks import RELEVANT_ACTIONS, unanswered_remarks
from wss.models import Bill, DisputedBill, Document, Event, Revision, ServiceRequest

_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_bill = cast(Table, Bill.__table__)
_disputed = cast(Table, DisputedBill.__table__)
_document = cast(Table, Document.__table__)
_revision = cast(Table, Revision.__table__)
_OF_PAGE: Any = bindparam("ids", expanding=True)


@dataclass(frozen=True, slots=True)
class TriageFacts:
    """The facts by which an officer sorts a request.

    These are the fields that were filled in, months and sum of the effective disputed bills, the proposal for
    them, and the last actions with a remark.
    """

    version: int
    fields: dict[str, Any]
    documents: int = 0
    photos: int = 0
    months: tuple[str, ...] = ()
    amount_paise: int = 0
    proposed_paise: int | None = None
    marks: tuple[str, ...] = ()


def triage_of(ids: Sequence[int]) -> dict[int, TriageFacts]:
    """Return the facts of each request of a page, by its id."""
    if not ids:
        return {}
    marks, bills, asked = _marks_of(ids), _bills_of(ids), {"ids": list(ids)}
    return {
        row.id: TriageFacts(
            row.version,
            row.fields,
            row.documents,
            row.photos,
            tuple(month for month, _ in bills.get(row.id, ())),
            sum(amount for _, amount in bills.get(row.id, ())),
            row.proposed,
            marks.get(row.id, ()),
        )
        for row in core().execute(_facts(), asked)
    }


def _marks_of(ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    actions_of: dict[int, list[str]] = {}
    for row in core().execute(_events(), {"ids": list(ids)}):
        actions_of.setdefault(row.service_request_id, []).append(row.action)
    # Repeated actions are marked once.
    return {
        id_: tuple(dict.fromkeys(actions[place] for place in unanswered_remarks(actions)))
        for id_, actions in actions_of.items()
    }


def _bills_of(ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """Return month and amount of the bills that replace the disputed ones, the oldest month first."""
    found: dict[int, list[tuple[str, int]]] = {}
    for row in core().execute(_effective_bills(), {"ids": list(ids)}):
        found.setdefault(row.request_id, []).append((row.bill_month, row.amount_paise))
    return found


# Cached, as building the three statements again would add 10 % to the processor time of the To-Do page.
@cache
def _facts() -> Select[Any]:
    documents = select(func.count()).where(_document.c.service_request_id == _request.c.id)
    photos = documents.where(_document.c.media_type.startswith("image/"))
    proposed = select(_revision.c.revised_paise).where(
        _revision.c.service_request_id == _request.c.id, _revision.c.state == "proposed"
    )
    return select(
        _request.c.id,
        _request.c.version,
        _request.c.fields,
        documents.scalar_subquery().label("documents"),
        photos.scalar_subquery().label("photos"),
        proposed.scalar_subquery().label("proposed"),
    ).where(_request.c.id.in_(_OF_PAGE))


@cache
def _events() -> Select[Any]:
    return (
        select(_event.c.service_request_id, _event.c.action)
        .where(
            _event.c.service_request_id.in_(_OF_PAGE),
            _event.c.action.in_([str(each) for each in sorted(RELEVANT_ACTIONS)]),
        )
        .order_by(_event.c.service_request_id, _event.c.number)
    )


@cache
def _effective_bills() -> Select[Any]:
    """Select each disputed bill's last revision: follows its revisions to the one that has no further revision."""
    columns = (_bill.c.bill_no, _bill.c.bill_month, _bill.c.amount_paise)
    chain = (
        select(_disputed.c.service_request_id.label("request_id"), *columns)
        .join(_bill, _bill.c.bill_no == _disputed.c.bill_no)
        .where(_disputed.c.service_request_id.in_(_OF_PAGE))
        .cte("chain", recursive=True)
    )
    later, newest = _bill.alias("later"), _bill.alias("newest")
    chain = chain.union_all(
        select(chain.c.request_id, *(later.c[each.name] for each in columns)).join(
            later, later.c.revises == chain.c.bill_no
        )
    )
    is_revised = exists().where(newest.c.revises == chain.c.bill_no)
    return select(chain).where(~is_revised).order_by(chain.c.request_id, chain.c.bill_month, chain.c.bill_no)
