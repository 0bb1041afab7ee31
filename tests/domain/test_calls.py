"""Calls: what a typed number can be, and when a call expires."""

from datetime import UTC, datetime, timedelta

import pytest

from wss.domain.calls import CallerNumber, SearchKind, is_expired, key_kinds
from wss.domain.errors import Malformed

ACCOUNT, COMPLAINT, MOBILE, BILL = (
    SearchKind.ACCOUNT,
    SearchKind.COMPLAINT,
    SearchKind.MOBILE,
    SearchKind.BILL,
)
BEGAN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("q", "kinds"),
    [
        ("511820841163", {ACCOUNT: "511820841163", BILL: "511820841163"}),
        ("1234567890", {ACCOUNT: "1234567890", BILL: "1234567890"}),
        # Ten digits that begin like a mobile can be all three.
        ("7950761921", {ACCOUNT: "7950761921", MOBILE: "7950761921", BILL: "7950761921"}),
        ("100 0000 0016", {COMPLAINT: "10000000016", BILL: "10000000016"}),
        ("10000000017", {BILL: "10000000017"}),
        ("०7950761921", {MOBILE: "7950761921", BILL: "07950761921"}),
        ("SBM-2026-77a", {BILL: "SBM202677A"}),
        ("७९५०७६१९२१", {ACCOUNT: "7950761921", MOBILE: "7950761921", BILL: "7950761921"}),
    ],
)
def test_a_number_can_be_whatever_its_characters_allow(q: str, kinds: dict[SearchKind, str]):
    assert {key.kind: key.value for key in key_kinds(q)} == kinds


@pytest.mark.parametrize(
    ("q", "code"),
    [
        ("", "q_missing"),
        ("   ", "q_missing"),
        ("79507%", "q_wildcard"),
        ("795076192_", "q_wildcard"),
        ("*7950761921", "q_wildcard"),
        ("795076192?", "q_wildcard"),
        ("79507", "q_too_short"),
        ("7-9-5-0-7", "q_too_short"),
        ("Pooja Sharma, Kumarpur", "q_malformed"),
        ("7950761921' OR 1=1", "q_malformed"),
        ("1" * 21, "q_malformed"),
    ],
)
def test_what_is_no_whole_number_opens_nothing(q: str, code: str):
    with pytest.raises(Malformed) as refused:
        key_kinds(q)

    assert refused.value.code == code


def test_a_key_is_stored_as_the_tables_have_it():
    assert CallerNumber(MOBILE, "7950761921") in key_kinds("+91 79507-61921")


@pytest.mark.parametrize(
    ("last_step", "now", "expired"), [(0, 29, False), (0, 30, True), (119, 119, False), (119, 120, True)]
)
def test_a_call_expires_half_an_hour_after_its_last_step_and_after_two_hours(last_step, now, expired):
    step, at = BEGAN + timedelta(minutes=last_step), BEGAN + timedelta(minutes=now)

    assert is_expired(BEGAN, step, at) is expired
