"""Documents of drafts and requests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, select, update

from wss.db import insert, session
from wss.domain.uploads import DocumentKind, ScanState, file_name
from wss.models import Document
from wss.queries._driver_reads import DriverRead

_document = cast(Table, Document.__table__)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A stored document."""

    id: str
    label: str
    media_type: str
    size: int
    storage_key: str
    scan: str
    created_at: datetime
    pages: int | None

    @property
    def file_name(self) -> str:
        """Return the name under which the document is saved."""
        return file_name(self.label, self.media_type)

    @property
    def is_served(self) -> bool:
        """Return whether the document may be opened."""
        return ScanState(self.scan).is_served

    @property
    def pictures(self) -> int:
        """Return how many pages can be shown as pictures: an image is one."""
        return 1 if self.media_type != DocumentKind.PDF.media_type else self.pages or 0


@dataclass(frozen=True, slots=True)
class PendingDocument:
    """A document that the scanner has not checked yet."""

    id: str
    storage_key: str
    service_request_id: int | None


_row = [_document.c[name] for name in DocumentRow.__slots__]
_of_request = DriverRead(
    select(*_row)
    .where(_document.c.service_request_id == bindparam("request_id"))
    .order_by(_document.c.created_at, _document.c.id),
    DocumentRow,
)


def documents_of_draft(draft_id: int) -> list[DocumentRow]:
    """Return the documents of a draft."""
    statement = (
        select(*_row).where(_document.c.draft_id == draft_id).order_by(_document.c.created_at, _document.c.id)
    )
    return [DocumentRow(*row) for row in session().execute(statement)]


def documents_of_request(request_id: int) -> list[DocumentRow]:
    """Return the documents of a request that the caller may see (already checked)."""
    return _of_request.all(request_id=request_id)


def document_of_request(request_id: int, document_id: str) -> DocumentRow | None:
    """Return one document of a request that the caller may see (already checked)."""
    return _one(_document.c.service_request_id == request_id, document_id)


def document_of_draft(draft_id: int, document_id: str) -> DocumentRow | None:
    """Return one document of a draft that is the caller's own."""
    return _one(_document.c.draft_id == draft_id, document_id)


def document_of_generated_bill(generated_bill_id: int, consumer_id: int) -> DocumentRow | None:
    """Return the photo with which this consumer has generated a bill."""
    own = (_document.c.generated_bill_id == generated_bill_id) & (_document.c.consumer_id == consumer_id)
    found = session().execute(select(*_row).where(own)).first()
    return DocumentRow(*found) if found else None


def _one(there: ColumnElement[bool], document_id: str) -> DocumentRow | None:
    found = session().execute(select(*_row).where(_document.c.id == document_id, there)).first()
    return DocumentRow(*found) if found else None


def usage_of_draft(draft_id: int, consumer_id: int, since: datetime) -> tuple[int, int]:
    """Return how many documents a draft has, and how many bytes its consumer has stored since a moment."""
    return _kept(_document.c.draft_id == draft_id, consumer_id, since)


def usage_of_request(request_id: int, consumer_id: int | None, since: datetime) -> tuple[int, int]:
    """Return how many documents a request has, and how many bytes its consumer has stored since a moment.

    For a request without a registered consumer, the bytes that were stored for the request.
    """
    return _kept(_document.c.service_request_id == request_id, consumer_id, since)


def _kept(there: ColumnElement[bool], consumer_id: int | None, since: datetime) -> tuple[int, int]:
    there_already = select(func.count()).where(there).scalar_subquery()
    stored = (
        select(func.coalesce(func.sum(_document.c.size), 0))
        .where(there if consumer_id is None else _document.c.consumer_id == consumer_id)
        .where(_document.c.created_at >= since)
        .scalar_subquery()
    )
    found = session().execute(select(there_already, stored)).one()
    return int(found[0]), int(found[1])


def same_in_draft(draft_id: int, digest: str) -> str | None:
    """Return the document of a draft with the same content, if there is one."""
    return _same(_document.c.draft_id == draft_id, digest)


def same_in_request(request_id: int, digest: str) -> str | None:
    """Return the document of a request with the same content, if there is one."""
    return _same(_document.c.service_request_id == request_id, digest)


def _same(there: ColumnElement[bool], digest: str) -> str | None:
    statement = select(_document.c.id).where(there, _document.c.digest == digest).limit(1)
    return session().execute(statement).scalar()


def count_of_request(request_id: int) -> int:
    """Return how many documents a request has."""
    statement = select(func.count()).where(_document.c.service_request_id == request_id)
    return int(session().execute(statement).scalar_one())


def add_document(columns: dict[str, Any]) -> None:
    """Insert the row of a document that is in the store."""
    session().execute(insert(_document), columns)


def pop_document(draft_id: int, document_id: str) -> str | None:
    """Remove a document from a draft; return its key in the store."""
    statement = (
        delete(_document)
        .where(_document.c.id == document_id, _document.c.draft_id == draft_id)
        .returning(_document.c.storage_key)
    )
    return session().execute(statement).scalar()


def move_documents(draft_id: int, request_id: int) -> int:
    """Move a draft's documents to the request it has become; return how many there were."""
    statement = (
        update(_document)
        .where(_document.c.draft_id == draft_id)
        .values(draft_id=None, service_request_id=request_id)
    )
    return session().execute(statement).rowcount  # type: ignore[attr-defined]


def pending_documents(how_many: int) -> list[PendingDocument]:
    """Return a random sample of the documents that wait for the scanner.

    Random, since a document on which the scanner always fails must not block the others.
    """
    statement = (
        select(_document.c.id, _document.c.storage_key, _document.c.service_request_id)
        .where(_document.c.scan == ScanState.PENDING)
        .order_by(func.random())
        .limit(how_many)
    )
    return [PendingDocument(*row) for row in session().execute(statement)]


def settle_scan(document_id: str, state: ScanState) -> None:
    """Store the result of a scan."""
    session().execute(update(_document).where(_document.c.id == document_id).values(scan=state))


def storage_keys_after(document_id: str, how_many: int) -> list[tuple[str, str]]:
    """Return id and storage key of the next documents in the order of their ids."""
    page = select(_document.c.id, _document.c.storage_key).where(_document.c.id > document_id)
    rows = session().execute(page.order_by(_document.c.id).limit(how_many)).all()
    return [(row.id, row.storage_key) for row in rows]
