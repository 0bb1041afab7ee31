"""An officer's input of a revision: numbers in any script, faults at their field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.billed import BillInput
from wss.domain.revision_input import FIELDS, initial_values, parse_input

CATEGORIES = ("LMV-1U", "LMV-2")
TYPED = {
    "previous_reading": "16880",
    "current_reading": "17088",
    "basis": "MU",
    "load_kw": "4",
    "category": "LMV-1U",
    "old_meter_reading": "",
    "new_meter_initial": "",
}


@pytest.mark.parametrize("field", ["load_kw", "multiplying_factor"])
@pytest.mark.parametrize("value", ["0", "0.001", "0.099"])
def test_load_and_factor_have_a_floor_that_only_the_bills_own_may_be_below(field: str, value: str):
    assert parse_input(TYPED | {field: value}, CATEGORIES) == (None, {field: "too_small"})

    own = BillInput(1, 2, "MU", int(float(value) * 1000), "LMV-1U", multiplying_factor_milli=99)
    put, wrong = parse_input(TYPED | {"load_kw": value, "multiplying_factor": "0.099"}, CATEGORIES, own)
    assert put is not None and not wrong


def test_what_is_typed_becomes_numbers():
    assert parse_input(TYPED, CATEGORIES) == (BillInput(16880, 17088, "MU", 4000, "LMV-1U"), {})


def test_devanagari_digits_and_spaces_are_understood():
    put, wrong = parse_input(TYPED | {"current_reading": "१७ ०८८", "load_kw": "२.५"}, CATEGORIES)

    assert not wrong
    assert put is not None
    assert (put.current_reading, put.load_w) == (17088, 2500)


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("previous_reading", "", "missing"),
        ("current_reading", "12a", "not_a_whole_number"),
        ("current_reading", "-5", "not_a_whole_number"),
        ("current_reading", "1.5", "not_a_whole_number"),
        ("current_reading", "99999999999", "beyond_reason"),
        ("basis", "XX", "unknown_basis"),
        ("basis", "", "missing"),
        ("load_kw", "", "missing"),
        ("load_kw", "four", "not_a_number"),
        ("category", "LMV-9", "unknown_category"),
        ("old_meter_reading", "x", "not_a_whole_number"),
    ],
)
def test_a_fault_is_shown_at_its_field(field, typed, code):
    put, wrong = parse_input(
        TYPED | {field: typed, "new_meter_initial": "0" if field[0] == "o" else ""}, CATEGORIES
    )

    assert (put, wrong) == (None, {field: code})


def test_a_replaced_meter_needs_both_of_its_readings():
    assert parse_input(TYPED | {"old_meter_reading": "16900"}, CATEGORIES)[1] == {
        "new_meter_initial": "replacement_needs_both"
    }


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30)))
def test_whatever_is_typed_is_read_or_reported(typed):
    put, wrong = parse_input(typed, CATEGORIES)

    assert (put is None) is bool(wrong)


def test_what_is_filled_in_reads_as_it_was():
    put = BillInput(1, 2, "PROV", 7460, "LMV-2", 5, 0)

    assert parse_input(initial_values(put), CATEGORIES)[0] == put
