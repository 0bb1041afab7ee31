"""Values typed into a form are parsed as they are meant, or refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain import answers
from wss.domain.errors import Malformed

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("17246", 17246),
        ("१७२४६", 17246),
        (" 17 246 ", 17246),
        ("17,246", 17246),
        ("17246.8", 17246),
        ("0", 0),
    ],
)
def test_a_reading_is_its_whole_units(typed: str, read: int):
    assert answers.reading(typed) == read


@pytest.mark.parametrize("typed", ["", "many", "-5", "\u22125", "1e5", "1.2.3", "1" * 10, "½", "٫٥"])
def test_what_is_no_reading_is_told(typed: str):
    with pytest.raises(Malformed):
        answers.reading(typed)


@pytest.mark.parametrize(
    ("typed", "paise"),
    [
        ("5740.35", 574035),
        ("₹ 5,740.35", 574035),
        ("Rs. 12,34,567.5", 123456750),
        ("५००", 50000),
        (".50", 50),
    ],
)
def test_an_amount_is_kept_in_paise(typed: str, paise: int):
    assert answers.amount(typed) == paise


@pytest.mark.parametrize("typed", ["0", "-1", "1.234", "abc", "1e3", "NaN", "Infinity", "9" * 12])
def test_what_is_no_amount_is_told(typed: str):
    with pytest.raises(Malformed):
        answers.amount(typed)


def test_a_load_is_kept_in_watts():
    assert (answers.load("4"), answers.load("7.46"), answers.demand("12.5")) == (4000, 7460, 12500)


@pytest.mark.parametrize(
    "typed", ["18-11-2026", "18/11/2026", "18.11.2026", "2026-11-18", "१८-११-२०२६", " 18 11 2026 "]
)
def test_a_day_is_read_in_every_usual_way(typed: str):
    assert answers.past_day(typed, TODAY) == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("25-11-2026", "day_in_future"),
        ("31-02-2026", "day_malformed"),
        ("yesterday", "day_malformed"),
        ("01-01-2001", "day_long_ago"),
    ],
)
def test_a_day_that_cannot_be_is_told(typed: str, code: str):
    with pytest.raises(Malformed, match=code):
        answers.past_day(typed, TODAY)


def test_a_name_is_one_line_without_hidden_marks():
    assert answers.line("  मीना\u202e \n शर्मा\x00 ", 200) == "मीना शर्मा"


def test_a_joiner_that_shapes_a_letter_stays():
    assert answers.line("क्\u200dष", 200) == "क्\u200dष"


@pytest.mark.parametrize(
    ("typed", "code"), [(" ", "text_missing"), ("...", "text_malformed"), ("x" * 201, "text_too_long")]
)
def test_what_is_no_name_is_told(typed: str, code: str):
    with pytest.raises(Malformed, match=code):
        answers.line(typed, 200)


def test_remarks_keep_their_lines():
    assert answers.remarks(" one \r\ntwo\r\n") == "one\ntwo"


def test_a_thousand_characters_fit():
    assert len(answers.remarks("अ" * 1000)) == 1000


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_told(typed: str):
    for read in (
        answers.reading,
        answers.amount,
        answers.load,
        answers.remarks,
        lambda t: answers.past_day(t, TODAY),
    ):
        try:
            read(typed)
        except Malformed as told:
            assert told.code
