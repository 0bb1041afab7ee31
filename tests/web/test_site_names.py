"""The two names of the site: staff pages at one, all others at the other, with cookies of their own."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask, url_for

from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import an_enrolled_employee, log_in_staff
from wss.config import Config
from wss.web.access_table import is_staff_endpoint

HOST = "office.example.in"
OF_BOTH = {"static", "health", "csp_reports", "dev"}
FILES_OF_BOTH = {"captcha_new", "captcha_picture", "captcha_sound", "robots", "security_txt"}


@pytest.fixture
def parted(make_app: Callable[[Config], Flask], settings: Config) -> Flask:
    """Return a site whose staff pages have a name of their own."""
    return make_app(replace(settings, staff_url=f"http://{HOST}"))


@pytest.fixture
def office(parted: Flask) -> Visitor:
    """Return a browser at the name of staff."""
    visitor = Visitor(parted.test_client())
    visitor.client.open = partial(visitor.client.open, base_url=f"http://{HOST}")  # type: ignore[method-assign]
    return visitor


@pytest.fixture
def public(parted: Flask) -> Visitor:
    """Return a browser at the name of the public."""
    return Visitor(parted.test_client())


def _addresses(app: Flask) -> list[tuple[bool, bool, str]]:
    """Return every address: whether it is for staff, whether for both, and the path."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            blueprint, _, name = rule.endpoint.partition(".")
            path = app.url_map.bind("own").build(rule.endpoint, dict.fromkeys(rule.arguments, "1"))
            found.append(
                (is_staff_endpoint(rule.endpoint), blueprint in OF_BOTH or name in FILES_OF_BOTH, path)
            )
    return found


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_each_name_answers_404_for_the_pages_of_the_other(
    parted: Flask, office: Visitor, public: Visitor, method: str
):
    strays = [
        (office if not for_staff else public).client.open(path, method=method)
        for for_staff, for_both, path in _addresses(parted)
        # The name of staff has a start page at this address.
        if not for_both and (for_staff or path != "/")
    ]

    assert len(strays) > 100 and {answer.status_code for answer in strays} == {404}


def test_a_page_of_the_other_name_looks_like_any_unknown_address(public: Visitor):
    assert public.get("/staff/login").text == public.get("/nosuchpage").text


def test_what_both_names_need_is_at_both(office: Visitor, public: Visitor):
    for path in ("/livez", "/robots.txt", "/.well-known/security.txt"):
        assert (office.get(path).status, public.get(path).status) == (200, 200)


def test_search_engines_are_kept_out_of_the_name_of_staff(office: Visitor):
    assert office.client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_staff_log_in_at_their_name_from_its_first_page_on(office: Visitor):
    an_enrolled_employee()
    first = office.get("/")

    page = log_in_staff(office)

    assert first.location == "/staff/login?next=/"
    assert office.get(page.location or "", follow_redirects=True).status == 200


def test_the_cookie_of_staff_has_a_name_of_its_own_and_opens_nothing_at_the_other(
    office: Visitor, public: Visitor
):
    an_enrolled_employee()
    log_in_staff(office)
    cookie = office.client.get_cookie("wss_staff", HOST)

    assert cookie and office.client.get_cookie("wss", HOST) is None
    for name in ("wss", "wss_staff"):
        public.client.set_cookie(name, cookie.value)
    assert "A. Rao" not in public.get("/nosuchpage").text
    token = office.get("/staff/security").form("/staff/logout").fields["csrf_token"][0]
    assert public.post("/track", {"csrf_token": token}).status == 400


def test_links_lead_to_the_name_that_has_the_page(parted: Flask, office: Visitor, public: Visitor):
    config: Config = parted.extensions["wss"].config

    assert f'href="{config.public_url}/help"' in office.get("/staff/login").html
    assert "/staff" not in public.get("/sitemap").html
    with parted.test_request_context("/", base_url=f"http://{HOST}"):
        assert url_for("officer.todo", late=1) == "/todo?late=1"
    with parted.test_request_context("/"):
        assert url_for("officer.todo", late=1) == f"http://{HOST}/todo?late=1"


def test_no_login_leads_to_a_page_of_the_other_name(office: Visitor, public: Visitor):
    assert office.get("/staff/login?next=/account").form(having="password").fields["next"] == [""]
    assert public.get("/login?next=/todo").form(having="password").fields["next"] == [""]


def test_errors_at_the_name_of_staff_are_pages_for_staff(office: Visitor):
    page = office.get("/nosuchpage")

    assert 'href="/staff"' in page.html and 'href="/"' not in page.html


@pytest.mark.parametrize(
    ("public_url", "staff_url"),
    [
        ("https://wss.example.in", "http://office.example.in"),
        ("https://wss.example.in", "https://wss.example.in:8443"),
        ("https://wss.example.in", "https://office.example.in/staff"),
        ("https://wss.example.in", "office.example.in"),
    ],
)
def test_a_second_name_that_cannot_part_the_site_is_refused(public_url: str, staff_url: str):
    refusals = Config(public_url=public_url, staff_url=staff_url).refusals()

    assert [reason for reason in refusals if "WSS_STAFF_URL" in reason]


def test_links_in_messages_lead_to_the_name_that_has_the_page(parted: Flask):
    outbox = parted.extensions["wss"].outbox

    assert outbox.address_of("/staff/enrol/abc") == f"http://{HOST}/staff/enrol/abc"
    assert outbox.address_of("/t/abc") == f"{outbox.public_url}/t/abc"
