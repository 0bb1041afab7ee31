"""Parsing of cells in the shapes that databases and spreadsheets give them, and the shapes that are refused."""

import pytest

from wss.domain.errors import Malformed
from wss.domain.extracts import addresses
from wss.domain.extracts.cells import RepairedCell, UnreadableCell
from wss.domain.extracts.dates import day, month
from wss.domain.extracts.files import encoding_of, separator_of
from wss.domain.extracts.losses import are_too_many_changed, is_unusual
from wss.domain.extracts.rows import RowRefused
from wss.domain.extracts.values import (
    account_no,
    bill_no,
    pincode,
    rupees,
    serial_no,
    text,
    thousandths,
    whole,
)

MOBILE = "9800000001"


def read(reader, cell):
    """Return the value of a cell, or the code of its fault."""
    try:
        return reader(cell)
    except RepairedCell as repaired:
        return repaired.value
    except Malformed as wrong:
        return wrong.code


def each(reader, *cells):
    return {cell: read(reader, cell) for cell in cells}


def all_are(value, reader, *cells):
    return each(reader, *cells) == dict.fromkeys(cells, value)


def test_a_mobile_is_read_in_every_shape_that_leaves_no_doubt():
    shapes = (
        *("9800000001.0", "9.800000001E+09", "+919800000001.0", "+91 98000 00001", "0091-98000-00001"),
        *("(+91) 98000-00001", "98000.00001", "tel:+919800000001", "Mob. 9800000001", "'9800000001"),
        *('="9800000001"', "9800000001;", "9800000001 (wife)", "९८०००००००१", "９８０００００００１"),
    )

    assert all_are(MOBILE, addresses.mobile, *shapes)


def test_of_several_numbers_the_first_mobile_is_taken():
    cells = (
        *("9800000001/9800000002", "05222267000, 9800000001", "98000 00001 98000 00002"),
        *("9800000001 or 9800000002", "+91-9800000001; +91-9800000002", "98000-00001-98000-00002"),
    )

    assert all_are(MOBILE, addresses.mobile, *cells)


def test_a_mobile_of_which_digits_are_missing_is_not_guessed():
    assert all_are("rounded_number", addresses.mobile, "9.8E+09", "9.80000000E+09", "9.8e9")
    assert all_are("mobile_length", addresses.mobile, "98000", "980000000")
    assert all_are("mobile_not_digits", addresses.mobile, "0", "0000000000")


def test_a_telephone_has_the_shape_of_one():
    kept = (
        "0522 000 0001",
        "1912",
        "1800-180-0440",
        "18001800440",
        "1800112222",
        "+91 522 2268230",
        "0522-2268230 x12",
    )

    assert each(addresses.phone, *kept) == {phone: phone for phone in kept}
    assert all_are("05222140891", addresses.phone, "5222140891", "5222140891.0", "5.222140891E+09")
    assert each(addresses.phone, "5.22E+09", "#REF!", "ask at the gate", "12") == {
        "5.22E+09": "rounded_number",
        "#REF!": "spreadsheet_error",
        "ask at the gate": "phone_malformed",
        "12": "phone_malformed",
    }


def test_an_address_is_found_next_to_a_name_and_before_another():
    cells = ("A <a@b.in>", "a@b.in; c@d.in", "mailto:a@b.in", "'a@b.in'")

    assert all_are("a@b.in", addresses.email, *cells)


def test_numbers_are_read_by_one_rule_in_every_column():
    five = (" 5 ", "5.", "5.0", "+5", "'5", "५", "5.000", "5.0E+00")

    assert all_are(5, whole(0, 10), *five)
    assert all_are(5000, thousandths(least=0), *five)
    assert all_are(500, rupees(), *five)


def test_a_fraction_may_begin_with_its_point_and_a_credit_end_with_its_sign():
    assert (read(thousandths(least=0), ".5"), read(rupees(), ".50")) == (500, 50)
    assert all_are(-1250, rupees(credit=True), "-12.5", "12.50-", "\u221212.50")


def test_what_could_be_two_numbers_is_none():
    cells = ("1,234.50", "1.234,50", "1e3", "1.2E+05", "", ".", "NaN", "12 34", "0x1F")

    assert all_are("not_an_amount", rupees(credit=True), *cells)


def test_keys_are_read_although_a_spreadsheet_took_them_for_numbers():
    assert all_are("7000000001", account_no, "7000000001.0", "7.000000001E+09", "'7000000001")
    assert (read(bill_no, "251100000000.0"), read(pincode, "226001.0")) == ("251100000000", "226001")
    assert read(account_no, "5.11821E+11") == "rounded_number"


def test_a_date_is_read_in_the_forms_that_people_see():
    forms = (
        *(
            "2026-01-26",
            "26-01-2026",
            "26/01/2026",
            "26.01.2026",
            "2026/1/26",
            "26-Jan-2026",
            "26 January 2026",
        ),
        *(
            "26-JAN-26",
            "January 26, 2026",
            "2026-01-26 00:00:00",
            "26-01-2026 00:00",
            "२६-०१-२०२६",
            "'2026-01-26",
        ),
    )

    assert all_are("2026-01-26", day, *forms)
    assert read(day, "05-06-2026") == "2026-06-05"


def test_a_date_that_could_be_another_day_is_refused_with_its_reason():
    assert each(day, "01/26/2026", "26/01/26", "46048", "31-02-2026", "20260126") == {
        "01/26/2026": "month_first",
        "26/01/26": "two_digit_year",
        "46048": "day_number",
        "31-02-2026": "not_a_date",
        "20260126": "not_a_date",
    }


def test_a_month_is_read_as_a_spreadsheet_writes_it():
    assert all_are(
        "2025-11", month, "2025-11", "Nov-25", "Nov-2025", "11/2025", "202511", "01-11-2025", "2025/11"
    )
    assert all_are("not_a_month", month, "15-11-2025", "25-Nov", "13-2025")


def test_words_for_nothing_and_errors_are_not_empty():
    for cell in ("NULL", "nan", "N/A", "-", "#REF!", "#N/A", "Err:502", "####", "??? ????", "à¤°à¤¾à¤®"):
        with pytest.raises(UnreadableCell):
            serial_no(30)(cell)


def test_a_name_whose_letters_are_lost_is_refused_and_any_other_is_text():
    assert all_are("lost_letters", text(40), "???? ????", "???? Kumar", "à¤°à¤¾à¤®", "R\ufffdm")
    assert each(text(40), "NULL", "Who?", "=1+1", "#1 Shop") == {
        name: name for name in ("NULL", "Who?", "=1+1", "#1 Shop")
    }


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n", "empty_file"),
        (b"PK\x03\x04xl", "workbook"),
        (b"\xd0\xcf\x11\xe0", "workbook"),
        (b"\n <html>", "web_page"),
        (b"%PDF-1.7", "pdf"),
        (b"\x1f\x8b\x08", "compressed"),
    ],
)
def test_a_file_that_is_no_table_is_named_for_what_it_is(head, code):
    with pytest.raises(RowRefused) as caught:
        encoding_of(head)

    assert caught.value.code == code


def test_the_sign_between_cells_is_the_one_that_brings_out_the_header():
    names = ("code", "name", "name_hi")

    assert separator_of("code;name;name_hi\na,b;c;d", names) == (";", 0)
    assert separator_of('\n"sep=|"\r\ncode,name', names) == ("|", 2)
    assert separator_of("nothing that is known", names) == (",", 0)


def test_a_share_is_unusual_when_a_file_can_hardly_mean_it():
    assert [is_unusual(*pair) for pair in ((1, 1), (1, 3), (2, 3), (5, 99), (5, 100), (4, 10))] == [
        False, False, True, True, False, False,
    ]  # fmt: skip
    assert [are_too_many_changed(*pair) for pair in ((19, 20), (20, 99), (20, 100))] == [False, True, False]
