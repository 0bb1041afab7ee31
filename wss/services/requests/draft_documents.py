"""Documents of a draft: cleaned, stored and listed, or refused without losing the form they came with."""

import logging
import secrets
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time

from wss.clock import now, to_local
from wss.db import reading, transaction
from wss.domain import uploads
from wss.domain.actor import Actor
from wss.domain.draft_row import DraftRow
from wss.domain.errors import NotFound
from wss.domain.rate_limits import Limit
from wss.domain.uploads import (
    DocumentKind,
    ReadyDocument,
    Refusal,
    RefusedDocument,
    ScanState,
    StoredDocuments,
    UploadRefused,
)
from wss.gateways import Gateways
from wss.gateways.document_pictures import picture_of_page, thumbnail
from wss.gateways.documents import DocumentMissing, DocumentStore
from wss.gateways.sanitiser import SLOTS, SanitisedDocument, sanitise
from wss.gateways.scanner import NoScanner
from wss.queries.consumers import lock_if_active
from wss.queries.documents import DocumentRow, add_document, pop_document, same_in_draft, usage_of_draft
from wss.queries.drafts import touch_draft, visible_draft
from wss.services.shared.kept_bytes import ByteCache
from wss.services.shared.rate_limits import consume_silently

log = logging.getLogger(__name__)
_exact_pages = ByteCache(32 * uploads.MEGABYTE)


@dataclass(frozen=True)
class DocumentStorage:
    """The document store, whether a scanner checks documents later, and the sanitiser."""

    store: DocumentStore
    is_scanned: bool = False
    sanitise: Callable[[bytes], SanitisedDocument] = sanitise


@dataclass(frozen=True)
class UploadedDocument:
    """A document as it was uploaded."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """Return the digest that identifies the same file sent again."""
        return uploads.upload_key(uploads.label(self.name), self.content)


@dataclass(frozen=True, slots=True)
class CleanedDocuments:
    """Documents that are cleaned and stored, and those that were refused."""

    ready: list[ReadyDocument]
    refused: list[RefusedDocument]

    def keep(self, kept: Sequence[ReadyDocument]) -> None:
        """Record which documents were kept; the others are deleted."""
        self.ready[:] = kept


def storage_of(gateways: Gateways) -> DocumentStorage:
    """Return the storage by the site's configuration."""
    return DocumentStorage(gateways.documents, not isinstance(gateways.scanner, NoScanner))


def add_documents(
    actor: Actor, form_token: str, sent: Sequence[UploadedDocument], storage: DocumentStorage
) -> list[RefusedDocument]:
    """Add documents to a draft; return those that are refused, with the reason."""
    with reading():
        draft = _open_draft(actor, form_token)
        kept = _kept(draft, actor)
    refusal = uploads.refusal_of_upload([len(each.content) for each in sent], kept)
    if refusal is not None:
        return [RefusedDocument(uploads.label(each.name), refusal) for each in sent]
    refused = []
    for each in _each_once(sent):
        try:
            _add(actor, draft, each, storage)
        except UploadRefused as error:
            refused.append(RefusedDocument(uploads.label(each.name), error.refusal))
    return refused


def _each_once(sent: Sequence[UploadedDocument]) -> list[UploadedDocument]:
    """Return the documents without duplicates."""
    return list({each.digest: each for each in sent}.values())


@contextmanager
def cleaned(
    sent: Sequence[UploadedDocument], storage: DocumentStorage, sender: str
) -> Iterator[CleanedDocuments]:
    """Clean and store documents while no transaction is open, for a step that adds them to a request.

    Documents that are not recorded as kept are deleted again. `sender` is the link or the consumer whose documents
    are counted.
    """
    refusal = uploads.refusal_of_upload([len(each.content) for each in sent], StoredDocuments())
    done = CleanedDocuments(
        [], [RefusedDocument(uploads.label(each.name), refusal) for each in sent] if refusal else []
    )
    stored: list[ReadyDocument] = []
    kept: list[ReadyDocument] = []
    try:
        for each in () if refusal else _each_once(sent):
            _clean(each, storage, sender, done)
            stored = list(done.ready)
        yield done
        kept = done.ready
    finally:
        for lost in (each for each in stored if each not in kept):
            with suppress(OSError):
                storage.store.delete(lost.storage_key)


def _clean(sent: UploadedDocument, storage: DocumentStorage, sender: str, done: CleanedDocuments) -> None:
    try:
        clean = _sanitised(sent, storage, sender)
        key = _stored(clean, storage)
    except UploadRefused as error:
        done.refused.append(RefusedDocument(uploads.label(sent.name), error.refusal))
        return
    done.ready.append(
        ReadyDocument(
            secrets.token_hex(16),
            uploads.label(sent.name),
            clean.media_type,
            len(clean.content),
            key,
            ScanState.PENDING if storage.is_scanned else ScanState.NOT_SCANNED,
            clean.pages,
            sent.digest,
        )
    )


def sender_of(actor: Actor) -> str:
    """Return the key under which a consumer's documents are counted."""
    return f"consumer {actor.consumer_id}"


def _sanitised(sent: UploadedDocument, storage: DocumentStorage, sender: str) -> SanitisedDocument:
    """Return the sanitised copy, or raise UploadRefused; limited per sender and in the number at a time."""
    with transaction():
        is_allowed = consume_silently(Limit.DOCUMENTS, sender)
    if not is_allowed:
        raise UploadRefused(Refusal.STORAGE_FULL)
    with SLOTS.taken(sender):
        return storage.sanitise(sent.content)


def _stored(clean: SanitisedDocument, storage: DocumentStorage) -> str:
    """Store a cleaned document and return its key. A full disk refuses the document, not the form it came with."""
    try:
        return storage.store.put(clean.content, clean.extension)
    except OSError as error:
        log.error("a document could not be stored: %s", error.strerror)
        raise UploadRefused(Refusal.STORAGE_FULL) from error


def remove_document(actor: Actor, form_token: str, document_id: str, storage: DocumentStorage) -> None:
    """Remove a document from a draft; no error if it is not there."""
    storage.store.check()
    with transaction():
        draft = _open_draft(actor, form_token)
        key = pop_document(draft.id, document_id) if touch_draft(draft.id, now()) else None
    if key is not None:
        storage.store.delete(key)


def document_content(storage: DocumentStorage, document: DocumentRow) -> bytes:
    """Return a document that the caller may see; raises NotFound until the scanner's result allows it."""
    if not ScanState(document.scan).is_served:
        raise NotFound
    try:
        return storage.store.get(document.storage_key)
    except DocumentMissing as error:
        raise NotFound from error


def document_picture(
    storage: DocumentStorage, document: DocumentRow, page: int, *, is_small: bool
) -> tuple[bytes, str]:
    """Return a page of a document as a picture, and its media type; raises NotFound as `document_content`."""
    content = document_content(storage, document)
    try:
        picture = _page_drawn(content, document, page)
        if picture is not None:
            return (thumbnail(picture[0]), DocumentKind.JPEG.media_type) if is_small else picture
    except (OSError, ValueError, zlib.error):
        log.error("document %s differs from what was stored", document.id)
    raise NotFound


def _page_drawn(content: bytes, document: DocumentRow, page: int) -> tuple[bytes, str] | None:
    """Return a page as a picture. PDF pages of exact pixels take a tenth of a second, so these are cached."""
    key = (document.storage_key, page)
    if (kept := _exact_pages.find(key)) is not None:
        return kept, DocumentKind.PNG.media_type
    picture = picture_of_page(content, document.media_type, page)
    if picture is not None and document.media_type == DocumentKind.PDF.media_type:
        drawn, media_type = picture
        if media_type == DocumentKind.PNG.media_type:
            _exact_pages.keep(key, drawn)
    return picture


def _add(actor: Actor, draft: DraftRow, sent: UploadedDocument, storage: DocumentStorage) -> None:
    """Clean and store one document with no transaction open, then add its row within the limits."""
    clean = _sanitised(sent, storage, sender_of(actor))
    key, is_kept = _stored(clean, storage), False
    try:
        is_kept = _keep(actor, draft, _columns(actor, draft, sent, clean) | {"storage_key": key}, storage)
    finally:
        if not is_kept:
            with suppress(OSError):
                storage.store.delete(key)


def _keep(actor: Actor, draft: DraftRow, columns: dict[str, object], storage: DocumentStorage) -> bool:
    """Return whether a row was added: a file that the draft has already is not added twice."""
    with transaction():
        if not lock_if_active(actor.consumer_id or 0):
            raise NotFound
        # Updating the draft first makes concurrent uploads wait, so that together they cannot exceed the limits.
        if not touch_draft(draft.id, now()):
            raise NotFound
        kept = _kept(draft, actor)
        if kept.documents_on_request >= uploads.DOCUMENTS_PER_REQUEST:
            raise UploadRefused(Refusal.TOO_MANY)
        refusal = uploads.refusal_of_storing(int(str(columns["size"])), kept)
        if refusal is not None:
            raise UploadRefused(refusal)
        if same_in_draft(draft.id, str(columns["digest"])) is not None:
            return False
        scan = ScanState.PENDING if storage.is_scanned else ScanState.NOT_SCANNED
        add_document(columns | {"scan": scan.value})
        return True


def _columns(
    actor: Actor, draft: DraftRow, sent: UploadedDocument, clean: SanitisedDocument
) -> dict[str, object]:
    return {
        "id": secrets.token_hex(16),
        "consumer_id": actor.consumer_id,
        "draft_id": draft.id,
        "label": uploads.label(sent.name),
        "media_type": clean.media_type,
        "size": len(clean.content),
        "pages": clean.pages,
        "digest": sent.digest,
        "created_at": now(),
    }


def _kept(draft: DraftRow, actor: Actor) -> StoredDocuments:
    today = to_local(now())
    midnight = datetime.combine(today.date(), time(), today.tzinfo)
    return StoredDocuments(*usage_of_draft(draft.id, actor.consumer_id or 0, midnight))


def _open_draft(actor: Actor, form_token: str) -> DraftRow:
    draft = visible_draft(form_token, actor.consumer_id or 0, now())
    if draft is None or draft.lodged_at is not None:
        raise NotFound
    return draft
