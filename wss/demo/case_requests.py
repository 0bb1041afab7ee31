"""Complaints of the demo about bills with a known explanation, each with a photo of the meter."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from wss.clock import frozen_at, now
from wss.db import reading
from wss.demo.bulk import form_token
from wss.demo.disputed_cases import CASES, DisputedCase, case_connection
from wss.demo.scenarios import BILL
from wss.demo.stored_photos import add_to_draft, store_photo
from wss.demo.synthetic import Row, SyntheticWorld
from wss.domain.actor import Actor, Role
from wss.queries.demo import bills_as_issued
from wss.services.requests.draft_documents import DocumentStorage
from wss.services.requests.form_drafts import FilledForm
from wss.services.requests.submission import register_draft, save_draft

# The tokens of the other generated forms are below these.
_FIRST_TOKEN = 1_000_000_000


def register_cases(
    world: SyntheticWorld, first_index: int, consumers: Mapping[str, int], storage: DocumentStorage | None
) -> None:
    """Register the complaints of all cases today, one after the other; photos need a document storage."""
    begin = now() - timedelta(minutes=len(CASES))
    for place, case in enumerate(CASES):
        row = case_connection(world, first_index + place)
        with frozen_at(begin + timedelta(minutes=place)):
            consumer = Actor(Role.CONSUMER, str(consumers[row[0]]))
            filled = _filled(world, case, row, place)
            draft = save_draft(consumer, row[0], filled)
            if storage is not None and case.given is not None:
                add_to_draft(store_photo(storage, case.given, row[11]), draft.id, consumer.consumer_id)
            register_draft(consumer, draft.form_token)


def _filled(world: SyntheticWorld, case: DisputedCase, row: Row, place: int) -> FilledForm:
    with reading():
        newest = bills_as_issued(row[0])[0].bill_no
    answers: dict[str, Any] = {"bill_no": [newest], "reason": case.reason, "remarks": case.remarks}
    if case.given is not None:
        answers |= {"reading_kwh": case.given}
    return FilledForm(form_token(world.seed, _FIRST_TOKEN + place), BILL, {}, answers)
