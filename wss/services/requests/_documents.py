"""Documents of a request: stores cleaned documents within the limits of the request and the consumer's day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from wss.clock import now, to_local
from wss.domain import uploads
from wss.domain.uploads import ReadyDocument, Refusal, RefusedDocument, StoredDocuments
from wss.queries.documents import add_document, same_in_request, usage_of_request
from wss.queries.stored_triage import mark_triage_due


def keep_documents(
    request_id: int, consumer_id: int | None, ready: Sequence[ReadyDocument]
) -> tuple[list[ReadyDocument], list[RefusedDocument]]:
    """Add the rows of documents whose files are stored already; return those kept and those refused. The request's
    row must have been updated in this transaction, so that concurrent uploads wait."""
    if not ready:
        return [], []
    kept: list[ReadyDocument] = []
    so_far = _kept_so_far(request_id, consumer_id)
    refused = []
    for each in ready:
        refusal = _refusal(each, so_far)
        if refusal:
            refused.append(RefusedDocument(each.label, refusal))
            continue
        same = same_in_request(request_id, each.digest) if each.digest else None
        if same is not None:
            # Sent again, it is the document that the request has already: the caller deletes the second copy.
            kept.append(replace(each, id=same))
            continue
        add_document(_columns(each) | {"service_request_id": request_id, "consumer_id": consumer_id})
        so_far = StoredDocuments(so_far.documents_on_request + 1, so_far.bytes_today + each.size)
        kept.append(each)
    if kept:
        mark_triage_due(request_id)
    return kept, refused


def _refusal(ready: ReadyDocument, so_far: StoredDocuments) -> Refusal | None:
    if so_far.documents_on_request >= uploads.DOCUMENTS_PER_REQUEST:
        return Refusal.TOO_MANY
    return uploads.refusal_of_storing(ready.size, so_far)


def _columns(ready: ReadyDocument) -> dict[str, object]:
    return {
        "id": ready.id,
        "label": ready.label,
        "media_type": ready.media_type,
        "size": ready.size,
        "pages": ready.pages,
        "digest": ready.digest,
        "storage_key": ready.storage_key,
        "scan": ready.scan.value,
        "created_at": now(),
    }


def _kept_so_far(request_id: int, consumer_id: int | None) -> StoredDocuments:
    today = to_local(now())
    midnight = datetime.combine(today.date(), time(), today.tzinfo)
    return StoredDocuments(*usage_of_request(request_id, consumer_id, midnight))
