"""Delivery receipts: their signature, their shape, and what is stored of them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.delivery import DeliveryState
from wss.domain.receipts import DeliveryReceipt, possible_signers, receipt_from, signature

SECRETS = (("sms1", "the secret of the first"), ("sms2", "the secret of the second"))
BODY = b'{"id": "6f1d1c52", "state": "delivered"}'
BY = frozenset({"sms1"})


def parsed_receipt(**changes: Any) -> DeliveryReceipt | None:
    """Return the receipt parsed from a body with these changes; None for a field leaves it out."""
    fields = {
        "id": "6f1d1c52-0000-4000-8000-000000000001",
        "provider_id": "p1",
        "state": "delivered",
        "reason": "",
        "at": "2026-11-24T10:00:00Z",
    } | changes
    present = {name: value for name, value in fields.items() if value is not None}
    return receipt_from(json.dumps(present).encode(), BY)


def test_a_signature_identifies_the_gateway():
    assert possible_signers(BODY, signature(BODY, SECRETS[1][1]), SECRETS) == {"sms2"}


def test_a_secret_that_two_share_speaks_for_both():
    shared = [(name, "shared") for name, _secret in SECRETS]

    assert possible_signers(BODY, signature(BODY, "shared"), shared) == {"sms1", "sms2"}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        signature(BODY, "another"),
        signature(BODY + b" ", SECRETS[0][1]),
        signature(BODY, SECRETS[0][1]).upper(),
        signature(BODY, SECRETS[0][1]).removeprefix("sha256="),
        signature(BODY, SECRETS[0][1])[:-1],
        "sha256=é",
        "\ud800",
    ],
)
def test_any_other_signature_belongs_to_no_gateway(header: str):
    assert possible_signers(BODY, header, SECRETS) == frozenset()


def test_without_a_secret_no_one_can_sign():
    assert possible_signers(BODY, signature(BODY, ""), (("sms1", ""),)) == frozenset()


@pytest.mark.parametrize("state", ["sent", "delivered", "temporary_failure", "permanent_failure"])
def test_a_receipt_has_one_of_four_states(state: str):
    receipt = parsed_receipt(state=state)

    assert receipt is not None
    assert (receipt.key, receipt.state, receipt.gateways) == (
        "6f1d1c52-0000-4000-8000-000000000001",
        DeliveryState(state),
        BY,
    )


@pytest.mark.parametrize("left_out", ["provider_id", "reason", "at"])
def test_a_receipt_may_leave_out_what_changes_nothing(left_out: str):
    assert parsed_receipt(**{left_out: None}) is not None


@pytest.mark.parametrize("field", ["provider_id", "reason", "at"])
def test_an_optional_field_that_is_null_or_empty_is_left_out(field: str):
    body = {"id": "6f1d1c52", "state": "delivered", "delivered_by": "x"}

    assert {receipt_from(json.dumps(body | {field: value}).encode(), BY) for value in (None, "")} == {
        receipt_from(json.dumps(body).encode(), BY)
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": 7},
        {"state": None},
        {"state": "waiting"},
        {"state": "expired"},
        {"state": "DELIVERED"},
        {"state": ["delivered"]},
        {"provider_id": ["p1"]},
        {"provider_id": True},
        {"reason": {"code": 1}},
        {"at": "yesterday"},
        {"at": 1732442400},
    ],
)
def test_a_body_of_another_shape_is_no_receipt(changes: dict[str, Any]):
    assert parsed_receipt(**changes) is None


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"not json", b"\xff\xfe", b'"delivered"', b"[" * 5000])
def test_whatever_else_comes_is_no_receipt(body: bytes):
    assert receipt_from(body, BY) is None


@pytest.mark.parametrize("key", ["", "x" * 37, "a\x00b", "' OR 1=1 --", "आईडी", "a\nb"])
def test_a_key_of_another_shape_is_none_of_ours(key: str):
    receipt = parsed_receipt(id=key)

    assert receipt is not None and receipt.key == ""


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("absent_subscriber", "absent_subscriber"),
        ("Absent Subscriber!", "absent subscriber"),
        ("error 34", "error 34"),
        (34, "34"),
        ("918539436110 is switched off", "is switched off"),
        ("98 539 436 110 is off", "is off"),
        ("OTP 123456 expired", "otp expired"),
        ("<b>x</b>", "b x b"),
        ("नंबर बंद है", ""),
        ("x" * 100, "x" * 40),
    ],
)
def test_of_a_reason_only_a_short_code_is_kept(reason: str | int, kept: str):
    receipt = parsed_receipt(reason=reason, provider_id=98_000_001)

    assert receipt is not None and receipt.reason == kept


@given(st.text())
def test_whatever_is_said_the_reason_kept_is_a_code_without_numbers_of_people(reason: str):
    receipt = parsed_receipt(reason=reason)

    assert receipt is not None and len(receipt.reason) <= 40
    assert set(receipt.reason) <= set("abcdefghijklmnopqrstuvwxyz0123456789_ ")


@given(st.binary())
def test_no_body_breaks_the_reading(body: bytes):
    assert receipt_from(body, BY) is None or isinstance(receipt_from(body, BY), DeliveryReceipt)
