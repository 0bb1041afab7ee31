"""The documents of a request: officers see them inline, and save them under harmless names."""

import re
import zlib
from typing import Any

import pytest

from tests.factories import given
from tests.fixtures.complaint_handling import the_request
from tests.fixtures.download_names import has_right_extension
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import PATH, act
from wss.clock import now
from wss.gateways.document_pictures import PagePicture, write_pdf
from wss.models import Document
from wss.services.requests import draft_documents
from wss.services.requests.draft_documents import storage_of


def a_document(app: Any, content: bytes, **columns: Any) -> str:
    """A document of the request that lies in the store; the address of its download."""
    request, key = the_request(), storage_of(app.extensions["wss"].gateways).store.put(content, "pdf")
    facts = {
        "label": "Bill.html",
        "media_type": "application/pdf",
        "scan": "not_scanned",
        "pages": 2,
        **columns,
    }
    given(
        Document(
            id="d" * 32,
            consumer_id=request.consumer_id,
            service_request_id=request.id,
            size=len(content),
            storage_key=key,
            created_at=now(),
            **facts,
        )
    )
    return f"{PATH}/documents/{'d' * 32}"


def two_pages() -> bytes:
    pages = [PagePicture(zlib.compress(bytes(40_000)), (200, 200), (100, 100), is_exact=True)] * 2
    return write_pdf(pages)


def test_the_pages_of_a_pdf_are_seen_in_place(clerk: Visitor, app: Any):
    address = a_document(app, two_pages())

    page = clerk.get(f"{PATH}/documents")
    pictures = [
        clerk.get(source) for source in re.findall(r'<img src="([^"]+)"', page.html.replace("&amp;", "&"))
    ]

    assert "Documents (1)" in page.text and "PDF, 2 pages" in page.text
    assert [picture.headers["Content-Type"] for picture in pictures] == [
        "image/jpeg",
        "image/png",
        "image/png",
    ]
    for picture in pictures:
        assert picture.headers["Content-Disposition"].startswith("inline; ")
        assert has_right_extension(picture.response)
        assert picture.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert clerk.get(f"{address}/page/3").status == 404


def test_an_exact_page_that_is_looked_at_again_is_not_drawn_again(
    clerk: Visitor, app: Any, monkeypatch: pytest.MonkeyPatch
):
    address = a_document(app, two_pages())
    first = clerk.get(f"{address}/page/1")
    monkeypatch.setattr(draft_documents, "picture_of_page", lambda *_asked: None)

    assert (first.status, clerk.get(f"{address}/page/1").status) == (200, 200)


def test_the_documents_are_shown_next_to_the_figures_of_a_revision(clerk: Visitor, app: Any):
    address = a_document(app, two_pages())
    act(clerk, "take_up")

    assert f'src="{address}/page/1"' in clerk.get(f"{PATH}/revision").html


def test_a_download_is_named_by_the_kind_that_was_kept(clerk: Visitor, app: Any):
    assert "Bill.pdf" in clerk.get(a_document(app, two_pages())).headers["Content-Disposition"]


def test_a_pdf_from_before_its_pages_were_drawn_is_offered_as_a_file(clerk: Visitor, app: Any):
    address = a_document(app, b"%PDF-1.4 of old", pages=None)

    assert address in clerk.get(f"{PATH}/documents").links and clerk.get(f"{address}/page/1").status == 404
