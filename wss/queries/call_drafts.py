"""Drafts of calls: unsent forms that calls about a connection have left, found again and claimed once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, delete, exists, or_, select, update

from wss.db import core, session
from wss.domain.draft_row import DraftRow
from wss.models import Connection, Document, Draft, ReferenceVersion
from wss.queries._draft_rows import DRAFT_COLUMNS


@dataclass(frozen=True, slots=True)
class ReadyCallDraft:
    """A draft of a call with everything that registering it needs; for whom is decided at the time of the call."""

    draft: DraftRow
    subdivision_code: str
    has_documents: bool
    reference_version: int | None


_draft = cast(Table, Draft.__table__)
_document = cast(Table, Document.__table__)
_connection = cast(Table, Connection.__table__)


def call_draft(account_no: str, at: datetime) -> DraftRow | None:
    """Return the unsent form that calls about a connection have left: the one changed last."""
    newest = (_draft.c.updated_at.desc(), _draft.c.id.desc())
    statement = (
        select(*DRAFT_COLUMNS).where(Draft.is_left_by_calls(account_no, at)).order_by(*newest).limit(1)
    )
    found = session().execute(statement).first()
    return DraftRow(*found) if found else None


def ready_call_draft(form_token: str, account_no: str, at: datetime) -> ReadyCallDraft | None:
    """Return a form of calls about this connection, for registering it; also one that is already registered."""
    statement = (
        select(
            *DRAFT_COLUMNS,
            _connection.c.subdivision_code,
            exists().where(_document.c.draft_id == _draft.c.id),
            select(cast(Table, ReferenceVersion.__table__).c.version).scalar_subquery(),
        )
        .join(_connection, _connection.c.account_no == _draft.c.account_no)
        .where(
            _draft.c.form_token == form_token,
            _draft.c.account_no == account_no,
            or_(Draft.is_left_by_calls(account_no, at), _draft.c.lodged_at.is_not(None)),
            _draft.c.consumer_id.is_(None),
        )
    )
    found: Any = session().execute(statement).first()
    width = len(DRAFT_COLUMNS)
    return ReadyCallDraft(DraftRow(*found[:width]), *found[width:]) if found else None


def claim_call_draft(draft: DraftRow, at: datetime) -> int:
    """Claim the form of a call to make it a request: 1 for the first caller, 0 for all others.

    Also 0 for a form that has changed since it was read.
    """
    statement = update(_draft).where(
        _draft.c.id == draft.id,
        _draft.c.updated_at == draft.updated_at,
        Draft.is_left_by_calls(draft.account_no, at),
    )
    return core().execute(statement.values(lodged_at=at)).rowcount


def call_draft_of_form(form_token: str, account_no: str) -> DraftRow | None:
    """Return the draft of one form that calls about a connection have left, registered or not."""
    statement = select(*DRAFT_COLUMNS).where(
        _draft.c.form_token == form_token,
        _draft.c.account_no == account_no,
        _draft.c.consumer_id.is_(None),
    )
    found = session().execute(statement).first()
    return DraftRow(*found) if found else None


def drop_surplus_call_drafts(account_no: str, keep: int) -> None:
    """Delete the oldest unsent forms that calls about a connection have left, beyond `keep`."""
    left = and_(
        _draft.c.account_no == account_no, _draft.c.consumer_id.is_(None), _draft.c.lodged_at.is_(None)
    )
    surplus = select(_draft.c.id).where(left).order_by(_draft.c.updated_at.desc(), _draft.c.id.desc())
    core().execute(delete(_draft).where(_draft.c.id.in_(surplus.offset(keep))))
