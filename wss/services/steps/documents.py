"""Gives cleaned documents to a request, as many as its limits and the consumer's day allow."""

from collections.abc import Sequence
from datetime import datetime, time

from wss.clock import now, to_local
from wss.domain import uploads
from wss.domain.uploads import AlreadyKept, ReadyDocument, Refusal, Refused
from wss.queries.documents import add_document, kept_on_request, request_has


def keep_documents(
    request_id: int, consumer_id: int | None, ready: Sequence[ReadyDocument]
) -> tuple[list[ReadyDocument], list[Refused]]:
    """Keep the rows of documents that lie in the store already: which were kept, and which not. The request must
    have been moved in this transaction, so that whoever sends more at the same time waits."""
    if not ready:
        return [], []
    kept, so_far = [], _kept_so_far(request_id, consumer_id)
    refused = []
    for each in ready:
        refusal = _refusal(each, so_far, request_id)
        if refusal:
            refused.append(Refused(each.label, refusal))
            continue
        add_document(_columns(each) | {"service_request_id": request_id, "consumer_id": consumer_id})
        so_far = AlreadyKept(so_far.documents_on_request + 1, so_far.bytes_today + each.size)
        kept.append(each)
    return kept, refused


def _refusal(ready: ReadyDocument, so_far: AlreadyKept, request_id: int) -> Refusal | None:
    if ready.digest and request_has(request_id, ready.digest):
        return Refusal.ALREADY_SENT
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


def _kept_so_far(request_id: int, consumer_id: int | None) -> AlreadyKept:
    today = to_local(now())
    midnight = datetime.combine(today.date(), time(), today.tzinfo)
    return AlreadyKept(*kept_on_request(request_id, consumer_id, midnight))
