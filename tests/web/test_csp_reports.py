"""Reports of browsers about the content policy: counted by directive, without their other contents."""

import dataclasses
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.fixtures.registration import rows
from wss.config import Config, ConfigError
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.models import CspCount, LimitCount

TOKEN = "a token that only the watcher knows"


def report(client: FlaskClient, directive: str = "script-src", **more: str) -> int:
    body = json.dumps({"csp-report": {"effective-directive": directive, **more}})
    return client.post("/csp-reports", data=body, content_type="application/csp-report").status_code


def counted() -> dict[str, int]:
    return {row.directive: row.count for row in rows(CspCount)}


def test_a_report_is_counted_by_its_directive_and_the_watcher_sees_it(
    make_app: Callable[[Config], Flask], settings: Config
):
    client = make_app(dataclasses.replace(settings, metrics_token=TOKEN)).test_client()
    statuses = [report(client), report(client, "img-src"), report(client)]

    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert statuses == [204, 204, 204]
    assert 'wss_csp_reports_total{directive="script-src"} 2' in text


def test_nothing_that_a_stranger_writes_is_kept(client: FlaskClient):
    report(client, "call +91 9000000000", **{"blocked-uri": "https://evil.example/"})

    assert counted() == {"other": 1}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"csp-report": 1}', b"[" * 7_000, b"\xff\x00"])
def test_what_is_no_report_counts_nothing(client: FlaskClient, body: bytes):
    status = client.post("/csp-reports", data=body, content_type="application/csp-report").status_code

    assert (status, rows(CspCount), rows(LimitCount)) == (204, [], [])


def test_a_report_that_is_too_long_is_not_read(client: FlaskClient):
    assert client.post("/csp-reports", data=b"x" * 8_001).status_code == 413


def test_of_a_network_that_sends_very_many_no_more_are_counted(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    allowed = ALLOWANCES[Limit.CSP_REPORT_ADDRESS]
    monkeypatch.setitem(ALLOWANCES, Limit.CSP_REPORT_ADDRESS, Allowance(2, allowed.within))

    assert ([report(client) for _each in range(4)], counted()) == ([204] * 4, {"script-src": 2})


def test_search_engines_are_kept_to_the_open_pages(client: FlaskClient):
    lines = client.get("/robots.txt").text.splitlines()

    assert lines[-1] == "Disallow: /" and not any("account" in line for line in lines)


def test_security_txt_names_the_contacts_that_are_set(make_app: Callable[[Config], Flask], settings: Config):
    contacts = ("mailto:soc@wss.example.in", "https://wss.example.in/report")
    client = make_app(dataclasses.replace(settings, security_contact=contacts)).test_client()

    lines = client.get("/.well-known/security.txt").text.splitlines()
    assert lines[:2] == [f"Contact: {contact}" for contact in contacts]


@pytest.mark.parametrize(
    "text", ["soc@wss.example.in", "http://wss.example.in", "mailto:a@b\nExpires: 2000", "tel:1"]
)
def test_a_contact_of_another_form_is_refused(text: str):
    with pytest.raises(ConfigError, match="WSS_SECURITY_CONTACT"):
        Config.from_env({"WSS_SECURITY_CONTACT": text})


def test_security_txt_names_the_contact_for_weaknesses(client: FlaskClient):
    text = client.get("/.well-known/security.txt").text

    assert text.startswith("Contact: http") and "\nExpires: 20" in text
