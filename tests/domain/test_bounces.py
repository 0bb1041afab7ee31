"""Reading a bounced mail: which message was not delivered, and whether it is permanent."""

from email.encoders import encode_noop, encode_quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.bounces import (
    EXIM,
    EXIM_DELAY,
    KEY,
    QMAIL,
    YAHOO,
    a_bounce,
    a_plain_mail,
    a_reply,
    an_encoded_report,
    group,
)
from wss.domain.bounces import Bounce, bounce_in

REPORTS = {
    "the letter came back": (a_bounce(), "5.1.1"),
    "its headers came back": (a_bounce(returned="text/rfc822-headers"), "5.1.1"),
    "a delay too long at Postfix": (a_bounce(status="4.4.1"), "4.4.1"),
    "a delay too long at Exchange": (a_bounce(status="4.4.7"), "4.4.7"),
    "no status that can be read": (a_bounce(status="unknown"), "5.0.0"),
    "base64": (an_encoded_report(group("failed", "5.1.10")), "5.1.10"),
    "quoted-printable": (an_encoded_report(group("FAILED", "4.4.7"), encode=encode_quopri), "4.4.7"),
    "8bit, in an international report": (
        an_encoded_report(
            group("failed", "5.1.1"), encode=encode_noop, kind="message/global-delivery-status"
        ),
        "5.1.1",
    ),
    "as plain text": (an_encoded_report(group("failed", "5.1.1"), kind="text/plain"), "5.1.1"),
    "the second of its recipients": (
        an_encoded_report(group("delayed", "4.2.2", "list@example.in"), group("failed", "5.2.2")),
        "5.2.2",
    ),
    "without a status": (an_encoded_report(group("failed")), "5.0.0"),
    "qmail": (a_plain_mail(QMAIL), "4.4.1"),
    "Exim": (a_plain_mail(EXIM, X_Failed_Recipients="pooja@example.in"), "5.1.1"),
    "Yahoo, in UTF-16": (a_plain_mail(YAHOO, "utf-16"), "5.0.0"),
    "Gmail, without the letter": (a_reply("Address not found", From="mailer-daemon@googlemail.com"), "5.0.0"),
}


@pytest.mark.parametrize(("mail", "status"), REPORTS.values(), ids=REPORTS)
def test_every_final_failure_is_reported(mail: bytes, status: str):
    assert bounce_in(mail) == Bounce(KEY, status)


NO_REPORTS = {
    "a delay": a_bounce(action="delayed", status="4.4.1"),
    "a relay": a_bounce(action="relayed", status="5.0.0"),
    "a success": a_bounce(action="delivered", status="2.0.0"),
    "a letter of others": a_bounce(message_id="<abc@example.com>"),
    "a letter without an ID": a_bounce(message_id=""),
    "an ID without brackets": a_bounce(message_id=f"{KEY}@example.in"),
    "an ID without a host": a_bounce(message_id=f"<{KEY}>"),
    "no report": b"From: pooja@example.in\r\nMessage-ID: <x@y>\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n",
    "an encoded delay": an_encoded_report(group("delayed", "4.4.1")),
    "a warning of Exim": a_plain_mail(EXIM_DELAY, Subject="Warning: message delayed 24 hours"),
    "a delay at Gmail": a_plain_mail("(Delay) Gmail will retry", X_Failed_Recipients="pooja@example.in"),
    "a reader away": a_reply("I have left permanently.", Auto_Submitted="auto-replied"),
    "a reader who complains": a_reply("My bill could not be delivered to me", From="pooja@example.in"),
    "an answer": a_reply("Action: failed\nFinal-Recipient: x\nStatus: 5.1.1", From="pooja@example.in"),
}


@pytest.mark.parametrize("mail", NO_REPORTS.values(), ids=NO_REPORTS)
def test_a_mail_without_a_final_failure_of_ours_is_left(mail: bytes):
    assert bounce_in(mail) is None


def test_recipients_without_a_final_failure_are_distinguished():
    report = an_encoded_report(group("delivered", "2.0.0"), group("failed", "5.1.1", "rfc822;old@example.in"))

    bounce = bounce_in(report)

    assert bounce is not None and bounce.others == {"pooja@example.in"}


@given(st.binary(max_size=400), st.integers(0, 2000), st.integers(0, 60))
def test_whatever_comes_is_read_without_fault(noise: bytes, at: int, gone: int):
    mail = a_bounce()

    bounce_in(mail[:at] + noise + mail[at + gone :])
