"""The id of a request: where it comes from, who gets it, and which requests are logged."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.fixtures.pages import Page
from tests.web.conftest import SECRET_OF_THE_MACHINE
from wss.config import Config
from wss.web import request_log
from wss.web.request_log import RequestLog

GIVEN = "4bf92f3577b34da6a3ce929d0e0e4736"
FORWARDED = {"X-Forwarded-For": "203.0.113.7"}


def id_of(app: Flask, **headers: str) -> str:
    return app.test_client().get("/livez", headers=headers).headers["X-Request-ID"]


@pytest.fixture
def behind_a_proxy(make_app: Callable[[Config], Flask], settings: Config) -> Flask:
    return make_app(replace(settings, trusted_proxies=1))


def test_the_id_of_a_trusted_proxy_is_taken_and_returned(behind_a_proxy: Flask):
    assert id_of(behind_a_proxy, **FORWARDED, **{"X-Request-ID": GIVEN}) == GIVEN


@pytest.mark.parametrize(
    "given",
    ["", "9876543210", "98765432109876543210", GIVEN * 3, f"{GIVEN}\u0661", f"{GIVEN} x", f"/t/{GIVEN}"],
)
def test_an_id_that_is_not_well_formed_is_replaced(behind_a_proxy: Flask, given: str):
    made = id_of(behind_a_proxy, **FORWARDED, **{"X-Request-ID": given})

    assert made != given and len(made) == 32


def test_an_id_that_did_not_come_through_the_proxy_is_replaced(behind_a_proxy: Flask):
    assert id_of(behind_a_proxy, **{"X-Request-ID": GIVEN}) != GIVEN


def test_without_a_proxy_no_id_is_taken(app: Flask):
    assert id_of(app, **FORWARDED, **{"X-Request-ID": GIVEN}) != GIVEN


def test_every_request_has_an_id_of_its_own(app: Flask):
    assert len({id_of(app) for _ in range(5)}) == 5


def test_an_error_page_has_the_id_and_the_reference_that_the_log_has(
    small_site: Flask, caplog: pytest.LogCaptureFixture
):
    for address in ("/crash", "/no-database"):
        answer = small_site.test_client().get(address)

        line: Any = caplog.records[-1]
        assert f"{line.reference[:4]} {line.reference[4:]}" in Page(answer).text
        assert answer.headers["X-Request-ID"] in answer.text


def test_an_answer_of_5xx_is_one_line_with_rule_and_cause(
    small_site: Flask, caplog: pytest.LogCaptureFixture
):
    small_site.test_client().get(f"/no-database?q={SECRET_OF_THE_MACHINE}")

    [line] = caplog.records
    assert (line.levelname, line.rule, line.status) == ("ERROR", "/no-database", 503)  # type: ignore[attr-defined]
    assert "the database did not answer: RuntimeError" in line.getMessage()


def test_other_requests_are_logged_at_the_level_debug_only(
    small_site: Flask, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG, request_log.__name__)
    small_site.test_client().get("/answer/404?q=personal")

    [line] = caplog.records
    assert line.levelname == "DEBUG" and line.getMessage().startswith("GET /answer/<int:status>: 404 after")


def test_a_slow_request_is_logged_with_its_duration(small_site: Flask, caplog: pytest.LogCaptureFixture):
    small_site.add_url_rule("/slow", "slow", lambda: time.sleep(0.06) or "done")  # type: ignore[func-returns-value]
    small_site.wsgi_app.slow_ms = 50  # type: ignore[attr-defined]
    client = small_site.test_client()
    for address in ("/answer/204", "/slow"):
        client.get(address)

    [line] = caplog.records
    assert line.getMessage().endswith("slow") and line.duration_ms >= 60  # type: ignore[attr-defined]


def test_a_fault_outside_of_the_application_is_logged_and_left_to_the_server(
    caplog: pytest.LogCaptureFixture,
):
    def breaks(_environ: object, _start: object) -> Any:
        raise OperationalError(SECRET_OF_THE_MACHINE, {}, RuntimeError())

    with pytest.raises(OperationalError):
        RequestLog(breaks, 0, 1000)({"REQUEST_METHOD": SECRET_OF_THE_MACHINE}, lambda *_: None)  # type: ignore

    assert "other unknown address: 500" in caplog.text
