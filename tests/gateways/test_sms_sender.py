"""SMS through a real HTTP gateway on the loopback that sometimes fails."""

import json

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
    "शिकायत 123456",
)


def failure(url: str) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        HttpSmsSender(url, ACCOUNT).send(OTP)
    return caught.value


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
    ("text", "unicode"), [("OTP 123456", False), ("OTP £ @ é [1]", False), ("शिकायत", True), ("₹ 10", True)]
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


def test_a_failure_discloses_no_number_no_text_and_no_token(sms_gateway: SmsGateway):
    sms_gateway.answer = lambda line: plain_answer(line, 500)

    reason = failure(sms_gateway.url).reason
    assert not any(secret in reason for secret in (OTP.to, OTP.text, "123456", ACCOUNT.token))
