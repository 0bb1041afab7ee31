"""Documents of a draft stay within the limits, also when uploaded in parallel."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_consumer, a_household, bill_correction, given
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import NotFound
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.domain.uploads import DocumentKind, Refusal
from wss.gateways.documents import FolderStore
from wss.gateways.sanitiser import SanitisedDocument
from wss.models import Document
from wss.services.requests import draft_documents
from wss.services.requests.draft_documents import (
    DocumentStorage,
    UploadedDocument,
    add_documents,
    remove_document,
)
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft

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


def actor_of(household: Household) -> Actor:
    assert household.consumer is not None
    return Actor(Role.CONSUMER, str(household.consumer.id))


def a_draft(household: Household) -> str:
    filled = FilledForm(
        new_form_token(), "BILL_CORRECTION", {}, {"bill_no": [household.bill_no], "reason": "other"}
    )
    return save_draft(actor_of(household), household.account_no, filled).form_token


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
    add_documents(actor_of(household), token, photos(2), document_storage)

    register_draft(actor_of(household), token)

    assert [(d.draft_id, d.service_request_id is not None) for d in documents()] == [(None, True)] * 2


def test_the_same_file_chosen_twice_is_taken_once(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)

    for _ in range(2):
        assert add_documents(actor_of(household), token, photos(2) + photos(1), document_storage) == []

    assert len(documents()) == kept_files(document_storage) == 2


def test_a_sixth_document_is_refused(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)
    add_documents(actor_of(household), token, photos(5), document_storage)

    refused = add_documents(actor_of(household), token, photos(1), document_storage)

    assert [each.refusal for each in refused] == [Refusal.TOO_MANY]
    assert len(documents()) == kept_files(document_storage) == 5


def test_many_at_once_do_not_pass_the_limit(
    household: Household, document_storage: DocumentStorage, monkeypatch: pytest.MonkeyPatch
):
    # The places would let them in one by one.
    monkeypatch.setattr(draft_documents.SLOTS, "taken", lambda sender: nullcontext())
    token, at_once = a_draft(household), threading.Barrier(10)

    def send(number: int) -> int:
        at_once.wait()
        return len(
            add_documents(
                actor_of(household), token, [UploadedDocument(f"{number}.jpg", A_JPEG)], document_storage
            )
        )

    with ThreadPoolExecutor(10) as people:
        refused = sum(people.map(send, range(10)))

    assert (refused, len(documents()), kept_files(document_storage)) == (5, 5, 5)


def test_a_day_has_twenty_megabytes(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)
    add_documents(actor_of(household), token, photos(1), document_storage)
    with transaction() as session:
        session.execute(sa.update(Document).values(size=20_000_000))

    refused = add_documents(actor_of(household), token, photos(1), document_storage)

    assert [each.refusal for each in refused] == [Refusal.DAY_LIMIT]
    assert kept_files(document_storage) == 1


def test_the_next_day_uploads_are_accepted_again(
    household: Household, document_storage: DocumentStorage, frozen_clock: Any
):
    token = a_draft(household)
    add_documents(actor_of(household), token, photos(1), document_storage)
    with transaction() as session:
        session.execute(sa.update(Document).values(size=20_000_000))
    frozen_clock.advance(days=1)

    assert add_documents(actor_of(household), token, photos(1), document_storage) == []


def test_a_strangers_draft_takes_no_document(household: Household, document_storage: DocumentStorage):
    stranger = given(a_consumer())

    with pytest.raises(NotFound):
        add_documents(Actor(Role.CONSUMER, str(stranger.id)), a_draft(household), photos(1), document_storage)


def test_a_registered_form_takes_no_more_documents(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)
    register_draft(actor_of(household), token)

    with pytest.raises(NotFound):
        add_documents(actor_of(household), token, photos(1), document_storage)


def test_a_removed_document_leaves_the_store_too(household: Household, document_storage: DocumentStorage):
    token = a_draft(household)
    add_documents(actor_of(household), token, photos(2), document_storage)

    remove_document(actor_of(household), token, documents()[0].id, document_storage)

    assert len(documents()) == kept_files(document_storage) == 1


def test_a_document_of_another_draft_cannot_be_removed(
    household: Household, document_storage: DocumentStorage
):
    first, second = a_draft(household), a_draft(household)
    add_documents(actor_of(household), first, photos(1), document_storage)

    remove_document(actor_of(household), second, documents()[0].id, document_storage)

    assert len(documents()) == 1


def test_with_a_scanner_a_document_waits_for_its_word(
    household: Household, document_storage: DocumentStorage
):
    scanned = DocumentStorage(document_storage.store, is_scanned=True, sanitise=document_storage.sanitise)

    add_documents(actor_of(household), a_draft(household), photos(1), scanned)

    assert [document.scan for document in documents()] == ["pending"]


def test_a_store_that_takes_nothing_costs_the_document_and_not_the_form(
    household: Household, document_storage: DocumentStorage, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    token = a_draft(household)
    # As when the disk is full: no file can be written to the folder of documents.
    (tmp_path / "documents").write_bytes(b"")

    refused = add_documents(actor_of(household), token, photos(1), document_storage)

    assert [each.refusal for each in refused] == [Refusal.STORAGE_FULL]
    assert "could not be stored" in caplog.text
    assert register_draft(actor_of(household), token)


def test_beyond_an_hours_documents_none_is_worked_on_and_the_form_is_kept(
    household: Household, document_storage: DocumentStorage, monkeypatch: pytest.MonkeyPatch
):
    narrow = replace(ALLOWANCES[Limit.DOCUMENTS], times=2)
    monkeypatch.setitem(ALLOWANCES, Limit.DOCUMENTS, narrow)
    token = a_draft(household)

    refused = add_documents(actor_of(household), token, photos(3), document_storage)

    assert [each.refusal for each in refused] == [Refusal.STORAGE_FULL]
    assert len(documents()) == 2
    assert register_draft(actor_of(household), token)
