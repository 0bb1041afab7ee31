"""What a mail that came back tells: which letter has not arrived, and whether it never will."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.bounces import KEY, a_bounce
from wss.domain.bounces import Bounce, bounce_in


def test_a_letter_that_was_given_up_is_told_with_the_servers_status():
    assert bounce_in(a_bounce()) == Bounce(KEY, "5.1.1")


def test_only_the_headers_may_have_come_back():
    assert bounce_in(a_bounce(returned="text/rfc822-headers")) == Bounce(KEY, "5.1.1")


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.7"), ("delivered", "2.0.0")]
)
def test_a_delay_or_a_success_is_no_failure(action: str, status: str):
    assert bounce_in(a_bounce(action=action, status=status)) is None


@pytest.mark.parametrize("message_id", ["<abc@example.com>", "", f"{KEY}@example.in", f"<{KEY}>"])
def test_a_letter_that_is_none_of_ours_is_left(message_id: str):
    assert bounce_in(a_bounce(message_id=message_id)) is None


def test_a_mail_that_is_no_report_is_left():
    assert (
        bounce_in(b"From: pooja@example.in\r\nMessage-ID: <x@y>\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n")
        is None
    )


@given(st.binary(max_size=400), st.integers(0, 2000), st.integers(0, 60))
def test_whatever_comes_is_read_without_fault(noise: bytes, at: int, gone: int):
    mail = a_bounce()

    bounce_in(mail[:at] + noise + mail[at + gone :])
