"""Following a request through the pages: its timeline, its documents, its slip."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.factories import Household, a_service_request
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import rows
from tests.fixtures.consumer_session import a_photo, fill, form_of, lodge
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.models import Document


def test_a_document_is_kept_without_what_the_camera_wrote(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family, documents=[a_photo()])
    [document] = rows(Document)

    answer = consumer_visitor.get(f"/requests/{number}/documents/{document.id}")

    assert answer.status == 200
    assert len(Image.open(io.BytesIO(answer.response.data)).getexif()) == 0
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_a_photo_is_seen_in_place(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family, documents=[a_photo()])
    address = f"/requests/{number}/documents/{rows(Document)[0].id}/page/1"

    page, small = consumer_visitor.get(f"/requests/{number}"), consumer_visitor.get(f"{address}?size=small")

    assert f'src="{address}?size=small"' in page.html and address in page.links
    assert small.headers["Content-Disposition"].startswith("inline; ")
    assert max(Image.open(io.BytesIO(small.response.data)).size) <= 100 and len(small.response.data) <= 3_000


def test_the_limits_are_reported_before_a_document_is_chosen(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family)

    for page in (consumer_visitor.get(form_of(family)), consumer_visitor.get(f"/requests/{number}")):
        assert "up to 50 pages" in page.text and "up to 200 megapixels" in page.text


def test_a_photo_that_waits_with_the_form_is_seen_there(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family, documents=[a_photo()])

    [address] = [link for link in consumer_visitor.get(form_of(family)).links if "/page/1" in link]

    assert consumer_visitor.get(address).headers["Content-Type"] == "image/jpeg"


def test_a_refused_document_costs_neither_form_nor_the_other_documents(
    consumer_visitor: Visitor, family: Household
):
    page = fill(
        consumer_visitor, family, remarks="kept", documents=[a_photo(), (io.BytesIO(b"<svg/>"), "x.svg")]
    )

    assert page.status == 422
    assert "x.svg could not be added: it is not a JPEG, PNG or PDF" in page.text
    assert "meter.jpg" in page.text and page.form(having="form_token").fields["remarks"] == ["kept"]


def test_a_document_can_be_removed(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family, documents=[a_photo()])
    [document] = rows(Document)

    page = fill(consumer_visitor, family, remove=document.id)

    assert rows(Document) == []
    assert "request=BILL_CORRECTION" in page.location


def test_a_name_of_a_document_is_only_a_label(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family, documents=[a_photo("../../<script>alert(1)</script>\u202egpj.exe")])

    [document] = rows(Document)
    page = consumer_visitor.get(form_of(family))

    assert "/" not in document.label.replace("</script>", "") and "\u202e" not in document.label
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("scan", ["pending", "infected"])
def test_a_document_that_is_not_cleared_is_withheld(consumer_visitor: Visitor, family: Household, scan: str):
    number = lodge(consumer_visitor, family, documents=[a_photo()])
    with transaction() as session:
        session.execute(sa.update(Document).values(scan=scan))

    links = consumer_visitor.get(f"/requests/{number}").links

    assert [link for link in links if "/documents/" in link] == []
    assert consumer_visitor.get(f"/requests/{number}/documents/{rows(Document)[0].id}").status == 404


def test_the_timeline_shows_what_was_asked_and_who_has_it(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family, remarks="Nobody came.")

    page = consumer_visitor.get(f"/requests/{number}")

    assert "Complaint registered" in page.text and "Nobody came." in page.text and "05222140891" in page.text
    assert "SMS being sent" in page.text


def test_a_timeline_without_news_answers_in_few_bytes(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family)

    page = consumer_visitor.get(f"/requests/{number}?v=1", htmx=True)

    assert page.status == 204
    head = sum(len(name) + len(value) + 4 for name, value in page.headers.items())
    assert head + len("HTTP/1.1 204 NO CONTENT\r\n\r\n") <= 300


def test_a_timeline_with_news_answers_its_part(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family)

    page = consumer_visitor.get(f"/requests/{number}?v=0", htmx=True)

    assert page.status == 200 and "<html" not in page.html
    assert page.find("request") is not None


def test_a_closed_request_stops_the_asking(consumer_visitor: Visitor, family: Household):
    a_service_request(family, status="closed", closing="confirmed")

    page = consumer_visitor.get("/requests/10000000016?v=1", htmx=True)

    assert page.status == 286
    assert "hx-get" not in page.html


def test_words_of_a_consumer_are_never_html(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family, remarks="<img src=x onerror=alert(1)> {{7*7}}")

    html = consumer_visitor.get(f"/requests/{number}").html

    assert "<img" not in html and "&lt;img src=x" in html and "{{7*7}}" in html


def test_the_timeline_says_what_comes_next(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family)

    assert "Next: The office will look at it" in consumer_visitor.get(f"/requests/{number}").text


def test_a_polling_timeline_extends_no_session(
    frozen_clock: FrozenClock, consumer_visitor: Visitor, family: Household
):
    number = lodge(consumer_visitor, family)

    for _ in range(3):
        frozen_clock.advance(minutes=11)
        answer = consumer_visitor.get(f"/requests/{number}?v=1", htmx=True)

    assert answer.headers["HX-Redirect"].startswith("/login")
