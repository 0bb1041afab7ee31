"""Drafts: unsent forms of consumers, stored, found again, and claimed once; forms of calls are stored here too."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, exists, select, true, update

from wss.db import core, insert, session
from wss.domain.draft_row import DraftRow
from wss.models import Connection, Consumer, Document, Draft, Ownership, ReferenceVersion
from wss.prepared_statements import PREPARE, PreparedStatement, StatementCall
from wss.queries._draft_rows import DRAFT_COLUMNS


@dataclass(frozen=True, slots=True)
class ReadyDraft:
    """A draft with everything that registering it needs, read in one statement before the transaction."""

    draft: DraftRow
    subdivision_code: str
    mobile_on_record: str | None
    has_documents: bool
    reference_version: int | None
    consumer: "RequestingConsumer"


@dataclass(frozen=True, slots=True)
class RequestingConsumer:
    """The consumer who registers a request, with the fields that notices need."""

    id: int
    language: str
    mobile: str | None
    email: str | None
    email_alerts: bool
    email_verified_at: datetime | None
    email_bounced_at: datetime | None


# Core tables instead of entities, for speed: every registration of a request runs these.
_draft = cast(Table, Draft.__table__)
_document = cast(Table, Document.__table__)
_ownership = cast(Table, Ownership.__table__)
_connection = cast(Table, Connection.__table__)
_consumer = cast(Table, Consumer.__table__)
_now_owned = exists().where(
    _ownership.c.account_no == _draft.c.account_no,
    _ownership.c.consumer_id == bindparam("owner"),
    Ownership.is_active_at(bindparam("at")),
)
_own = (_draft.c.consumer_id == bindparam("owner"), _now_owned)
# Prefix of a draft that holds a remark written on a timeline when the session ended; it is not a request yet.
REMARK_PREFIX = "words "
_are_words = _draft.c.form_token.startswith(REMARK_PREFIX, autoescape=True)
_ready = (
    select(
        *DRAFT_COLUMNS,
        _connection.c.subdivision_code,
        _connection.c.mobile_on_record,
        exists().where(_document.c.draft_id == _draft.c.id),
        select(cast(Table, ReferenceVersion.__table__).c.version).scalar_subquery(),
        *(_consumer.c[name] for name in RequestingConsumer.__slots__),
    )
    .join(_connection, _connection.c.account_no == _draft.c.account_no)
    .join(_consumer, _consumer.c.id == _draft.c.consumer_id)
    .where(_draft.c.form_token == bindparam("form_token"), *_own)
    .execution_options(**{PREPARE: True})
)
_claim = PreparedStatement(
    lambda: (
        update(_draft)
        .where(
            _draft.c.id == bindparam("draft_id"),
            _draft.c.updated_at == bindparam("seen"),
            _draft.c.lodged_at.is_(None),
            _draft.c.expires_at > bindparam("at"),
            *_own,
        )
        .values(lodged_at=bindparam("at"))
        .returning(_draft.c.id)
    )
)


def visible_draft(form_token: str, consumer_id: int, at: datetime) -> DraftRow | None:
    """Return a consumer's draft, lodged or not, while they own its connection."""
    statement = select(*DRAFT_COLUMNS).where(_draft.c.form_token == form_token, *_own)
    found = session().execute(statement, {"owner": consumer_id, "at": at}).first()
    return DraftRow(*found) if found else None


def current_draft(account_no: str, consumer_id: int, at: datetime) -> DraftRow | None:
    """Return the draft to offer again for a connection: the one changed last."""
    found = drafts_of(consumer_id, at, account_no)
    return found[0] if found else None


def drafts_of(consumer_id: int, at: datetime, account_no: str | None = None) -> list[DraftRow]:
    """Return the drafts to offer again, one per connection, newest first."""
    statement = select(*DRAFT_COLUMNS).where(
        *_own, _draft.c.lodged_at.is_(None), _draft.c.expires_at > bindparam("at"), ~_are_words
    )
    if account_no is not None:
        statement = statement.where(_draft.c.account_no == account_no).limit(1)
    statement = statement.order_by(_draft.c.updated_at.desc(), _draft.c.id.desc())
    newest: dict[str, DraftRow] = {}
    for row in session().execute(statement, {"owner": consumer_id, "at": at}):
        newest.setdefault(row.account_no, DraftRow(*row))
    return list(newest.values())


def ready_draft(form_token: str, consumer_id: int, at: datetime) -> ReadyDraft | None:
    """Return a consumer's draft with its connection, for registering it."""
    asked = {"form_token": form_token, "owner": consumer_id, "at": at}
    found: Any = session().execute(_ready, asked).first()
    if found is None:
        return None
    width = len(DRAFT_COLUMNS)
    facts, lodger = found[width : width + 4], RequestingConsumer(*found[width + 4 :])
    return ReadyDraft(*(DraftRow(*found[:width]), *facts, lodger))


def claim_of_draft(draft: DraftRow, consumer_id: int, at: datetime) -> StatementCall:
    """Return what claims a draft to make it a request: it finds the draft's id for the first caller only.

    Also for no one when the draft has changed since it was read.
    """
    return StatementCall(
        _claim, {"draft_id": draft.id, "seen": draft.updated_at, "owner": consumer_id, "at": at}
    )


def upsert_draft(columns: dict[str, Any], *, unless_newer: bool = False) -> int | None:
    """Insert or update a draft by its form token.

    Returns None when that form is lodged or belongs to another consumer, or, with `unless_newer`, when the stored
    draft is newer. A later call about the same connection may continue the draft of an earlier one.
    """
    statement = insert(_draft).values(columns)
    changed = ("kind", "fields", "updated_at", "expires_at", "call_id")
    statement = statement.on_conflict_do_update(
        index_elements=["form_token"],
        set_={name: statement.excluded[name] for name in changed},
        where=(
            _draft.c.consumer_id.is_not_distinct_from(columns["consumer_id"])
            & (_draft.c.account_no == columns["account_no"])
            & _draft.c.lodged_at.is_(None)
            & (_draft.c.updated_at <= columns["updated_at"] if unless_newer else true())
        ),
    ).returning(_draft.c.id)
    return session().execute(statement).scalar()


def held_drafts(account_no: str, consumer_id: int) -> list[DraftRow]:
    """Return a consumer's drafts for a connection on hold, the newest first."""
    statement = select(*DRAFT_COLUMNS).where(
        _draft.c.account_no == account_no,
        _draft.c.consumer_id == consumer_id,
        _draft.c.lodged_at.is_(None),
        ~_are_words,
    )
    newest = (_draft.c.updated_at.desc(), _draft.c.id.desc())
    return [DraftRow(*row) for row in session().execute(statement.order_by(*newest))]


def drop_held_drafts(account_no: str, consumer_id: int) -> None:
    """Delete a consumer's drafts for a connection on hold that will not become theirs."""
    core().execute(
        delete(_draft).where(
            _draft.c.account_no == account_no,
            _draft.c.consumer_id == consumer_id,
            _draft.c.lodged_at.is_(None),
            ~exists().where(_document.c.draft_id == _draft.c.id),
        )
    )


def drop_surplus_drafts(consumer_id: int, keep: int) -> None:
    """Delete a consumer's oldest unsent drafts beyond `keep`.

    Drafts with documents stay until they expire.
    """
    open_ones = select(_draft.c.id).where(_draft.c.consumer_id == consumer_id, _draft.c.lodged_at.is_(None))
    surplus = open_ones.order_by(_draft.c.updated_at.desc(), _draft.c.id.desc()).offset(keep)
    with_documents = exists().where(_document.c.draft_id == _draft.c.id)
    core().execute(delete(_draft).where(_draft.c.id.in_(surplus), ~with_documents))


def saved_remark(complaint_no: str, consumer_id: int, at: datetime) -> tuple[str, str] | None:
    """Return the action and the remark that a consumer had entered on a timeline when their session ended."""
    found = visible_draft(REMARK_PREFIX + complaint_no, consumer_id, at)
    return (found.kind, str(found.fields.get("remark", ""))) if found else None


def delete_remark(complaint_no: str) -> None:
    """Delete the entered remark of a timeline once it has been sent."""
    core().execute(delete(_draft).where(_draft.c.form_token == REMARK_PREFIX + complaint_no))


def touch_draft(draft_id: int, at: datetime) -> int:
    """Record a change to a draft's documents; return 0 when it is already lodged.

    This also locks the draft for others who change its documents.
    """
    statement = (
        update(_draft).where(_draft.c.id == draft_id, _draft.c.lodged_at.is_(None)).values(updated_at=at)
    )
    return session().execute(statement).rowcount  # type: ignore[attr-defined]


def delete_expired_drafts(at: datetime, how_many: int = 200) -> list[str]:
    """Delete expired drafts; return the keys of their documents, which the store no longer needs."""
    expired = list(
        session().execute(select(_draft.c.id).where(_draft.c.expires_at <= at).limit(how_many)).scalars()
    )
    keys = session().execute(
        delete(_document).where(_document.c.draft_id.in_(expired)).returning(_document.c.storage_key)
    )
    freed = list(keys.scalars())
    session().execute(delete(_draft).where(_draft.c.id.in_(expired)))
    return freed
