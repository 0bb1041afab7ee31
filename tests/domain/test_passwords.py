"""Passwords that are refused, and passwords that are accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.passwords import refusal

COMMON = frozenset({"iloveyou123", "1q2w3e4r5t6y"})
KNOWN = ("7950761921", "101000000003", "8539436110", "pooja.sharma")


@pytest.mark.parametrize(
    "password",
    [
        "seven blue lamps",
        "नीली बत्ती सात",
        "aaaabbbbccdd ee",
        "correct-horse",
        "a1B2c3D4e5",
        "x" * 5 + "abcdefgh",
    ],
)
def test_an_unusual_password_is_accepted_whatever_its_characters(password: str):
    assert refusal(password, COMMON, KNOWN) is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "password_too_short"),
        ("iloveyou123", "password_too_common"),
        ("ILoveYou123", "password_too_common"),
        ("1234567890", "password_too_common"),
        ("9876543210", "password_too_common"),
        ("qwertyuiop", "password_too_common"),
        ("abcdefghijkl", "password_too_common"),
        ("aaaaaaaaaaaa", "password_too_common"),
        ("1212121212", "password_too_common"),
        ("7950761921", "password_known_word"),
        ("8539436110!", "password_known_word"),
        ("Pooja.Sharma1", "password_known_word"),
        ("Electricity1", "password_known_word"),
        ("UPPCL@bijli", "password_known_word"),
    ],
)
def test_a_password_is_refused_and_the_reason_named(password: str, why: str):
    assert refusal(password, COMMON, KNOWN) == why


@pytest.mark.parametrize(
    ("length", "why"), [(9, "password_too_short"), (10, None), (128, None), (129, "password_too_long")]
)
def test_the_lengths_are_10_to_128_characters(length: int, why: str | None):
    password = ("blue lamp seven " * 9)[:length]

    assert refusal(password, COMMON, KNOWN) == why


@given(st.text(min_size=0, max_size=200), st.lists(st.text(max_size=30), max_size=4))
def test_whatever_is_typed_gets_an_answer(password: str, known: list[str]):
    assert refusal(password, COMMON, known) in {
        None,
        "password_too_short",
        "password_too_long",
        "password_too_common",
        "password_known_word",
    }
