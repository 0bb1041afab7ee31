"""Error pages help readers, and reveal nothing to attackers."""

import pytest
from flask.testing import FlaskClient

from tests.fixtures.pages import Page
from tests.web.conftest import SECRET_OF_THE_MACHINE

STATUSES = (400, 403, 404, 405, 409, 413, 429, 500, 503)
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_keeps_its_status_and_is_explained_in_english(anonymous_visitor: FlaskClient, status: int):
    page = Page(anonymous_visitor.get(f"/answer/{status}?lang=en"))

    assert (page.status, page.root.get("lang"), "1912" in page.text) == (status, "en", True)


def test_each_error_says_something_of_its_own(anonymous_visitor: FlaskClient):
    titles = {Page(anonymous_visitor.get(f"/answer/{status}?lang=en")).title for status in STATUSES}

    assert len(titles) == len(STATUSES)


def test_a_wrong_address_is_explained(anonymous_visitor: FlaskClient):
    assert Page(anonymous_visitor.get("/nosuchpage?lang=en")).title == "Page not found · WSS"


def test_a_wrong_method_names_the_right_ones(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/logout")

    assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)


def test_without_its_documents_the_site_asks_readers_to_come_back(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/no-documents")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_a_form_without_its_token_is_refused_with_a_page(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.post("/language", data={"language": "en"})

    assert (answer.status_code, "<h1>" in answer.text) == (400, True)


@pytest.mark.parametrize(("rule", "status"), [("not-found", 404), ("outdated", 409), ("forbidden", 409)])
def test_a_broken_rule_has_its_status(anonymous_visitor: FlaskClient, rule: str, status: int):
    assert anonymous_visitor.get(f"/broken/{rule}").status_code == status


def test_a_fault_of_ours_discloses_nothing_of_the_machine(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/crash?lang=en")

    assert answer.status_code == 500
    assert not any(word in answer.text for word in ("SELECT", "FROM consumers", "/srv", "Traceback"))


def test_a_fault_of_ours_gives_a_reference_that_the_log_has_too(
    anonymous_visitor: FlaskClient, caplog: pytest.LogCaptureFixture
):
    page = Page(anonymous_visitor.get("/crash"))

    reference: str = caplog.records[-1].reference  # type: ignore[attr-defined]
    assert f"{reference[:4]} {reference[4:]}" in page.text


def test_without_a_database_the_reader_is_asked_to_come_back(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/no-database")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("InterfaceError", 503),
        ("InternalError", 503),
        ("ProgrammingError", 500),
        ("DatabaseError", 503),
        ("TimeoutError", 503),
        ("PendingRollbackError", 503),
        ("IntegrityError", 500),
        ("DataError", 500),
    ],
)
@pytest.mark.parametrize("when", ["in", "after"])
def test_an_error_of_the_database_is_503_unless_it_refuses_a_row(
    anonymous_visitor: FlaskClient, when: str, kind: str, status: int
):
    assert anonymous_visitor.get(f"/database-error/{when}/{kind}").status_code == status


def test_what_was_asked_of_the_database_stays_out_of_page_and_log(
    anonymous_visitor: FlaskClient, caplog: pytest.LogCaptureFixture
):
    answer = anonymous_visitor.get("/no-database")

    assert SECRET_OF_THE_MACHINE not in answer.text + caplog.text


def test_the_page_of_a_fault_needs_nothing_that_may_be_broken(anonymous_visitor: FlaskClient):
    anonymous_visitor.application.context_processor(lambda: {}[SECRET_OF_THE_MACHINE])

    assert anonymous_visitor.get("/crash").status_code == 500


def test_htmx_gets_an_error_as_a_notice_in_the_status_line(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/answer/429", headers=HTMX)

    assert answer.headers["HX-Retarget"] == "#status"
    assert "<html" not in answer.text


def test_who_asks_for_another_host_gets_an_empty_refusal(anonymous_visitor: FlaskClient):
    anonymous_visitor.application.config["TRUSTED_HOSTS"] = ["wss.example"]

    answer = anonymous_visitor.get("/", base_url="http://evil.example")

    assert (answer.status_code, answer.data) == (400, b"")


def test_an_error_page_of_a_logged_in_consumer_links_to_the_account(anonymous_visitor: FlaskClient):
    anonymous_visitor.application.context_processor(lambda: {"signed_in": True})

    assert "/account" in Page(anonymous_visitor.get("/nosuchpage")).links
