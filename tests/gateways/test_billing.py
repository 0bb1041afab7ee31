"""Revised bills on their way to the billing system: against a real server of the loopback that fails on purpose."""

import json
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.fixtures.message_servers import SmsGateway, plain_answer
from wss.gateways.billing import EmbeddedBilling, HttpBilling
from wss.gateways.posting import public_address
from wss.gateways.senders import SendFailed

PAYLOAD: dict[str, Any] = {"id": "0f0e", "account_no": "7950761921", "revised_bill_no": "RV10000000016"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wss.gateways.posting.TIMEOUT_S", 0.3)


def billing(at: SmsGateway, **wishes: Any) -> HttpBilling:
    return HttpBilling(at.url.removesuffix("/sms/out"), "a token", **({"only_public": False} | wishes))


def answering(status: int, **headers: str) -> Any:
    return lambda line: plain_answer(line, status, **headers)


def failure(of: HttpBilling) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        of.take_revision(PAYLOAD)
    return failed.value


@pytest.mark.parametrize("status", [200, 201])
def test_a_revised_bill_is_posted_with_its_id_and_the_token(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = answering(status)

    billing(sms_gateway).take_revision(PAYLOAD)

    ((path, headers, body),) = sms_gateway.asked
    assert path == "/revisions"
    assert headers["Authorization"] == "Bearer a token"
    assert json.loads(body) == PAYLOAD


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_of_the_bill_itself_is_final(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = answering(status)

    assert not failure(billing(sms_gateway)).again


@pytest.mark.parametrize("status", [202, 401, 404, 429, 500, 503])
def test_every_other_answer_is_worth_another_try(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = answering(status)

    assert failure(billing(sms_gateway)).again


def test_a_redirect_is_not_followed(sms_gateway: SmsGateway):
    sms_gateway.answer = answering(302, Location=sms_gateway.url)

    assert failure(billing(sms_gateway)).again
    assert len(sms_gateway.asked) == 1


# Whoever waits longer than the limit gets the best of answers in the end.
_IN_THE_END = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"


def _silent(line: BaseHTTPRequestHandler) -> None:
    time.sleep(3)
    with suppress(OSError):
        line.wfile.write(_IN_THE_END)


def _lying(line: BaseHTTPRequestHandler) -> None:
    line.wfile.write(b"NOT HTTP AT ALL\r\n\r\n")
    line.close_connection = True


def _dripping(line: BaseHTTPRequestHandler) -> None:
    for letter in _IN_THE_END:
        try:
            line.wfile.write(bytes([letter]))
        except OSError:
            return
        time.sleep(0.1)


@pytest.mark.parametrize("trouble", [_silent, _lying, _dripping])
def test_what_takes_longer_than_the_limit_or_is_no_answer_is_tried_again(
    sms_gateway: SmsGateway, quick: None, trouble: Any
):
    sms_gateway.answer = trouble

    assert failure(billing(sms_gateway)).again


def test_nobody_at_home_is_worth_another_try():
    assert failure(HttpBilling("http://127.0.0.1:9", "a token", only_public=False)).again


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "0.0.0.0",  # noqa: S104
            "localhost",
            "::1",
            "::ffff:127.0.0.1",
        ),
        *("10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "fe80::1", "fd00::1"),
        *("::ffff:10.0.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::", "ff02::1"),
    ],
)
def test_a_private_address_is_never_connected_to(host: str):
    with pytest.raises(OSError):
        public_address(host, 443)


def test_in_production_the_loopback_hears_nothing(sms_gateway: SmsGateway):
    assert failure(billing(sms_gateway, only_public=True)).again
    assert sms_gateway.asked == []


def test_a_name_that_also_means_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "socket.getaddrinfo",
        lambda *_a, **_k: [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))],
    )

    with pytest.raises(PermissionError):
        public_address("billing.example.in", 443)


def test_the_line_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch):
    answers = iter(["93.184.216.34", "127.0.0.1"])
    called: list[Any] = []

    def resolve(*_asked: Any, **_k: Any) -> list[Any]:
        return [(2, 1, 6, "", (next(answers), 443))]

    def connect(address: Any, *_rest: Any) -> Any:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.create_connection", connect)

    failure(HttpBilling("https://billing.example.in", "a token"))
    assert called == [("93.184.216.34", 443)]


def test_a_failure_tells_nothing_of_the_bill_or_the_token(sms_gateway: SmsGateway):
    sms_gateway.answer = answering(500)

    said = failure(billing(sms_gateway)).reason
    assert "7950761921" not in said
    assert "token" not in said


def test_without_a_billing_system_nobody_is_told():
    EmbeddedBilling().take_revision(PAYLOAD)
