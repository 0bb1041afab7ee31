"""Bytes transferred by a first visit, headers included: in Hindi, which takes three bytes a letter."""

import re

import pytest
from flask.testing import FlaskClient

PUBLIC = ("/", "/help", "/privacy", "/terms", "/accessibility", "/sitemap", "/nosuchpage")


def _on_the_line(client: FlaskClient, address: str, language: str) -> int:
    answer = client.get(address, headers={"Accept-Encoding": "gzip", "Accept-Language": language})
    return len(answer.data) + len(str(answer.headers)) + len("HTTP/1.1 200 OK\r\n")


def _parts(client: FlaskClient, address: str) -> list[str]:
    page = client.get(address).text
    return re.findall(r'(?:src|href)="(/static/[^"]+|/captcha/[^"]+png)"', page)


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_first_page_with_its_sheet_fits_the_first_round_trip(
    anonymous_visitor: FlaskClient, address: str, language: str
) -> None:
    assert _on_the_line(anonymous_visitor, address, language) <= 14_000


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_whole_first_visit_stays_small(anonymous_visitor: FlaskClient, address: str, language: str) -> None:
    parts = _parts(anonymous_visitor, address)
    anonymous_visitor.delete_cookie("wss_seen")

    total = sum(_on_the_line(anonymous_visitor, part, language) for part in [address, *parts])

    assert total <= 30_000
    assert len(parts) <= 5


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_later_page_is_one_small_request(
    anonymous_visitor: FlaskClient, address: str, language: str
) -> None:
    anonymous_visitor.get("/")

    assert _on_the_line(anonymous_visitor, address, language) <= 5_000


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("address", ["/login", "/register", "/urban"])
def test_a_first_visit_to_a_form_stays_small_with_its_captcha(
    client: FlaskClient, address: str, language: str
) -> None:
    parts = _parts(client, address)
    client.delete_cookie("wss_seen")

    total = sum(_on_the_line(client, part, language) for part in [address, *parts])

    assert total <= 30_000
    assert len(parts) <= 5
