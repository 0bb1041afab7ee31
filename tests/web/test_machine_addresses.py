"""Errors at addresses that programs ask for are small."""

import pytest
from flask.testing import FlaskClient

from tests.fixtures.site import Visitor


@pytest.mark.parametrize(
    "address",
    [
        "/.well-known/nosuch",
        "/.env",
        "/favicon.ico",
        "/wp-login.php",
        "/apple-touch-icon.png",
        "/static/nosuch",
        "/metrics",
        "/captcha/nosuch.png",
    ],
)
def test_a_missing_file_is_one_line(client: FlaskClient, address: str):
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype, answer.text) == (404, "text/plain", "404 Not Found\n")


@pytest.mark.parametrize("address", ["/csp-reports", "/gateway/sms/receipts"])
def test_a_body_that_is_too_large_is_refused_in_one_line(client: FlaskClient, address: str):
    answer = client.post(address, data=b"x" * 400_000)

    assert (answer.status_code, len(answer.data) < 40) == (413, True)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        *(("POST", path) for path in ("/livez", "/readyz?x=1", "/metrics", "/doctor", "/captcha/x.png")),
        *(("GET", path) for path in ("/csp-reports", "/gateway/sms/receipts")),
        *(("POST", path) for path in ("/robots.txt", "/static/nosuch.css")),
    ],
)
def test_another_method_is_refused_in_one_line_without_a_cookie(
    client: FlaskClient, method: str, address: str
):
    answer = client.open(address, method=method, headers={"Accept": "*/*"})

    assert (answer.status_code, answer.text) == (405, "405 Method Not Allowed\n")
    assert "Set-Cookie" not in answer.headers and answer.headers["Allow"]


def test_a_client_that_takes_no_pages_gets_none(client: FlaskClient):
    assert client.get("/nosuchpage", headers={"Accept": "application/json"}).text == "404 Not Found\n"


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/html,*/*;q=0.8"}, {"Accept": "*/*"}])
def test_people_get_a_page(visitor: Visitor, headers: dict[str, str]):
    assert visitor.get("/nosuchpage", headers=headers).title
