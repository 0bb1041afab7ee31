"""Documents of drafts and requests within their limits; answers, ratings and links that work once."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_consumer, a_household, bill_correction, execute, given, update_rows
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
from tests.fixtures.threads import call_at_once
from wss import clock
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import Action
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.domain.uploads import DocumentKind, NothingStored, ReadyDocument, Refusal, ScanState
from wss.gateways.documents import FolderStore
from wss.gateways.sanitiser import SanitisedDocument
from wss.models import Document, Event, LinkToken, Message, ServiceRequest
from wss.queries.service_requests import visible_request
from wss.services.requests import draft_documents
from wss.services.requests._freeze import set_frozen
from wss.services.requests.actions import answer_by_link, asked_to_confirm, take_action
from wss.services.requests.draft_documents import (
    DocumentStorage,
    UploadedDocument,
    add_documents,
    cleaned,
    remove_document,
)
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft
from wss.services.requests.transition_types import ActionRequest


def ready(number: int, size: int = 10) -> list[ReadyDocument]:
    return [
        ReadyDocument(f"{n:032}", f"photo{n}.jpg", "image/jpeg", size, f"k{n}", ScanState.NOT_SCANNED)
        for n in range(number)
    ]


def the_consumer_acts(household: Household, action: Action, **options: Any) -> Any:
    return take_action(consumer_of(household), NUMBER, ActionRequest(action, **options))


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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE service_request SET frozen = true",
        "UPDATE ownership SET ended_at = created_at",
        "UPDATE link_token SET purpose = 'track'",
    ],
    ids=["the request is frozen", "of a former owner", "of another purpose"],
)
def test_such_a_link_confirms_nothing(complainant: Household, statement: str):
    resolve()
    execute(statement)

    assert (look(token()), answer_by_link(token(), ActionRequest(Action.CONFIRM))) == (None, None)


def test_a_request_without_a_consumer_is_confirmed_by_its_link(complainant: Household):
    update_rows(ServiceRequest, consumer_id=None)
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
    at = frozen_clock.now

    def add(number: int) -> int:
        photo = replace(ready(1)[0], id=f"{number:032}")
        with clock.frozen_at(at):
            try:
                return len(the_consumer_acts(complainant, Action.ADD_DOCUMENT, documents=[photo]).kept)
            except NothingStored:
                return 0

    kept = sum(call_at_once(add, range(8)))

    assert (kept, len(rows(Document)), the_request().version) == (5, 5, 6)


def test_of_two_photos_sent_at_once_one_is_the_answer_and_the_other_is_added(
    complainant: Household, frozen_clock: Any
):
    ask()
    at, seen = frozen_clock.now, the_request().version

    def answer(number: int) -> int:
        photo = replace(ready(1, size=10 + number)[0], id=f"{number:032}")
        with clock.frozen_at(at):
            moved = the_consumer_acts(complainant, Action.ANSWER, documents=[photo], version=seen)
        return len(moved.kept)

    assert sum(call_at_once(answer, range(2))) == 2
    assert [one.action for one in rows(Event)[-2:]] == ["answer", "add_document"]


A_JPEG = b"\xff\xd8\xff a picture"


@pytest.fixture
def household(database: Any) -> Household:
    """Provide a registered household and the catalogue's bill correction."""
    given(*bill_correction())
    return a_household()


@pytest.fixture
def document_storage(tmp_path: Path) -> DocumentStorage:
    """Return a document storage whose sanitiser returns its input."""
    return DocumentStorage(
        FolderStore(tmp_path / "documents"),
        sanitise=lambda content: SanitisedDocument(content, DocumentKind.JPEG),
    )


def a_draft(household: Household) -> str:
    filled = FilledForm(
        new_form_token(), "BILL_CORRECTION", {}, {"bill_no": [household.bill_no], "reason": "other"}
    )
    return save_draft(consumer_of(household), household.account_no, filled).form_token


def documents() -> list[Document]:
    with reading() as session:
        return list(session.execute(sa.select(Document)).scalars())


def kept_files(document_storage: DocumentStorage) -> int:
    assert isinstance(document_storage.store, FolderStore)
    return (
        sum(path.is_file() for path in document_storage.store.root.rglob("*"))
        if document_storage.store.root.exists()
        else 0
    )


def photos(number: int) -> list[UploadedDocument]:
    return [UploadedDocument(f"{n}.jpg", A_JPEG) for n in range(number)]


def test_documents_go_with_the_request(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)
    add_documents(consumer_of(household), token, photos(2), document_storage)

    register_draft(consumer_of(household), token)

    assert [(d.draft_id, d.service_request_id is not None) for d in documents()] == [(None, True)] * 2


def test_the_same_file_chosen_twice_is_taken_once(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)

    for _ in range(2):
        assert add_documents(consumer_of(household), token, photos(2) + photos(1), document_storage) == []

    assert len(documents()) == kept_files(document_storage) == 2


def test_a_sixth_document_is_refused(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)
    add_documents(consumer_of(household), token, photos(5), document_storage)

    refused = add_documents(consumer_of(household), token, photos(1), document_storage)

    assert [each.refusal for each in refused] == [Refusal.TOO_MANY]
    assert len(documents()) == kept_files(document_storage) == 5


def test_many_at_once_do_not_pass_the_limit(
    household: Household, document_storage: DocumentStorage, monkeypatch: pytest.MonkeyPatch
):
    # The slots would admit them one by one.
    monkeypatch.setattr(draft_documents.SLOTS, "taken", lambda sender: nullcontext())
    token = a_draft(household)

    def send(number: int) -> int:
        document = UploadedDocument(f"{number}.jpg", A_JPEG)
        return len(add_documents(consumer_of(household), token, [document], document_storage))

    refused = sum(call_at_once(send, range(10)))

    assert (refused, len(documents()), kept_files(document_storage)) == (5, 5, 5)


@pytest.mark.parametrize(("days", "refusals"), [(0, [Refusal.DAY_LIMIT]), (1, [])])
def test_a_day_has_twenty_megabytes(
    household: Household, document_storage: DocumentStorage, frozen_clock: Any, days: int, refusals: Any
):
    token = a_draft(household)
    add_documents(consumer_of(household), token, photos(1), document_storage)
    update_rows(Document, size=20_000_000)
    frozen_clock.advance(days=days)

    refused = add_documents(consumer_of(household), token, photos(1), document_storage)

    assert [each.refusal for each in refused] == refusals
    assert kept_files(document_storage) == 1


def test_a_strangers_draft_takes_no_document(household: Household, document_storage: DocumentStorage):
    stranger = given(a_consumer())

    with pytest.raises(NotFound):
        add_documents(Actor(Role.CONSUMER, str(stranger.id)), a_draft(household), photos(1), document_storage)


def test_a_registered_form_takes_no_more_documents(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)
    register_draft(consumer_of(household), token)

    with pytest.raises(NotFound):
        add_documents(consumer_of(household), token, photos(1), document_storage)


def test_a_removed_document_leaves_the_store_too(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)
    add_documents(consumer_of(household), token, photos(2), document_storage)

    remove_document(consumer_of(household), token, documents()[0].id, document_storage)

    assert len(documents()) == kept_files(document_storage) == 1


def test_a_document_of_another_draft_cannot_be_removed(
    household: Household, document_storage: DocumentStorage
):
    first, second = a_draft(household), a_draft(household)
    add_documents(consumer_of(household), first, photos(1), document_storage)

    remove_document(consumer_of(household), second, documents()[0].id, document_storage)

    assert len(documents()) == 1


def test_with_a_scanner_a_document_waits_for_its_word(
    household: Household, document_storage: DocumentStorage
):
    scanned = DocumentStorage(document_storage.store, is_scanned=True, sanitise=document_storage.sanitise)

    add_documents(consumer_of(household), a_draft(household), photos(1), scanned)

    assert [document.scan for document in documents()] == ["pending"]


def test_a_store_that_takes_nothing_costs_the_document_and_not_the_form(
    household: Household, document_storage: DocumentStorage, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    token = a_draft(household)
    # As when the disk is full: no file can be written to the folder of documents.
    (tmp_path / "documents").write_bytes(b"")

    refused = add_documents(consumer_of(household), token, photos(1), document_storage)

    assert [each.refusal for each in refused] == [Refusal.STORAGE_FULL]
    assert "could not be stored" in caplog.text
    assert register_draft(consumer_of(household), token)


def test_beyond_an_hours_documents_none_is_worked_on_and_the_form_is_kept(
    household: Household, document_storage: DocumentStorage, monkeypatch: pytest.MonkeyPatch
):
    narrow = replace(ALLOWANCES[Limit.DOCUMENTS], times=2)
    monkeypatch.setitem(ALLOWANCES, Limit.DOCUMENTS, narrow)
    token = a_draft(household)

    refused = add_documents(consumer_of(household), token, photos(3), document_storage)

    assert [each.refusal for each in refused] == [Refusal.STORAGE_FULL]
    assert len(documents()) == 2
    assert register_draft(consumer_of(household), token)


def test_a_stored_file_without_its_step_is_thrown_away(database: Any, document_storage: DocumentStorage):
    with (
        pytest.raises(ZeroDivisionError),
        cleaned([UploadedDocument("a.jpg", A_JPEG)], document_storage, "link x"),
    ):
        raise ZeroDivisionError

    assert kept_files(document_storage) == 0


def test_a_stored_file_that_was_kept_stays(database: Any, document_storage: DocumentStorage):
    with cleaned(
        [UploadedDocument("a.jpg", A_JPEG), UploadedDocument("b.jpg", A_JPEG)], document_storage, "link x"
    ) as files:
        files.keep(files.ready[:1])

    assert kept_files(document_storage) == 1
