"""Hindi or English: which setting wins, and where the language switch leads."""

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from tests.fixtures.pages import Page
from wss.web.language import other_language


def _language(client: FlaskClient, address: str = "/help", **headers: str) -> str:
    return Page(client.get(address, headers=headers)).root.get("lang") or ""


def test_who_says_nothing_reads_hindi(anonymous_visitor: FlaskClient):
    assert _language(anonymous_visitor) == "hi"


def test_the_browsers_preference_is_the_first_guess(anonymous_visitor: FlaskClient):
    assert _language(anonymous_visitor, **{"Accept-Language": "en-IN,en;q=0.9"}) == "en"


def test_a_language_we_do_not_have_means_hindi(anonymous_visitor: FlaskClient):
    assert _language(anonymous_visitor, **{"Accept-Language": "ta-IN"}) == "hi"


def test_a_language_in_the_address_has_priority_over_the_browser(anonymous_visitor: FlaskClient):
    assert _language(anonymous_visitor, "/help?lang=hi", **{"Accept-Language": "en"}) == "hi"


def test_a_language_in_the_address_is_remembered(anonymous_visitor: FlaskClient):
    anonymous_visitor.get("/help?lang=en")

    assert _language(anonymous_visitor) == "en"


def test_an_unknown_language_changes_nothing(anonymous_visitor: FlaskClient):
    anonymous_visitor.get("/help?lang=xx")

    assert anonymous_visitor.get_cookie("wss_language") is None


@pytest.mark.parametrize(
    ("referrer", "target"),
    [
        ("http://localhost/help", "/help"),
        ("http://localhost/account?request=BILL_CORRECTION&lang=hi", "/account?request=BILL_CORRECTION"),
        ("http://localhost/nosuchpage", "/"),
        ("http://evil.example/help", "/"),
        ("http://localhost//evil.example", "/"),
        ("", "/"),
    ],
)
def test_the_switch_leads_back_to_the_page_it_was_pressed_on(small_site: Flask, referrer: str, target: str):
    small_site.config["WTF_CSRF_ENABLED"] = False

    answer = small_site.test_client().post(
        "/language", data={"language": "en"}, headers={"Referer": referrer}
    )

    assert (answer.status_code, answer.location) == (303, target)


def test_the_switch_is_remembered(small_site: Flask):
    small_site.config["WTF_CSRF_ENABLED"] = False
    client = small_site.test_client()

    client.post("/language", data={"language": "en"})

    assert _language(client) == "en"


def test_a_page_offers_itself_in_the_other_language(small_site: Flask):
    with small_site.test_request_context("/account?request=BILL_CORRECTION&lang=hi"):
        assert other_language() == ("en", "?request=BILL_CORRECTION&lang=en")


def test_an_answer_without_an_address_of_its_own_offers_the_first_page(small_site: Flask):
    with small_site.test_request_context("/logout", method="POST"):
        assert other_language() == ("en", url_for("public.home", lang="en"))
