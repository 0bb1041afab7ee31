"""The fake gateways behave as their failure modes say, and show the received messages."""

import hashlib
import hmac
import json
import smtplib
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import pytest

from devtools.fake_gateway.server import FakeGateway, FakeGatewaySettings
from tests.fixtures.message_servers import SmsGateway
from wss.domain.bounces import Bounce, bounce_in

TOKEN, SECRET = "a token", "a secret of the fake gateway"
LETTER = "7a1e0b52-0000-4000-8000-000000000002"
ORDER = {
    "id": "7a1e0b52-0000-4000-8000-000000000001",
    "to": "919876543210",
    "sender": "WSSUPC",
    "entity_id": "1",
    "template_id": "question.hi",
    "text": "नमस्ते <b>",
    "unicode": True,
    "callback": "",
}


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    """Yield both servers on free ports, in this process."""
    opened = FakeGateway(FakeGatewaySettings(TOKEN, SECRET, slow_s=0.1, receipts_after_s=0))
    threading.Thread(target=opened.serve, daemon=True).start()
    yield opened
    opened.close()


def ask(
    gateway: FakeGateway, path: str, body: bytes | None = None, patience: float = 5, **headers: str
) -> tuple[int, str]:
    asked = urllib.request.Request(gateway.url + path, body, headers)  # noqa: S310  loopback only
    try:
        with urllib.request.urlopen(asked, timeout=patience) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def send_sms(gateway: FakeGateway, token: str = TOKEN, patience: float = 5, **changed: Any) -> int:
    body = json.dumps({**ORDER, **changed}).encode()
    return ask(gateway, "/sms1", body, patience, Authorization=f"Bearer {token}")[0]


def write_letter(gateway: FakeGateway) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "wss@localhost", "a@example.in", "बिल"
    letter["Message-ID"] = f"<{LETTER}@localhost>"
    letter.set_content("पाठ")
    letter.add_alternative("<p>पाठ</p>", subtype="html")
    address = urlsplit(gateway.settings["WSS_SMTP_URL"])
    with smtplib.SMTP(address.hostname or "", address.port or 0, timeout=5) as line:
        line.send_message(letter)


def receipts_of(site: SmsGateway, gateway: FakeGateway, how_many: int) -> list[tuple[str, bool]]:
    """Return the receipts that a site received: the states, and whether the signature is right."""
    assert gateway.receipts.is_done(patience_s=20)
    reported = []
    for _path, headers, body in site.asked:
        right = f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"
        receipt = json.loads(body)
        state = receipt["state"] if isinstance(receipt, dict) else ""
        reported.append((state, headers.get("X-Signature") == right))
    assert len(reported) == how_many
    return reported


def test_a_message_is_accepted_once_however_often_it_is_sent(gateway: FakeGateway):
    statuses = [send_sms(gateway), send_sms(gateway)]

    assert statuses == [202, 202]
    assert [(one.key, one.offered, one.answered) for one in gateway.received.all()] == [(ORDER["id"], 2, 2)]


def test_a_wrong_token_is_refused(gateway: FakeGateway):
    assert send_sms(gateway, token="another") == 401
    assert gateway.received.all() == []


@pytest.mark.parametrize("wrong", [{"to": "9876543210"}, {"text": None}, {"unicode": "yes"}, {"id": 5}])
def test_what_is_no_sms_is_refused_for_good(gateway: FakeGateway, wrong: dict[str, Any]):
    assert send_sms(gateway, **wrong) == 400


@pytest.mark.parametrize(("mode", "status"), [("refuse", 503), ("busy", 429)])
def test_a_gateway_refuses_each_message_as_often_as_set(gateway: FakeGateway, mode: str, status: int):
    gateway.modes.set("sms1", mode, times=2)

    statuses = [send_sms(gateway) for _ in range(3)]

    assert statuses == [status, status, 202]
    assert len(gateway.received.all()) == 1


def test_a_gateway_that_hangs_accepts_nothing(gateway: FakeGateway):
    gateway.modes.set("sms1", "hang")

    with pytest.raises(TimeoutError):
        send_sms(gateway, patience=0.2)

    assert gateway.received.all() == []


def test_a_gateway_that_drops_the_connection_has_accepted_the_message(gateway: FakeGateway):
    gateway.modes.set("sms1", "drop")

    with pytest.raises((RemoteDisconnected, ConnectionError)):
        send_sms(gateway)

    assert [one.answered for one in gateway.received.all()] == [0]


def test_a_slow_gateway_accepts_the_message(gateway: FakeGateway):
    gateway.modes.set("sms1", "slow")

    assert send_sms(gateway) == 202
    assert len(gateway.received.all()) == 1


@pytest.mark.parametrize(
    ("mode", "states"),
    [
        ("ok", ["sent", "delivered"]),
        ("silent", []),
        ("lie", ["sent", "permanent_failure"]),
        ("off", ["sent", "temporary_failure"]),
        ("repeat", ["sent", "sent", "sent", "delivered", "delivered", "delivered"]),
        ("reorder", ["delivered", "sent", "temporary_failure"]),
    ],
)
def test_receipts_are_signed_and_as_the_failure_mode_says(
    gateway: FakeGateway, sms_gateway: SmsGateway, mode: str, states: list[str]
):
    gateway.modes.set("sms1", mode)

    send_sms(gateway, callback=sms_gateway.url)

    assert receipts_of(sms_gateway, gateway, len(states)) == [(state, True) for state in states]


def test_a_phone_that_was_off_gets_what_is_sent_again(gateway: FakeGateway, sms_gateway: SmsGateway):
    gateway.modes.set("sms1", "off")
    send_sms(gateway, callback=sms_gateway.url)
    assert gateway.receipts.is_done(patience_s=20)
    send_sms(gateway, id="another key", callback=sms_gateway.url)

    states = [state for state, _ in receipts_of(sms_gateway, gateway, 4)]

    assert states == ["sent", "temporary_failure", "sent", "delivered"]


def test_forged_receipts_are_wrong_each_in_its_way(gateway: FakeGateway, sms_gateway: SmsGateway):
    send_sms(gateway, id="another", to="919876500000")
    gateway.modes.set("sms1", "forge")

    send_sms(gateway, callback=sms_gateway.url)

    reported = receipts_of(sms_gateway, gateway, 6)
    assert [state for state, is_right in reported if is_right] == ["", "delivered"]
    assert {json.loads(body)["id"] for _, _, body in sms_gateway.asked if body != b"[]"} > {
        ORDER["id"],
        "another",
    }


def test_receipts_never_leave_this_machine(gateway: FakeGateway):
    send_sms(gateway, callback="http://example.com/gateway/sms/receipts")

    assert gateway.receipts.is_done(patience_s=1)
    assert gateway.received.all()[0].receipts == []


def test_an_email_is_shown_as_text_and_as_a_mail_program_shows_it(gateway: FakeGateway):
    write_letter(gateway)

    [letter] = gateway.received.all()
    assert (letter.key, letter.to, letter.about) == (LETTER, "a@example.in", "बिल")
    assert ask(gateway, f"/letters/{letter.provider_id}") == (200, letter.html)


def test_an_email_can_bounce(gateway: FakeGateway):
    write_letter(gateway)

    [letter] = gateway.received.all()
    _status, mail = ask(gateway, f"/bounces/{letter.provider_id}")

    assert bounce_in(mail.encode()) == Bounce(LETTER, "5.1.1")


@pytest.mark.parametrize(("mode", "code"), [("refuse", 550), ("busy", 451)])
def test_a_mail_server_refuses_recipients(gateway: FakeGateway, mode: str, code: int):
    gateway.modes.set("mail", mode)

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        write_letter(gateway)

    assert [answer[0] for answer in refused.value.recipients.values()] == [code]


def test_a_mail_server_that_drops_the_connection_has_accepted_the_email(gateway: FakeGateway):
    gateway.modes.set("mail", "drop")

    with pytest.raises((smtplib.SMTPException, ConnectionError)):
        write_letter(gateway)

    assert len(gateway.received.all()) == 1


def test_the_page_shows_texts_as_texts(gateway: FakeGateway):
    send_sms(gateway)

    _status, page = ask(gateway, "/")

    assert "नमस्ते &lt;b&gt;" in page
    assert "WSS_SMS_CALLBACK_SECRET=" in page


def test_failure_modes_are_set_on_the_page(gateway: FakeGateway):
    status, page = ask(gateway, "/failure-modes", b"sms1=drop&sms1-times=2&sms2=ok&sms2-times=0&mail=refuse")

    assert (status, gateway.modes.of("sms1").mode, gateway.modes.of("sms1").times) == (200, "drop", 2)
    assert gateway.modes.of("mail").mode == "refuse"
    assert '<option value="drop" selected>' in page


@pytest.mark.parametrize(
    "body", [b"{}x", b"[]", b'{"sms1": {"failure_mode": "glum"}}', b'{"sms9": {"failure_mode": "ok"}}']
)
def test_unknown_failure_modes_are_refused(gateway: FakeGateway, body: bytes):
    status, _ = ask(gateway, "/failure-modes", body, **{"Content-Type": "application/json"})

    assert status == 400


def test_programs_use_the_present_names_or_the_former_ones(gateway: FakeGateway):
    headers = {"Content-Type": "application/json"}
    ask(gateway, "/failure-modes", b'{"sms1": {"failure_mode": "slow", "times": 2}}', **headers)
    ask(gateway, "/moods", b'{"sms2": {"mood": "slow", "times": 2}}', **headers)
    send_sms(gateway)
    modes = json.loads(ask(gateway, "/moods")[1])
    [message] = json.loads(ask(gateway, "/received.json")[1])["received"]

    assert modes["sms1"] == modes["sms2"] == {"failure_mode": "slow", "mood": "slow", "times": 2}
    assert (
        (message["failure_mode"], message["receipts"]) == (message["mood"], message["told"]) == ("slow", [])
    )
    assert json.loads(ask(gateway, "/arrived.json")[1])["arrived"] == [message]
    assert json.loads(ask(gateway, "/count")[1]) == {"received": 1, "arrived": 1, "waiting": 0}


@pytest.mark.parametrize("headers", [{"Host": "example.com"}, {"Origin": "https://example.com"}])
def test_other_sites_cannot_read_or_set_anything_through_a_browser(
    gateway: FakeGateway, headers: dict[str, str]
):
    assert ask(gateway, "/", **headers)[0] == 403
    assert ask(gateway, "/failure-modes", b"sms1=drop", **headers)[0] == 403
