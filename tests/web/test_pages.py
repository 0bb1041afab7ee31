"""Responses as whole pages or fragments, and redirects of HTMX."""

from flask.testing import FlaskClient

HTMX = {"HX-Request": "true"}


def test_a_browser_without_scripts_gets_the_whole_page(anonymous_visitor: FlaskClient):
    assert anonymous_visitor.get("/part").text.startswith("<!doctype html>")


def test_htmx_gets_the_fragment_alone(anonymous_visitor: FlaskClient):
    assert "<html" not in anonymous_visitor.get("/part", headers=HTMX).text


def test_a_boosted_link_gets_the_whole_page(anonymous_visitor: FlaskClient):
    assert "<html" in anonymous_visitor.get("/part", headers=HTMX | {"HX-Boosted": "true"}).text


def test_a_step_back_in_history_gets_the_whole_page(anonymous_visitor: FlaskClient):
    assert (
        "<html" in anonymous_visitor.get("/part", headers=HTMX | {"HX-History-Restore-Request": "true"}).text
    )


def test_a_cache_must_keep_page_and_fragment_apart(anonymous_visitor: FlaskClient):
    assert "HX-Request" in anonymous_visitor.get("/part").headers["Vary"]


def test_a_page_without_a_fragment_takes_the_place_of_the_whole_body(anonymous_visitor: FlaskClient):
    assert anonymous_visitor.get("/help", headers=HTMX).headers["HX-Retarget"] == "body"


def test_a_redirect_is_a_303(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/on")

    assert (answer.status_code, answer.location) == (303, "/help")


def test_htmx_gets_a_redirect_instead_of_the_next_page(
    anonymous_visitor: FlaskClient,
):
    answer = anonymous_visitor.get("/on", headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Redirect"], answer.data) == (200, "/help", b"")
