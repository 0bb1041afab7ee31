"""Public pages that a shared cache may keep: no cookies, the language of the address, nothing of one visitor."""

import pytest
from flask import Flask, session

from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.web.shared_pages import PAGES

SENT = {"complaint_no": "10000000016", "mobile_last4": "1234"}


@pytest.fixture
def addresses(app: Flask) -> list[str]:
    """Return the addresses of all pages that may be kept."""
    return [
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in PAGES and "GET" in rule.methods
    ]


def _kept(page: Page) -> bool:
    return "public" in page.headers["Cache-Control"]


def test_pages_whose_address_names_the_language_are_kept_without_cookies(
    addresses: list[str], visitor: Visitor
):
    pages = [visitor.get(f"{path}?lang=en") for path in addresses]

    assert len(pages) == len(PAGES)
    assert {page.headers["Cache-Control"] for page in pages} == {"public, max-age=60, stale-if-error=3600"}
    assert [page.headers.getlist("Set-Cookie") for page in pages if "Set-Cookie" in page.headers] == []
    assert all(
        {"Cookie", "HX-Request", "Accept-Encoding"} <= set(page.headers["Vary"].split(", ")) for page in pages
    )


def test_no_page_without_a_language_in_its_address_is_kept(addresses: list[str], visitor: Visitor):
    pages = [visitor.get(f"{path}{query}") for path in addresses for query in ("", "?lang=xx")]

    assert not any(_kept(page) for page in pages)
    assert not any("wss=" in line for page in pages for line in page.headers.getlist("Set-Cookie"))


def test_a_kept_page_does_not_depend_on_the_browsers_language_or_cookies(visitor: Visitor):
    plain = visitor.get("/help?lang=en").text
    visitor.client.set_cookie("wss_language", "hi")

    assert visitor.get("/help?lang=en", headers={"Accept-Language": "hi"}).text == plain


def test_the_page_of_a_login_is_never_kept(consumer_visitor: Visitor):
    paths = ("/?lang=en", "/help?lang=en", "/calculator?lang=en")

    assert not any(_kept(consumer_visitor.get(path)) for path in paths)


def test_an_error_and_a_part_of_a_page_are_not_kept(visitor: Visitor):
    assert not _kept(visitor.get("/leaflet?lang=en&office=nosuch"))
    assert not _kept(visitor.get("/help?lang=en", htmx=True))
    assert not _kept(visitor.post("/calculator?lang=en"))


def test_links_of_a_kept_page_go_on_in_its_language(visitor: Visitor):
    page = visitor.get("/?lang=en")
    [login] = [link for link in page.links if link.startswith("/login?") and "next" not in link]
    visitor.get(login)

    assert visitor.cookies()["wss_language"] == "en"


def test_the_language_switch_of_a_public_page_is_remembered(visitor: Visitor):
    page = visitor.get("/calculator?network=rural")
    [switch] = [link for link in page.links if link.startswith("/language?")]
    answer = visitor.get(switch)

    assert answer.location == "/calculator?network=rural&lang=en"
    assert visitor.get("/help").root.get("lang") == "en"


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "/nosuchpage"])
def test_the_language_switch_leads_to_own_pages_only(visitor: Visitor, address: str):
    answer = visitor.client.get("/language", query_string={"language": "en", "next": address})

    assert answer.location == "/?lang=en"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Referer": "http://localhost/?lang=hi"},
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
    with app.test_request_context("/help?lang=en"):
        response = app.response_class(headers={"Cache-Control": "public, max-age=60"})
        assert session["csrf_token"]
        app.session_interface.save_session(app, session, response)  # type: ignore[arg-type]

    assert response.headers["Cache-Control"] == "no-store"
