"""Proposals of revised bills that wait for a decision, and what an approver has opened of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Date, Select, Table, and_, delete, func, literal, or_, select, tuple_

from wss.db import core, execute_count
from wss.db import insert as upsert
from wss.domain.actor import Role
from wss.domain.lifecycle import Status
from wss.domain.todo_filter import OfficerPost, TodoCursor
from wss.domain.typed_values import LAST_DAY
from wss.domain.uploads import DocumentKind, ScanState
from wss.models import Connection, Document, Office, OpenedProposal, Revision, ServiceRequest, Staff
from wss.queries._fragments import is_in_subtree, path_of_office

PAGE = 20
_PROPOSED = "proposed"
COUNTED_AT_MOST = 99
_PHOTOS = [kind.media_type for kind in DocumentKind if kind is not DocumentKind.PDF]
# Revisions without a complaint have no promised day: they come last.
_NO_PROMISE = LAST_DAY

_revision = cast(Table, Revision.__table__)
_request = cast(Table, ServiceRequest.__table__)
_connection = cast(Table, Connection.__table__)
_office = cast(Table, Office.__table__)
_staff = cast(Table, Staff.__table__)
_document = cast(Table, Document.__table__)
_opened = cast(Table, OpenedProposal.__table__)


@dataclass(frozen=True, slots=True)
class WaitingProposal:
    """A proposal as the queue shows it; without a complaint, what belongs to the request is None."""

    id: int
    account_no: str
    reason: str
    issued_paise: int
    revised_paise: int
    change_paise: int | None
    figures_hash: str
    proposed_by: str
    proposed_at: datetime
    suggestion: str
    suggestion_outcome: str
    sampling: str
    request_id: int | None
    complaint_no: str | None
    office_code: str
    fields: dict[str, Any] | None
    holder_role: str | None
    due_on: date
    consumer_name: str
    maker_name: str
    maker_role: str

    @property
    def place(self) -> TodoCursor:
        """Return its cursor in the queue."""
        return TodoCursor(self.due_on, self.id)

    @property
    def promised_on(self) -> date | None:
        """Return the promised day; None without a complaint."""
        return self.due_on if self.complaint_no else None


_due = func.coalesce(_request.c.promised_on, literal(_NO_PROMISE, Date))
_columns = [
    *(_revision.c[name] for name in WaitingProposal.__slots__[:12]),
    _request.c.id.label("request_id"),
    _request.c.complaint_no,
    _revision.c.office_code,
    _request.c.fields,
    _request.c.holder_role,
    _due.label("due_on"),
    _connection.c.consumer_name,
    _staff.c.name,
    _staff.c.role,
]


def waiting_proposals(post: OfficerPost, after: TodoCursor | None = None) -> list[WaitingProposal]:
    """Return a page of the proposals that a post can see waiting, the first promised first, and the next entry."""
    statement = (
        select(*_columns)
        .select_from(_joined())
        .join(_connection, _connection.c.account_no == _revision.c.account_no)
        .join(_staff, _staff.c.employee_id == _revision.c.proposed_by)
        .where(*_for_post(post))
        .order_by(_due, _revision.c.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        place = tuple_(literal(after.promised_on, Date), literal(after.id, _revision.c.id.type))
        statement = statement.where(tuple_(_due, _revision.c.id) > place)
    return [WaitingProposal(*row) for row in core().execute(statement)]


def proposals_to_decide(post: OfficerPost) -> int:
    """Return how many proposals wait for this employee's decision, up to a bound."""
    own = Role(post.role)
    some: Select[Any] = (
        select(literal(1))
        .select_from(_joined())
        .where(*_for_post(post), _revision.c.proposed_by != post.employee_id, _is_held_by(own))
        .limit(COUNTED_AT_MOST)
    )
    return core().execute(select(func.count()).select_from(some.subquery())).scalar_one()


def photos_of(request_ids: Sequence[int]) -> dict[int, str]:
    """Return the first photo of each of these requests that can be shown."""
    served = [state.value for state in ScanState if state.is_served]
    statement = (
        select(_document.c.service_request_id, _document.c.id)
        .where(
            _document.c.service_request_id.in_(request_ids),
            _document.c.media_type.in_(_PHOTOS),
            _document.c.scan.in_(served),
        )
        .order_by(_document.c.created_at.desc(), _document.c.id.desc())
    )
    # The last one that is set is the oldest: the photo that came with the complaint.
    return {row.service_request_id: row.id for row in core().execute(statement)} if request_ids else {}


def note_opened_proposal(employee_id: str, revision_id: int, figures_hash: str, at: datetime) -> None:
    """Store which figures of a proposal an employee has been shown."""
    facts = {"figures_hash": figures_hash, "opened_at": at}
    statement = upsert(_opened).values(employee_id=employee_id, revision_id=revision_id, **facts)
    core().execute(statement.on_conflict_do_update(index_elements=["employee_id", "revision_id"], set_=facts))


def opened_proposals(employee_id: str, revision_ids: Sequence[int], since: datetime) -> dict[int, str]:
    """Return the hash of the figures of those proposals that an employee has opened since a moment."""
    statement = select(_opened.c.revision_id, _opened.c.figures_hash).where(
        _opened.c.employee_id == employee_id,
        _opened.c.revision_id.in_(revision_ids),
        _opened.c.opened_at > since,
    )
    return {row.revision_id: row.figures_hash for row in core().execute(statement)} if revision_ids else {}


def forget_opened_proposals(before: datetime) -> int:
    """Delete what was opened before a moment."""
    return execute_count(delete(OpenedProposal).where(OpenedProposal.opened_at <= before))


def _joined() -> Any:
    return _revision.join(_office, _office.c.code == _revision.c.office_code).outerjoin(
        _request, _request.c.id == _revision.c.service_request_id
    )


def _for_post(post: OfficerPost) -> list[ColumnElement[bool]]:
    """Return the conditions for what a post sees waiting: an SDO also what is above their limit; an EE what EEs hold,
    and each what they have proposed."""
    held = [_is_held_by(Role(post.role)), _revision.c.proposed_by == post.employee_id]
    if post.role == Role.SDO:
        held.append(_request.c.holder_role == Role.EE.value)
    return [
        _revision.c.state == _PROPOSED,
        is_in_subtree(_office.c.path, path_of_office(post.office_code)),
        or_(
            _revision.c.service_request_id.is_(None),
            and_(_request.c.status == Status.PROPOSED.value, _request.c.frozen.is_(False), or_(*held)),
        ),
    ]


def _is_held_by(role: Role) -> ColumnElement[bool]:
    return or_(_request.c.id.is_(None), _request.c.holder_role.in_([Role.BILLING_CLERK.value, role.value]))
