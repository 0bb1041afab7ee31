"""A question on the timeline: one form answers it; input from another form or a late one is not lost."""

import io
from typing import Any

from tests.fixtures.complaint_handling import NUMBER, ask, rows, the_request
from tests.fixtures.consumer_session import a_photo
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.models import Document

TIMELINE = f"/requests/{NUMBER}"


def answer(reader: Visitor, page: Page, **fields: Any) -> Page:
    """Send the answer from a page that was opened before."""
    return reader.send(page, TIMELINE, form=f"{TIMELINE}/actions", action="answer", **fields)


def test_while_the_office_asks_the_page_has_one_form_for_documents(reader: Visitor):
    ask()

    page = reader.get(TIMELINE)

    assert page.html.count('capture="environment"') == 1


def test_a_document_by_the_form_of_an_older_page_is_the_answer(reader: Visitor):
    page = reader.get(TIMELINE)
    ask()

    late = reader.send(page, TIMELINE, form=f"{TIMELINE}/documents", documents=[a_photo()])

    assert (late.location, the_request().status) == (f"{TIMELINE}?done=answer", "in_review")


def test_a_bad_document_by_that_form_is_shown_at_the_question(reader: Visitor):
    page = reader.get(TIMELINE)
    ask()

    late = reader.send(
        page, TIMELINE, form=f"{TIMELINE}/documents", documents=[(io.BytesIO(b"<svg/>"), "x.svg")]
    )

    assert "x.svg could not be added" in "".join(late.find("answer-documents-e").itertext())
    assert (late.status, the_request().status) == (422, "info_requested")


def test_a_photo_from_a_page_that_still_asks_is_added_with_its_words(reader: Visitor):
    ask()
    page = reader.get(TIMELINE)
    answer(reader, page, remark="It says 1051.")

    late = answer(reader, page, remark="And the photo.", documents=[a_photo()])

    after = reader.get(late.location)
    assert "Your document has been added to the complaint." in after.text and "And the photo." in after.text


def test_an_answer_that_is_sent_twice_is_one(reader: Visitor):
    ask()
    page = reader.get(TIMELINE)

    sent = [answer(reader, page, remark="It says 1051.", documents=[a_photo()]).location for _ in range(2)]

    assert sent == [f"{TIMELINE}?done=answer"] * 2 and len(rows(Document)) == 1


def test_a_bad_photo_from_an_outdated_page_is_reported_where_others_can_be_chosen(reader: Visitor):
    ask()
    page = reader.get(TIMELINE)
    answer(reader, page, remark="It says 1051.")

    late = answer(reader, page, documents=[(io.BytesIO(b"<svg/>"), "x.svg")])

    assert late.status == 422 and "x.svg could not be added" in "".join(late.find("documents-e").itertext())
