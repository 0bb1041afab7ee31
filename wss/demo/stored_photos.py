"""Photos of meters, drawn and stored as the documents of a draft or of an answer."""

import secrets

from wss.clock import now
from wss.db import transaction
from wss.demo.meter_photo import meter_photo
from wss.domain.uploads import DocumentKind, ReadyDocument, ScanState, upload_key
from wss.queries.documents import add_document
from wss.services.requests.draft_documents import DocumentStorage

_LABEL = "meter"


def store_photo(storage: DocumentStorage, reading: int | None, meter_no: str) -> ReadyDocument:
    """Store a photo that was drawn here: it needs neither cleaning nor a scan."""
    content, kind = meter_photo(reading, meter_no), DocumentKind.JPEG
    return ReadyDocument(
        id=secrets.token_hex(16),
        label=_LABEL,
        media_type=kind.media_type,
        size=len(content),
        storage_key=storage.store.put(content, kind.value),
        scan=ScanState.NOT_SCANNED,
        digest=upload_key(_LABEL, content),
    )


def add_to_draft(photo: ReadyDocument, draft_id: int, consumer_id: int | None) -> None:
    """Add a stored photo to a draft, with which it is registered."""
    with transaction():
        add_document(
            {
                "id": photo.id,
                "draft_id": draft_id,
                "consumer_id": consumer_id,
                "label": photo.label,
                "media_type": photo.media_type,
                "size": photo.size,
                "pages": photo.pages,
                "digest": photo.digest,
                "storage_key": photo.storage_key,
                "scan": photo.scan.value,
                "created_at": now(),
            }
        )
