"""Cells that a spreadsheet shows and never computes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.spreadsheets import escape_formula

TRIGGERS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_what_could_be_a_formula_gets_an_apostrophe(trigger: str):
    assert escape_formula(f"{trigger}1+1") == f"'{trigger}1+1"
    assert escape_formula(f" {trigger}1+1") == f"' {trigger}1+1"


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str):
    shown = escape_formula(text)

    assert shown.endswith(text)
    assert shown.lstrip(" ")[:1] not in tuple(TRIGGERS)


def test_names_and_numbers_stay_as_they_are():
    assert escape_formula("उपखण्ड आगरा प्रथम") == "उपखण्ड आगरा प्रथम"
    assert escape_formula(12) == "12"
