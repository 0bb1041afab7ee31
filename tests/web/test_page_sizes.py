"""Bytes transferred by a first visit, headers included: in Hindi, which takes three bytes a letter."""

import re

import pytest
from flask.testing import FlaskClient

PUBLIC = (
    "/",
    "/help",
    "/privacy",
    "/terms",
    "/accessibility",
    "/sitemap",
    "/calculator",
    "/leaflet",
    "/nosuchpage",
)


def _on_the_line(client: FlaskClient, address: str, language: str) -> int:
    answer = client.get(address, headers={"Accept-Encoding": "gzip", "Accept-Language": language})
    return len(answer.data) + len(str(answer.headers)) + len("HTTP/1.1 200 OK\r\n")


def _whole_visit(client: FlaskClient, address: str, language: str) -> tuple[int, int]:
    """Return the bytes of a first visit with the files that its page needs, and how many files these are."""
    parts = re.findall(r'(?:src|href)="(/static/[^"]+|/captcha/[^"]+png)"', client.get(address).text)
    client.delete_cookie("wss_seen")
    return sum(_on_the_line(client, part, language) for part in [address, *parts]), len(parts)


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_first_page_with_its_sheet_fits_the_first_round_trip(
    anonymous_visitor: FlaskClient, address: str, language: str
):
    assert _on_the_line(anonymous_visitor, address, language) <= 14_000


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_whole_first_visit_stays_small(anonymous_visitor: FlaskClient, address: str, language: str):
    total, files = _whole_visit(anonymous_visitor, address, language)

    assert total <= 30_000
    assert files <= 5


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_later_page_is_one_small_request(anonymous_visitor: FlaskClient, address: str, language: str):
    anonymous_visitor.get("/")

    assert _on_the_line(anonymous_visitor, address, language) <= 5_000


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("address", ["/login", "/register", "/urban"])
def test_a_first_visit_to_a_form_stays_small_with_its_captcha(
    client: FlaskClient, address: str, language: str
):
    total, files = _whole_visit(client, address, language)

    assert total <= 30_000
    assert files <= 5
