"""Parsing of form input: read as people mean it, or reported as wrong."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain import typed_values
from wss.domain.errors import Malformed

TODAY = date(2026, 11, 24)


def past_day(typed: str) -> date:
    return typed_values.past_day(typed, TODAY)


DAY = date(2026, 11, 18)
READ: dict[Any, dict[str, Any]] = {
    typed_values.reading: {
        **{"17246": 17246, "१७२४६": 17246, " 17 246 ": 17246, "17,246": 17246},
        **{"17246.8": 17246, "0": 0},
    },
    typed_values.amount: {
        **{"5740.35": 574035, "₹ 5,740.35": 574035, "Rs. 12,34,567.5": 123456750},
        **{"५००": 50000, ".50": 50},
    },
    typed_values.load: {"4": 4000, "7.46": 7460},
    typed_values.demand: {"12.5": 12500},
    typed_values.watts: {"75": 75, "१,०००": 1000},
    typed_values.count: {"0": 0, "4": 4},
    typed_values.minutes_a_day: {"24": 1440, "0": 0, "२.५": 150, "0.33": 20},
    past_day: {
        **{"18-11-2026": DAY, "18/11/2026": DAY, "18.11.2026": DAY, "2026-11-18": DAY},
        **{"१८-११-२०२६": DAY, " 18 11 2026 ": DAY},
    },
    # In Uttar Pradesh; a day begins at midnight.
    typed_values.local_moment: {
        "2026-11-24T10:30": datetime(2026, 11, 24, 5, 0, tzinfo=UTC),
        "2026-11-24": datetime(2026, 11, 23, 18, 30, tzinfo=UTC),
        "24-11-2026 10:30": datetime(2026, 11, 24, 5, 0, tzinfo=UTC),
        "२४/११/२०२६ ९:०५": datetime(2026, 11, 24, 3, 35, tzinfo=UTC),
        "24-11-2026": datetime(2026, 11, 23, 18, 30, tzinfo=UTC),
        " ": None,
    },
}


@pytest.mark.parametrize(("rule", "typed"), [(rule, typed) for rule in READ for typed in READ[rule]])
def test_what_is_typed_is_read_as_people_mean_it(rule: Any, typed: str):
    assert rule(typed) == READ[rule][typed]


MALFORMED = {
    typed_values.reading: ["", "many", "-5", "\u22125", "1e5", "1.2.3", "1" * 10, "½", "٫٥"],
    typed_values.amount: ["0", "-1", "1.234", "abc", "1e3", "NaN", "Infinity", "9" * 12],
    typed_values.local_moment: [
        *("2026-13-01T10:00", "24-13-2026", "10:30", "24-11-2026 10:60"),
        *("2026-11-24T25:00", "0000-01-01", "0001-01-01", "now", "'; --"),
    ],
}


@pytest.mark.parametrize(
    ("rule", "typed"), [(rule, typed) for rule in MALFORMED for typed in MALFORMED[rule]]
)
def test_what_is_no_reading_amount_or_moment_is_reported(rule: Any, typed: str):
    with pytest.raises(Malformed):
        rule(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("25-11-2026", "day_in_future"),
        ("31-02-2026", "day_malformed"),
        ("yesterday", "day_malformed"),
        ("01-01-2001", "day_long_ago"),
    ],
)
def test_an_impossible_day_is_reported(typed: str, code: str):
    with pytest.raises(Malformed, match=code):
        typed_values.past_day(typed, TODAY)


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("17", 17), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_has_the_digits_0_to_9(typed: str, number: int):
    assert typed_values.whole_number(typed) == number


@pytest.mark.parametrize("typed", ["", " 1", "+1", "-1", "1.0", "1_000", "१२", "²", "9" * 19])
def test_every_other_text_is_no_whole_number(typed: str):
    assert typed_values.whole_number(typed) is None


def test_a_version_that_is_none_is_one_that_no_row_has():
    assert (typed_values.version("3"), typed_values.version("x"), typed_values.version("")) == (3, -1, -1)


@pytest.mark.parametrize(
    ("typed", "is_code"),
    [
        *((typed, True) for typed in ("123456", " 123 456 ", "१२३-४५६")),
        *((typed, False) for typed in ("", "12345", "1234567", "12345a")),
    ],
)
def test_a_code_has_all_its_digits_in_groups_or_any_script(typed: str, is_code: bool):
    assert typed_values.is_code(typed) is is_code


def test_a_day_of_a_filter_has_the_indian_form_or_that_of_browsers():
    texts = ("24-11-2026", "24/11/2026", "2026-11-24", "31-02-2026", "01-01-1989", "yesterday", "")

    assert [typed_values.typed_day(text) for text in texts] == [date(2026, 11, 24)] * 3 + [None] * 4


def test_a_day_out_of_an_address_is_the_one_form_that_browsers_send():
    days = [typed_values.iso_day(text) for text in ("2026-11-24", "20261124", "24-11-2026", "1989-12-31")]

    assert days == [date(2026, 11, 24), None, None, None]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("  मीना\u202e \n शर्मा\x00 ", "मीना शर्मा"), ("क्\u200dष", "क्\u200dष")],
    ids=["hidden marks go", "a joiner that shapes a letter stays"],
)
def test_a_name_is_one_line_without_hidden_marks(typed: str, name: str):
    assert typed_values.line(typed, 200) == name


@pytest.mark.parametrize(
    ("typed", "code"), [(" ", "text_missing"), ("...", "text_malformed"), ("x" * 201, "text_too_long")]
)
def test_what_is_no_name_is_reported(typed: str, code: str):
    with pytest.raises(Malformed, match=code):
        typed_values.line(typed, 200)


def test_remarks_keep_their_lines():
    assert typed_values.remarks(" one \r\ntwo\r\n") == "one\ntwo"


def test_a_thousand_characters_fit():
    assert len(typed_values.remarks("अ" * 1000)) == 1000


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_reported(typed: str):
    for read in (
        typed_values.reading,
        typed_values.amount,
        typed_values.load,
        typed_values.remarks,
        lambda t: typed_values.past_day(t, TODAY),
    ):
        try:
            read(typed)
        except Malformed as refused:
            assert refused.code
