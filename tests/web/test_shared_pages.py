"""Public pages that a shared cache may keep: the same for all, in the language of their address, without cookies."""

import pytest
from flask import Flask, session

from tests.factories import a_household, sign_in
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor

SENT = {"complaint_no": "10000000016", "mobile_last4": "1234"}
PREFIX = "/<language:address_language>"


@pytest.fixture
def addresses(app: Flask) -> list[str]:
    """Return the plain addresses of all pages that may be kept at their other address."""
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    return [rule.removeprefix(PREFIX) for rule in rules if rule.startswith(PREFIX)]


def _kept(page: Page) -> bool:
    return "public" in page.headers["Cache-Control"]


def test_pages_with_the_language_in_their_address_are_kept_without_cookies(
    addresses: list[str], visitor: Visitor
):
    pages = [visitor.get(f"/en{path}") for path in addresses]

    assert len(pages) == 10 and {page.status for page in pages} == {200}
    assert {page.headers["Cache-Control"] for page in pages} == {"public, max-age=60, stale-if-error=3600"}
    assert [page for page in pages if "Set-Cookie" in page.headers] == []
    assert all("Accept-Encoding" in page.headers["Vary"] for page in pages)


def test_other_pages_are_kept_by_the_browser_only_and_begin_no_session(
    addresses: list[str], visitor: Visitor
):
    pages = [visitor.get(path) for path in addresses]

    assert {page.headers["Cache-Control"] for page in pages} == {"private, no-cache"}
    assert not any("wss=" in line for page in pages for line in page.headers.getlist("Set-Cookie"))


def test_a_kept_page_is_the_same_for_all(addresses: list[str], visitor: Visitor, another_visitor: Visitor):
    consumer = a_household().consumer
    sign_in(visitor, consumer)
    for name, value in (("wss_language", "hi"), ("wss_seen", "x")):
        visitor.client.set_cookie(name, value)

    for path in addresses:
        own = visitor.get(f"/en{path}", htmx=True, headers={"Accept-Language": "hi"})
        other = another_visitor.get(f"/en{path}")
        assert (own.html, own.headers.get("HX-Retarget")) == (other.html, None)


def test_errors_and_pages_with_a_query_are_not_kept(visitor: Visitor):
    assert not _kept(visitor.get("/en/leaflet?office=nosuch"))
    assert not _kept(visitor.get("/en/help?lang=hi"))
    assert not _kept(visitor.get("/en/help?page=1"))
    assert visitor.get("/ta/help").status == 404


def test_links_of_a_kept_page_go_on_in_its_language(visitor: Visitor):
    page = visitor.get("/en/")

    assert "/en/help" in page.links and "/en/urban" in page.links
    visitor.get(next(link for link in page.links if link == "/login?lang=en"))
    assert visitor.cookies()["wss_language"] == "en"


def test_the_language_switch_of_a_kept_page_is_remembered(visitor: Visitor):
    page = visitor.get("/hi/calculator?network=rural")

    assert "/calculator?network=rural&lang=en" in page.links


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Referer": "http://localhost/hi/"},
    ],
)
@pytest.mark.parametrize("path", ["/track", "/calculator"])
def test_a_form_of_a_kept_page_needs_no_token(visitor: Visitor, path: str, headers: dict[str, str]):
    assert visitor.post(path, SENT, headers=headers).status == 422


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none", "Origin": "http://localhost"},
        {"Origin": "null", "Referer": "http://localhost/"},
        {"Origin": "http://evil.example", "Referer": "http://localhost/"},
        {"Referer": "http://localhost.evil.example/"},
    ],
)
@pytest.mark.parametrize("path", ["/track", "/calculator"])
def test_a_form_that_does_not_come_from_our_page_needs_a_token(
    visitor: Visitor, path: str, headers: dict[str, str]
):
    assert visitor.post(path, SENT, headers=headers).status == 400


def test_after_a_refused_form_of_a_kept_page_the_next_press_works(visitor: Visitor):
    again = visitor.post("/calculator", {"network": "urban"})
    form = again.form(action="/calculator")

    assert visitor.post("/calculator", form.fields).status != 400


def test_a_page_that_begins_a_session_is_not_kept(app: Flask):
    with app.test_request_context("/en/help"):
        response = app.response_class(headers={"Cache-Control": "public, max-age=60"})
        assert session["csrf_token"]
        app.session_interface.save_session(app, session, response)  # type: ignore[arg-type]

    assert response.headers["Cache-Control"] == "no-store"
