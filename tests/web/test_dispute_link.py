"""The link by which a consumer freezes a request lodged in their name: a GET only shows it, the button acts, once."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import MOBILE, Household
from tests.fixtures.complaint_handling import rows, the_request
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.models import Event, ServiceRequest
from wss.services.requests.request_links import dispute_path

# No data of the consumer are shown except what was requested.
PERSONAL = ("Pooja", "Kumarpur", "258534", "7950761921", MOBILE, "UP32550680")


@pytest.fixture
def path(app: Any, complainant: Household) -> str:
    """Return the path of the link in the SMS about the household's complaint."""
    with transaction():
        return dispute_path(the_request().id)


def test_looking_shows_what_was_asked_for_and_changes_nothing(visitor: Visitor, path: str):
    pages = [visitor.get(f"{path}?lang=en") for _ in range(5)]

    assert {page.status for page in pages} == {200}
    for words in (
        "100 0000 9000"[:8],
        "Bill correction",
        "24-11-2026",
        "The reading on the bill is wrong",
        "750.00",
    ):
        assert words in pages[0].text
    assert not the_request().frozen


def test_nothing_else_of_the_consumer_is_shown(visitor: Visitor, path: str):
    html = visitor.get(path).html

    assert [word for word in PERSONAL if word in html] == []


def test_the_button_stops_the_request_and_keeps_what_was_said(visitor: Visitor, path: str):
    page = visitor.fill(path, form=path, remark="I never called.\r\nWho was it?")

    assert (page.status, page.location) == (303, "/disputed")
    assert the_request().frozen and rows(Event)[-1].remark == "I never called.\nWho was it?"
    assert "Work on it is on hold" in visitor.get("/disputed?lang=en").text


def test_nothing_need_be_said(visitor: Visitor, path: str):
    assert visitor.fill(path, form=path).location == "/disputed"


def test_too_much_is_shown_at_the_field_and_keeps_the_link(visitor: Visitor, path: str):
    page = visitor.fill(path, form=path, remark="x" * 1001)

    assert page.status == 422 and page.find("error-summary") is not None
    assert visitor.get(path).status == 200


@pytest.mark.parametrize(
    ("of_request", "cookie", "heading"),
    [
        ("en", None, "Did you ask for this complaint?"),
        ("hi", None, "क्या यह शिकायत आपने कराई थी?"),
        ("hi", "en", "Did you ask for this complaint?"),
    ],
)
def test_it_speaks_the_callers_language_unless_the_reader_chose_one(
    visitor: Visitor, path: str, of_request: str, cookie: str | None, heading: str
):
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(language=of_request))
    if cookie:
        visitor.client.set_cookie("wss_language", cookie)

    page = visitor.get(path)

    assert heading in page.text and page.root.get("lang") == (cookie or of_request)
