"""SMS through a real HTTP gateway on the loopback that does not always behave."""

import json
import socket
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.fixtures.message_servers import SmsGateway, plain_answer
from wss.gateways.senders import Parcel, SendFailed
from wss.gateways.sms import HttpSmsSender, SmsAccount

ACCOUNT = SmsAccount("the-token", "WSSUPC", "1101", "https://wss.example.in/gateway/sms/receipts")
OTP = Parcel(
    "6f1d1c52-0000-4000-8000-000000000001",
    "sms",
    "8539436110",
    "hold_otp",
    "hi",
    "",
    "ओ.टी.पी. 123456",
)


def failure(url: str) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        HttpSmsSender(url, ACCOUNT).send(OTP)
    return caught.value


@pytest.fixture(autouse=True)
def _short_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wss.gateways.posting.TIMEOUT_S", 0.3)


def test_the_order_is_the_one_agreed(sms_gateway: SmsGateway):
    HttpSmsSender(sms_gateway.url, ACCOUNT).send(OTP)

    [(path, headers, body)] = sms_gateway.asked
    assert (path, headers["Authorization"]) == ("/sms/out", "Bearer the-token")
    assert json.loads(body) == {
        "id": OTP.id,
        "to": "918539436110",
        "sender": "WSSUPC",
        "entity_id": "1101",
        "template_id": "hold_otp.hi",
        "text": OTP.text,
        "unicode": True,
        "callback": ACCOUNT.callback,
    }


@pytest.mark.parametrize(
    ("text", "unicode"), [("OTP 123456", False), ("OTP £ @ é [1]", False), ("ओ.टी.पी.", True), ("₹ 10", True)]
)
def test_only_a_text_beyond_ascii_is_sent_as_unicode(sms_gateway: SmsGateway, text: str, unicode: bool):
    HttpSmsSender(sms_gateway.url, ACCOUNT).send(Parcel(OTP.id, "sms", OTP.to, "x", "en", "", text))

    assert json.loads(sms_gateway.asked[0][2])["unicode"] is unicode


@pytest.mark.parametrize(
    ("status", "again"),
    [
        (400, False),
        (422, False),
        (401, True),
        (403, True),
        (404, True),
        (429, True),
        (500, True),
        (503, True),
        (200, True),
    ],
)
def test_only_a_refusal_of_the_message_itself_is_final(sms_gateway: SmsGateway, status: int, again: bool):
    sms_gateway.answer = lambda line: plain_answer(line, status)

    assert failure(sms_gateway.url).again is again


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = lambda line: plain_answer(line, status, Location="/elsewhere")

    assert failure(sms_gateway.url).again
    assert [path for path, *_ in sms_gateway.asked] == ["/sms/out"]


def _hang(gateway: SmsGateway) -> Any:
    return lambda _line: gateway.stopping.wait(5) and None


def _drip(gateway: SmsGateway) -> Any:
    def drip(line: BaseHTTPRequestHandler) -> None:
        for sign in b"HTTP/1.1 202 Accepted\r\n" + b"X-Slow: yes\r\n" * 50:
            if gateway.stopping.wait(0.1):
                return
            try:
                line.wfile.write(bytes([sign]))
            except OSError:
                return

    return drip


def _garbage(_gateway: SmsGateway) -> Any:
    return lambda line: line.wfile.write(b"\x00\xff not http at all\r\n\r\n")


def _half(_gateway: SmsGateway) -> Any:
    return lambda line: line.wfile.write(b"HTTP/1.1 2")


def _endless(_gateway: SmsGateway) -> Any:
    return lambda line: line.wfile.write(b"HTTP/1.1 202 OK\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n")


@pytest.mark.parametrize("trouble", [_hang, _garbage, _half, _endless])
def test_a_gateway_in_trouble_is_asked_again_later(sms_gateway: SmsGateway, trouble: Any):
    sms_gateway.answer = trouble(sms_gateway)

    assert failure(sms_gateway.url).again


def test_a_gateway_that_answers_drop_by_drop_does_not_hold_the_worker(sms_gateway: SmsGateway):
    sms_gateway.answer = _drip(sms_gateway)

    assert failure(sms_gateway.url).again
    # It gave up long before the answer was complete, which would have taken a minute.
    assert not sms_gateway.stopping.is_set()


def test_a_refused_connection_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert failure(f"http://127.0.0.1:{port}/").again


def test_a_failure_tells_no_number_no_text_and_no_token(sms_gateway: SmsGateway):
    sms_gateway.answer = lambda line: plain_answer(line, 500)

    reason = failure(sms_gateway.url).reason
    assert not any(secret in reason for secret in (OTP.to, OTP.text, "123456", ACCOUNT.token))
