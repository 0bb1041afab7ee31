"""Texts that an administrator may not write where consumers read them, in every table with such texts."""

import pytest

from wss.domain.extracts import EXTRACTS, RowRefused, row_rule
from wss.domain.extracts.rows import KnownValues
from wss.domain.shown_texts import shown_text_fault

ROWS = {
    "offices": "C1,,discom,{},{},,,,,{},{},order 7,average_paid,6,{},{},,,,,,,",
    "catalogue": "K1,{},{},{},{},urban,,,7,sdo,subdivision,{},{},",
    "reasons": "R1,{},{}",
    "holidays": "2026-11-24,{},{}",
    "forums": "F1,circle,C1,{},{},,,yes,{},{}",
    "compensation": "C1,K1,50.00,,0,calendar,{},{},no,no",
    "canned": "C1,note,,{},{},{},{},",
}
COLUMNS = [(table, place) for table, row in ROWS.items() for place in range(row.count("{}"))]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("evil.in", "address_in_text"),
        ("t.me/pay", "address_in_text"),
        ("Pay at evil。भारत", "address_in_text"),
        ("ｅｖｉｌ．ｉｎ", "address_in_text"),
        ("tel:1900", "address_in_text"),
        ("x@evil", "address_in_text"),
        ("10.0.0.1", "address_in_text"),
        ("Call 98119-99999 now", "number_in_text"),
        ("कॉल ९८११९ ९९९९९", "number_in_text"),
        ("Sub\u202edivision", "hidden_sign"),
        ("Sub\u200bdivision", "hidden_sign"),
        ("Sub\x07division", "hidden_sign"),
        ("मध्यांचल विद्युत वितरण निगम, लखनऊ", None),
        ("E.D.D.-II (Urban), M.G.Road, Dr. Ambedkar Nagar 224122", None),
        ("वि.वि.नि.लि., उ.प्र.", None),
        ("क्\u200dष: 2026-27, call 1912", None),
    ],
)
def test_addresses_numbers_and_hidden_signs_are_found_and_usual_names_are_not(words, fault):
    assert shown_text_fault(words) == fault


@pytest.mark.parametrize(("table", "place"), COLUMNS)
def test_a_row_with_an_address_in_words_for_consumers_is_refused(table, place):
    cells = ["Name"] * (place + 1)
    cells[place] = "evil.in"
    row = ROWS[table].format(*cells, *["Name"] * 6).split(",")

    with pytest.raises(RowRefused, match="address_in_text"):
        row_rule(EXTRACTS[table], KnownValues({"office": ["C1"], "kind": ["K1"]}))(row)
