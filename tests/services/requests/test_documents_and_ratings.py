"""A consumer's actions on a request: documents, ratings, and links that work once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household
from tests.fixtures.complaint_handling import (
    CLERK,
    NUMBER,
    ask,
    consumer_of,
    office_acts,
    path_of,
    resolve,
    rows,
    the_request,
)
from wss import clock
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import Action
from wss.domain.uploads import DocumentKind, NothingStored, ReadyDocument, Refusal, ScanState
from wss.gateways.documents import FolderStore
from wss.gateways.sanitiser import SanitisedDocument
from wss.models import Document, Event, LinkToken, Message, ServiceRequest
from wss.queries.service_requests import visible_request
from wss.services.requests._freeze import set_frozen
from wss.services.requests.actions import answer_by_link, asked_to_confirm, take_action
from wss.services.requests.draft_documents import DocumentStorage, UploadedDocument, cleaned
from wss.services.requests.transition_types import ActionRequest

A_JPEG = b"\xff\xd8\xff a picture"


@pytest.fixture
def document_storage(tmp_path: Path) -> DocumentStorage:
    """Return a document storage whose sanitiser returns its input."""
    return DocumentStorage(
        FolderStore(tmp_path / "documents"),
        sanitise=lambda content: SanitisedDocument(content, DocumentKind.JPEG),
    )


def files_of(document_storage: DocumentStorage) -> int:
    assert isinstance(document_storage.store, FolderStore)
    return (
        sum(path.is_file() for path in document_storage.store.root.rglob("*"))
        if document_storage.store.root.exists()
        else 0
    )


def ready(number: int, size: int = 10) -> list[ReadyDocument]:
    return [
        ReadyDocument(f"{n:032}", f"photo{n}.jpg", "image/jpeg", size, f"k{n}", ScanState.NOT_SCANNED)
        for n in range(number)
    ]


def the_consumer_acts(household: Household, action: Action, **wishes: Any) -> Any:
    return take_action(consumer_of(household), NUMBER, ActionRequest(action, **wishes))


def token() -> str:
    return path_of("resolved").rpartition("/")[2]


def look(link: str) -> str | None:
    with reading():
        seen = asked_to_confirm(link)
    return seen.complaint_no if seen else None


def test_an_answer_carries_its_documents(complainant: Household):
    ask()

    moved = the_consumer_acts(complainant, Action.ANSWER, remark="Here.", documents=ready(2))

    assert (moved.status, len(moved.kept)) == ("in_review", 2)
    assert [document.service_request_id for document in rows(Document)] == [the_request().id] * 2
    assert rows(Event)[-1].details["documents"] == [f"{n:032}" for n in range(2)]


def test_documents_added_later_are_a_line_of_the_timeline(complainant: Household):
    the_consumer_acts(complainant, Action.ADD_DOCUMENT, documents=ready(1))

    assert (rows(Event)[-1].action, the_request().status) == ("add_document", "registered")


def test_a_document_is_the_answer_while_the_office_asks(complainant: Household, frozen_clock: Any):
    ask()
    frozen_clock.advance(days=3)

    moved = the_consumer_acts(complainant, Action.ADD_DOCUMENT, documents=ready(1))

    row, line = the_request(), rows(Event)[-1]
    assert (moved.status, line.action, line.details["documents"]) == ("in_review", "answer", [f"{0:032}"])
    assert (row.promised_on, row.clock_from) == (date(2026, 12, 5), frozen_clock.now)


@pytest.mark.parametrize("action", [Action.ADD_DOCUMENT, Action.ANSWER])
def test_what_cannot_be_kept_leaves_the_question_open(complainant: Household, action: Action):
    ask()

    with pytest.raises(NothingStored):
        the_consumer_acts(complainant, action, documents=ready(1, size=21_000_000))

    assert the_request().status == "info_requested"


def test_an_answer_without_words_and_documents_is_none(complainant: Household):
    ask()

    with pytest.raises(NothingStored):
        the_consumer_acts(complainant, Action.ANSWER, remark=" ")


def test_a_photo_that_was_sent_as_an_answer_after_the_answer_is_added(complainant: Household):
    ask()
    seen = the_request().version
    the_consumer_acts(complainant, Action.ANSWER, remark="It says 1051.", version=seen)

    late = {"remark": "And the photo.", "documents": ready(1), "version": seen}
    the_consumer_acts(complainant, Action.ANSWER, **late)

    assert [(one.action, one.remark) for one in rows(Event)[-2:]] == [
        ("answer", "It says 1051."),
        ("add_document", "And the photo."),
    ]


def test_words_for_an_earlier_question_do_not_answer_the_next(complainant: Household):
    ask()
    seen = the_request().version
    office_acts(CLERK, Action.WITHDRAW_QUESTION)
    office_acts(CLERK, Action.ASK)

    with pytest.raises(Outdated):
        the_consumer_acts(complainant, Action.ANSWER, remark="Yes.", version=seen)


def test_an_answer_is_taken_whatever_else_has_happened_since_the_question(complainant: Household):
    ask()
    seen = the_request().version
    for frozen in (True, False):
        with transaction():
            set_frozen(SYSTEM, visible_request(SYSTEM, NUMBER, clock.now()), frozen)

    the_consumer_acts(complainant, Action.ANSWER, remark="Yes.", version=seen)

    assert the_request().status == "in_review"


def test_the_sixth_document_is_left_out_and_the_others_stay(complainant: Household):
    moved = the_consumer_acts(complainant, Action.ADD_DOCUMENT, documents=ready(6))

    assert len(rows(Document)) == 5
    assert [(each.label, each.refusal) for each in moved.refused] == [("photo5.jpg", Refusal.TOO_MANY)]


def test_beyond_the_days_bytes_nothing_is_kept_and_nothing_happens(complainant: Household):
    with pytest.raises(NothingStored):
        the_consumer_acts(complainant, Action.ADD_DOCUMENT, documents=ready(1, size=21_000_000))

    assert (the_request().version, len(rows(Event)), rows(Document)) == (1, 1, [])


def test_a_stored_file_without_its_step_is_thrown_away(database: Any, document_storage: DocumentStorage):
    with (
        pytest.raises(ZeroDivisionError),
        cleaned([UploadedDocument("a.jpg", A_JPEG)], document_storage, "link x"),
    ):
        raise ZeroDivisionError

    assert files_of(document_storage) == 0


def test_a_stored_file_that_was_kept_stays(database: Any, document_storage: DocumentStorage):
    with cleaned(
        [UploadedDocument("a.jpg", A_JPEG), UploadedDocument("b.jpg", A_JPEG)], document_storage, "link x"
    ) as files:
        files.keep(files.ready[:1])

    assert files_of(document_storage) == 1


def test_a_rating_is_kept_with_its_event_once(complainant: Household):
    resolve()
    the_consumer_acts(complainant, Action.CONFIRM)
    the_consumer_acts(complainant, Action.RATE, rating=4)

    assert rows(Event)[-1].details["rating"] == 4
    with pytest.raises(Forbidden, match="rated_already"):
        the_consumer_acts(complainant, Action.RATE, rating=1)


@pytest.mark.parametrize("rating", [None, 0, 6])
def test_a_rating_is_one_to_five(complainant: Household, rating: int | None):
    resolve()
    the_consumer_acts(complainant, Action.CONFIRM)

    with pytest.raises(Forbidden, match="rating_required"):
        the_consumer_acts(complainant, Action.RATE, rating=rating)


def test_the_link_confirms_once(complainant: Household):
    resolve()
    link = token()

    assert answer_by_link(link, ActionRequest(Action.CONFIRM)) is not None
    assert answer_by_link(link, ActionRequest(Action.CONFIRM)) is None
    assert (the_request().status, the_request().closing) == ("closed", "confirmed")


def test_looking_uses_no_link_up(complainant: Household):
    resolve()
    link = token()

    assert [look(link) for _ in range(10)] == [NUMBER] * 10


def test_a_link_ends_when_the_request_moves(complainant: Household):
    resolve()
    link = token()
    the_consumer_acts(complainant, Action.REFUSE, remark="Not settled.")
    resolve()

    assert (look(link), look(token())) == (None, NUMBER)


def test_a_frozen_request_is_not_confirmed_by_link(complainant: Household):
    resolve()
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(frozen=True))

    assert (look(token()), answer_by_link(token(), ActionRequest(Action.CONFIRM))) == (None, None)


def test_a_former_owners_link_confirms_nothing(complainant: Household, frozen_clock: Any):
    resolve()
    with transaction() as session:
        session.execute(sa.text("UPDATE ownership SET ended_at = :at"), {"at": str(frozen_clock.now)})

    assert answer_by_link(token(), ActionRequest(Action.CONFIRM)) is None


def test_a_link_of_another_purpose_confirms_nothing(complainant: Household):
    resolve()
    with transaction() as session:
        session.execute(sa.update(LinkToken).values(purpose="track"))

    assert answer_by_link(token(), ActionRequest(Action.CONFIRM)) is None


def test_a_request_without_a_consumer_is_confirmed_by_its_link(complainant: Household):
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(consumer_id=None))
    resolve()

    assert answer_by_link(token(), ActionRequest(Action.CONFIRM)) is not None


def test_of_a_link_only_its_hash_is_kept_once_the_sms_is_out(complainant: Household, app: Any):
    resolve()
    link = token()
    for sender in app.extensions["wss"].gateways.senders.values():
        sender.is_development = False

    app.extensions["wss"].outbox.deliver_due()

    assert all(link not in str(vars(row)) for row in (*rows(LinkToken), *rows(Message)))
    assert {message.text_sealed for message in rows(Message) if message.notice == "resolved_not_needed"} == {
        ""
    }


def test_the_short_link_ends_ninety_days_after_the_end(complainant: Household, frozen_clock: Any):
    with transaction() as session:
        session.add(
            LinkToken(
                token_hash="x",
                purpose="track",
                subject=f"request:{the_request().id}",
                created_at=frozen_clock.now,
                expires_at=frozen_clock.now + timedelta(days=3650),
            )
        )

    the_consumer_acts(complainant, Action.WITHDRAW)

    [track] = rows(LinkToken)
    assert track.expires_at == frozen_clock.now + timedelta(days=90)


def test_of_many_documents_sent_at_once_five_stay_without_a_conflict(
    complainant: Household, frozen_clock: Any
):
    at, at_once = frozen_clock.now, threading.Barrier(8)

    def add(number: int) -> int:
        photo = replace(ready(1)[0], id=f"{number:032}")
        with clock.frozen_at(at):
            at_once.wait()
            try:
                return len(the_consumer_acts(complainant, Action.ADD_DOCUMENT, documents=[photo]).kept)
            except NothingStored:
                return 0

    with ThreadPoolExecutor(8) as phones:
        kept = sum(phones.map(add, range(8)))

    assert (kept, len(rows(Document)), the_request().version) == (5, 5, 6)


def test_of_two_photos_sent_at_once_one_is_the_answer_and_the_other_is_added(
    complainant: Household, frozen_clock: Any
):
    ask()
    at, seen, at_once = frozen_clock.now, the_request().version, threading.Barrier(2)

    def answer(number: int) -> int:
        photo = replace(ready(1, size=10 + number)[0], id=f"{number:032}")
        with clock.frozen_at(at):
            at_once.wait()
            wishes = {"documents": [photo], "version": seen}
            return len(the_consumer_acts(complainant, Action.ANSWER, **wishes).kept)

    with ThreadPoolExecutor(2) as phones:
        assert sum(phones.map(answer, range(2))) == 2
    assert [one.action for one in rows(Event)[-2:]] == ["answer", "add_document"]
