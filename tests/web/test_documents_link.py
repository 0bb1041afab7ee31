"""The link for sending documents: valid for a week, within all limits, and showing nothing."""

import io
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import MOBILE, Household
from tests.fixtures.complaint_handling import NUMBER, rows, the_request
from tests.fixtures.consumer_session import a_photo
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain import uploads
from wss.models import AuditEntry, Document, Event, ServiceRequest
from wss.services.requests.request_links import documents_path

TELLING = (NUMBER, "100 0000", "Bill", "Pooja", "7950761921", "meter.jpg", "750", MOBILE)


@pytest.fixture
def path(app: Any, complainant: Household) -> str:
    """Return the path of the link in the SMS about the household's complaint."""
    with transaction():
        return documents_path(the_request().id)


def send(visitor: Visitor, path: str, *documents: tuple[io.BytesIO, str]) -> Page:
    return visitor.fill(f"{path}?lang=en", form=path, documents=list(documents or [a_photo()]))


def test_documents_reach_the_request(visitor: Visitor, path: str):
    page = send(visitor, path, a_photo("meter.jpg"), a_photo("bill.jpg"))

    assert (page.status, page.location) == (303, "/arrived?number=2")
    assert {one.service_request_id for one in rows(Document)} == {the_request().id}
    assert rows(Event)[-1].details["documents"] == sorted(
        (one.id for one in rows(Document)), key=rows(Event)[-1].details["documents"].index
    )
    assert [(one.deed, one.role) for one in rows(AuditEntry)] == [("add_document", "consumer")]


def test_the_page_shows_nothing_of_the_request_before_or_after(visitor: Visitor, path: str):
    pages = [visitor.get(f"{path}?lang=en"), send(visitor, path), visitor.get(path)]
    pages.append(visitor.get(f"{pages[1].location}&lang=en"))

    for page in pages:
        shown = page.html[page.html.find("<main") :]
        assert [word for word in TELLING if word in shown] == []


def test_it_works_again_for_a_week(visitor: Visitor, path: str, frozen_clock: Any):
    send(visitor, path)
    frozen_clock.advance(days=6, hours=23)
    again = send(visitor, path)
    frozen_clock.advance(hours=2)

    assert (again.status, visitor.get(path).status) == (303, 404)


def test_a_document_that_is_sent_again_is_the_one_that_is_there(visitor: Visitor, path: str, app: Any):
    send(visitor, path)

    again = send(visitor, path)

    assert again.location == "/arrived?number=1" and len(rows(Document)) == 1
    assert rows(Event)[-1].details["documents"] == [rows(Document)[0].id]
    assert len([each for each in app.extensions["wss"].gateways.documents.root.rglob("*.*")]) == 1


@pytest.mark.parametrize("remark", ["", "x"])
def test_without_a_document_nothing_is_sent(visitor: Visitor, path: str, remark: str):
    page = visitor.fill(f"{path}?lang=en", form=path, remark=remark)

    assert page.status == 422 and "Choose a document first" in page.text and len(rows(Event)) == 1


def test_what_cannot_be_taken_is_named_and_the_rest_stays(visitor: Visitor, path: str):
    page = send(visitor, path, a_photo("meter.jpg"), (io.BytesIO(b"MZ"), "virus.exe"))

    assert page.status == 422 and "virus.exe could not be added: it is not a JPEG, PNG or PDF" in page.text
    assert "1 document has arrived" in page.text and len(rows(Document)) == 1


def test_a_request_takes_five_however_they_come(visitor: Visitor, path: str):
    send(visitor, path, *(a_photo(f"{number}.jpg") for number in range(4)))

    page = send(visitor, path, a_photo("5.jpg"), a_photo("6.jpg"))

    assert page.status == 422 and "6.jpg could not be added: there can be 5" in page.text
    assert len(rows(Document)) == 5


@pytest.mark.parametrize("registered", [True, False])
def test_the_days_limit_holds_with_and_without_a_registered_consumer(
    visitor: Visitor, path: str, registered: bool, monkeypatch: pytest.MonkeyPatch
):
    if not registered:
        with transaction() as session:
            session.execute(sa.update(ServiceRequest).values(consumer_id=None))
    send(visitor, path)
    monkeypatch.setattr(uploads, "STORED_BYTES_PER_DAY", rows(Document)[0].size + 10)

    page = send(visitor, path)

    assert page.status == 422 and "sent 20 MB today" in page.text and len(rows(Document)) == 1


def test_too_much_at_once_is_refused_whole(visitor: Visitor, path: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "BYTES_PER_UPLOAD", 100)

    assert send(visitor, path).status == 413 and rows(Document) == []


@pytest.mark.parametrize("now", ["frozen", "withdrawn"])
def test_of_a_request_that_is_stopped_or_over_it_takes_nothing(visitor: Visitor, path: str, now: str):
    page = visitor.get(path)
    columns: dict[str, Any] = {"frozen": True} if now == "frozen" else {"status": "withdrawn"}
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(**columns))

    late = visitor.send(page, path, form=path, documents=[a_photo()])

    assert (visitor.get(path).status, late.status, rows(Document)) == (404, 404, [])


@pytest.mark.parametrize("number", ["1", "5", "6", "x", ""])
def test_the_last_page_says_how_many(visitor: Visitor, number: str):
    page = visitor.get(f"/arrived?number={number}&lang=en")

    assert f"{number} documents have" in page.text if number == "5" else "1 document has" in page.text
