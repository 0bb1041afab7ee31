"""Whole page or fragment, and how HTMX is sent on."""

from flask.testing import FlaskClient

HTMX = {"HX-Request": "true"}


def test_a_browser_without_scripts_gets_the_whole_page(passer_by: FlaskClient) -> None:
    assert passer_by.get("/part").text.startswith("<!doctype html>")


def test_htmx_gets_the_fragment_alone(passer_by: FlaskClient) -> None:
    assert "<html" not in passer_by.get("/part", headers=HTMX).text


def test_a_boosted_link_gets_the_whole_page(passer_by: FlaskClient) -> None:
    assert "<html" in passer_by.get("/part", headers=HTMX | {"HX-Boosted": "true"}).text


def test_a_step_back_in_history_gets_the_whole_page(passer_by: FlaskClient) -> None:
    assert "<html" in passer_by.get("/part", headers=HTMX | {"HX-History-Restore-Request": "true"}).text


def test_a_cache_must_keep_page_and_fragment_apart(passer_by: FlaskClient) -> None:
    assert "HX-Request" in passer_by.get("/part").headers["Vary"]


def test_a_page_without_a_fragment_takes_the_place_of_the_whole_body(passer_by: FlaskClient) -> None:
    assert passer_by.get("/help", headers=HTMX).headers["HX-Retarget"] == "body"


def test_a_redirect_is_a_303(passer_by: FlaskClient) -> None:
    answer = passer_by.get("/on")

    assert (answer.status_code, answer.location) == (303, "/help")


def test_htmx_is_told_where_to_go_instead_of_getting_the_next_page_into_the_present_one(
    passer_by: FlaskClient,
) -> None:
    answer = passer_by.get("/on", headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Redirect"], answer.data) == (200, "/help", b"")
