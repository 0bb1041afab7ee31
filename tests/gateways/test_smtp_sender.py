"""E-mail through a real SMTP server on the loopback."""

import socket
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from email.policy import compat32
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.message_servers import Mailbox
from wss.gateways.email import SmtpSender
from wss.gateways.message_texts import message_of
from wss.gateways.senders import Parcel, SendFailed

SUBJECT, TEXT = "WSS: अपना पंजीकरण पूरा करें", "नमस्ते,\n\nलिंक 24 घंटे मान्य है।\n\nमदद: 1912"
NAMES = {"from", "to", "subject", "message-id", "content-language", "content-type", "mime-version"}
NAMES |= {"auto-submitted"}


def a_letter(to: str = "pooja@example.in", subject: str = SUBJECT, text: str = TEXT) -> Parcel:
    return Parcel("6f1d1c52-0000-4000-8000-000000000001", "email", to, "activation", "hi", subject, text)


def sender(mailbox: Mailbox) -> SmtpSender:
    return SmtpSender(mailbox.url, "wss@example.in")


def failure(mailbox: Mailbox, parcel: Parcel | None = None) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        sender(mailbox).send(parcel or a_letter())
    return caught.value


def the_letter(mailbox: Mailbox) -> EmailMessage:
    [letter] = mailbox.letters
    return letter


def test_hindi_arrives_as_it_was_written(mailbox: Mailbox):
    sender(mailbox).send(a_letter())

    letter = the_letter(mailbox)
    assert (letter["Subject"], letter.get_body(("plain",)).get_content().replace("\r\n", "\n").strip()) == (
        SUBJECT,
        TEXT,
    )


def test_it_goes_to_one_recipient_from_us_with_the_messages_own_id(mailbox: Mailbox):
    sender(mailbox).send(a_letter())

    letter = the_letter(mailbox)
    assert mailbox.recipients == ["pooja@example.in"]
    assert (letter["From"], letter["To"]) == ("wss@example.in", "pooja@example.in")
    assert letter["Message-ID"] == "<6f1d1c52-0000-4000-8000-000000000001@example.in>"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=st.text(min_size=1, max_size=60) | st.just("x\r\nBcc: evil@example.com\r\n\r\nyours"))
def test_no_value_adds_a_header_or_a_recipient(mailbox: Mailbox, value: str):
    mailbox.letters.clear()
    mailbox.recipients.clear()
    values = {"complaint_no": value, "link": "https://wss.example.in/t/X", "promised_on": value}
    values["site"] = "https://wss.example.in"
    worded = message_of("request_registered", "email", "hi", values)

    sender(mailbox).send(a_letter(subject=worded.subject, text=worded.text))

    assert mailbox.recipients == ["pooja@example.in"]
    assert {name.lower() for name in the_letter(mailbox)} - {"content-transfer-encoding", "x-peer"} == NAMES


@pytest.mark.parametrize(
    "address",
    [
        "a@example.in, evil@example.com",
        "a@example.in\r\nBcc: evil@example.com",
        "a@example.in>\r\nRCPT TO:<evil@example.com",
    ],
)
def test_an_address_never_becomes_two(mailbox: Mailbox, address: str):
    with suppress(SendFailed, ValueError):
        sender(mailbox).send(a_letter(to=address))

    assert "evil@example.com" not in mailbox.recipients
    assert len(mailbox.recipients) <= 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "again"),
    [("451 try later", True), ("421 busy", True), ("550 no such box", False), ("554 no", False)],
)
def test_a_4xx_is_tried_again_and_a_5xx_is_final(mailbox: Mailbox, step: str, answer: str, again: bool):
    mailbox.answers[step] = answer

    failed = failure(mailbox)

    assert (failed.again, failed.reason) == (again, f"smtp {answer[:3]}")


def test_a_refused_connection_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(SendFailed) as caught:
        SmtpSender(f"smtp://127.0.0.1:{port}", "wss@example.in").send(a_letter())

    assert caught.value.again


def test_a_server_that_says_nothing_is_left_after_the_time_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("wss.gateways.email.TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(SendFailed) as caught:
        SmtpSender(f"smtp://127.0.0.1:{silent.getsockname()[1]}", "wss@example.in").send(a_letter())

    assert caught.value.again


def test_a_password_that_the_server_does_not_take_is_our_fault_and_tried_again(mailbox: Mailbox):
    url = mailbox.url.replace("smtp://", "smtp://wss:wrong@")

    with pytest.raises(SendFailed) as caught:
        SmtpSender(url, "wss@example.in").send(a_letter())

    assert caught.value.again


def test_a_failure_discloses_no_address_and_no_text(mailbox: Mailbox):
    mailbox.answers["RCPT"] = "550 <pooja@example.in> unknown"

    assert "pooja" not in failure(mailbox).reason


@pytest.mark.parametrize(
    ("answer", "is_to_blame"),
    [
        ("550 5.1.1 no such box", True),
        ("550 no such box", True),
        ("551 not here", True),
        ("550 5.2.1 box closed", True),
        ("550 5.7.1 you are on a list", False),
        ("552 5.2.2 box full", False),
        ("554 no", False),
        ("450 4.1.1 not now", False),
    ],
)
def test_the_address_is_to_blame_only_where_the_server_says_so(
    mailbox: Mailbox, answer: str, is_to_blame: bool
):
    mailbox.answers["RCPT"] = answer

    assert failure(mailbox).no_such_recipient is is_to_blame


def test_a_refused_letter_says_nothing_about_its_address(mailbox: Mailbox):
    mailbox.answers["DATA"] = "550 5.1.1 no"

    assert not failure(mailbox).no_such_recipient


def test_a_line_that_breaks_after_the_letter_leaves_in_doubt_whether_it_was_taken(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    async def cut(server: Any, session: Any, envelope: Any) -> str:
        server.transport.abort()
        return "250 OK"

    monkeypatch.setattr(mailbox, "handle_DATA", cut)

    failed = failure(mailbox)

    assert (failed.again, failed.in_doubt) == (True, True)


def test_a_line_that_breaks_before_the_letter_leaves_no_doubt(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    async def cut(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        server.transport.abort()
        return "250 OK"

    monkeypatch.setattr(mailbox, "handle_RCPT", cut)

    failed = failure(mailbox)

    assert (failed.again, failed.in_doubt) == (True, False)


def test_a_letter_that_was_taken_stays_taken_whatever_comes_after(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    async def rude(server: Any, session: Any, envelope: Any) -> str:
        return "500 what?"

    monkeypatch.setattr(mailbox, "handle_QUIT", rude, raising=False)

    sender(mailbox).send(a_letter())

    assert len(mailbox.letters) == 1


def test_the_way_out_of_alerts_arrives_as_it_is_however_long(mailbox: Mailbox):
    way_out = (
        "https://self-service.paschimanchal-vidyut-vitran.example.in/unsubscribe/1-" + "0" * 32 + "?lang=hi"
    )

    sender(mailbox).send(replace(a_letter(), unsubscribe=way_out))

    assert f"List-Unsubscribe: <{way_out}>\r\n".encode() in mailbox.letters[0].as_bytes(
        policy=compat32.clone(linesep="\r\n", max_line_length=998)
    )
