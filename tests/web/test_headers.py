"""The security headers of every answer."""

import base64
import gzip
import hashlib
import re

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from wss.web.compression import gzipped

EVERY_KIND = (
    "/",
    "/help",
    "/login",
    "/on",
    "/nosuchpage",
    "/answer/400",
    "/answer/429",
    "/answer/503",
    "/crash",
)
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "report-uri /csp-reports",
}


@pytest.mark.parametrize("address", EVERY_KIND)
def test_every_answer_runs_nothing_foreign(anonymous_visitor: FlaskClient, address: str):
    policy = anonymous_visitor.get(address).headers["Content-Security-Policy"]

    assert set(policy.split("; ")) >= POLICY


@pytest.mark.parametrize("address", EVERY_KIND)
def test_every_answer_refuses_to_be_framed_and_guessed_at(anonymous_visitor: FlaskClient, address: str):
    headers = anonymous_visitor.get(address).headers

    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_no_policy_allows_scripts_or_styles_at_large(anonymous_visitor: FlaskClient):
    assert "unsafe" not in anonymous_visitor.get("/").headers["Content-Security-Policy"]


def test_the_sheet_inside_the_first_page_is_the_one_the_policy_names(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/")

    sheet = re.search("<style>(.*?)</style>", answer.text, re.S)
    assert sheet
    digest = base64.b64encode(hashlib.sha256(sheet[1].encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/on", "/nosuchpage", "/crash", "/answer/503", "/livez"])
def test_nothing_but_public_pages_and_static_files_is_kept(anonymous_visitor: FlaskClient, address: str):
    assert anonymous_visitor.get(address).headers["Cache-Control"] == "no-store"


def test_stepping_back_to_a_public_page_needs_no_line(anonymous_visitor: FlaskClient):
    assert anonymous_visitor.get("/help").headers["Cache-Control"] == "private, no-cache"


def test_an_empty_answer_is_small(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/answer/204")

    assert len(str(answer.headers)) < 150


def test_https_responses_have_strict_transport_security(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/", base_url="https://localhost")

    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_the_first_page_carries_the_sheet_and_the_second_links_to_it(anonymous_visitor: FlaskClient):
    first, second = anonymous_visitor.get("/"), anonymous_visitor.get("/help")

    assert "<style>" in first.text
    assert "<style>" not in second.text


def test_a_page_is_compressed_for_clients_that_accept_it(anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get("/", headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(answer.data).startswith(b"<!doctype html>")


def test_a_page_is_sent_uncompressed_to_other_clients(anonymous_visitor: FlaskClient):
    assert "Content-Encoding" not in anonymous_visitor.get("/").headers


def test_the_length_of_a_compressed_page_discloses_nothing():
    lengths = {len(gzipped(b"the same page" * 100)) for _ in range(200)}

    assert len(lengths) > 10


def test_every_address_of_the_site_is_guarded_by_them(app: Flask):
    client = app.test_client()
    bare, wanted = [], {"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy"}

    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            address = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "10000000016"))
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = client.open(address, method=method)
            # Responses without a body have fewer headers.
            if answer.status_code != 204 and not wanted <= set(answer.headers.keys()):
                bare.append((method, rule.rule))

    assert bare == []
