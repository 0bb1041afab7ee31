"""Complaints of the demo about bills with a known explanation, each with a photo of the meter."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from wss.clock import frozen_at, now
from wss.db import reading, transaction
from wss.demo.bulk import form_token
from wss.demo.disputed_cases import CASES, DisputedCase, case_connection
from wss.demo.meter_photo import meter_photo
from wss.demo.scenarios import BILL
from wss.demo.synthetic import Row, SyntheticWorld
from wss.domain.actor import Actor, Role
from wss.domain.uploads import DocumentKind, ScanState, upload_key
from wss.queries.demo import bill_numbers_of
from wss.queries.documents import add_document
from wss.queries.service_requests import visible_request
from wss.services.requests.draft_documents import DocumentStorage
from wss.services.requests.form_drafts import FilledForm
from wss.services.requests.submission import register_draft, save_draft

# The tokens of the other generated forms are below these.
_FIRST_TOKEN = 1_000_000_000
_PHOTO = "meter"


def register_cases(
    world: SyntheticWorld, first_index: int, consumers: Mapping[str, int], storage: DocumentStorage | None
) -> None:
    """Register the complaints of all cases today, one after the other; photos need a document storage."""
    begin = now() - timedelta(minutes=len(CASES))
    for place, case in enumerate(CASES):
        row = case_connection(world, first_index + place)
        with frozen_at(begin + timedelta(minutes=place)):
            consumer = Actor(Role.CONSUMER, str(consumers[row[0]]))
            number = _register(world, case, consumer, row, place)
            if storage is not None and case.given is not None:
                _add_photo(consumer, number, meter_photo(case.given, row[11]), storage)


def _register(world: SyntheticWorld, case: DisputedCase, consumer: Actor, row: Row, place: int) -> str:
    with reading():
        [(newest, _issued), *_] = bill_numbers_of(row[0])
    answers: dict[str, Any] = {"bill_no": [newest], "reason": case.reason, "remarks": "कृपया जाँच करें।"}
    if case.given is not None:
        answers |= {"reading_kwh": case.given}
    filled = FilledForm(form_token(world.seed, _FIRST_TOKEN + place), BILL, {}, answers)
    return register_draft(consumer, save_draft(consumer, row[0], filled).form_token)


def _add_photo(consumer: Actor, complaint_no: str, content: bytes, storage: DocumentStorage) -> None:
    """Store a photo that was drawn here: it needs neither cleaning nor a scan."""
    key = storage.store.put(content, DocumentKind.JPEG.value)
    with transaction():
        add_document(
            {
                "id": secrets.token_hex(16),
                "service_request_id": visible_request(consumer, complaint_no, now()).id,
                "consumer_id": consumer.consumer_id,
                "label": _PHOTO,
                "media_type": DocumentKind.JPEG.media_type,
                "size": len(content),
                "pages": None,
                "digest": upload_key(_PHOTO, content),
                "storage_key": key,
                "scan": ScanState.NOT_SCANNED.value,
                "created_at": now(),
            }
        )
