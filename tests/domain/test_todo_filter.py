"""The filters of the To-Do list, typed and in an address."""

from datetime import date

import pytest

from wss.domain.errors import Malformed
from wss.domain.todo_filter import TodoCursor, TodoSort, parse_cursor, parse_employee_id, short_name


def test_a_cursor_is_in_the_address_and_is_parsed_again():
    cursor = TodoCursor(date(2026, 12, 2), 17)

    assert parse_cursor(str(cursor)) == cursor


@pytest.mark.parametrize("typed", ["", "2026-12-02", "2026-99-02.5", "2026-12-02.x", "2026-12-02.-1"])
def test_a_place_that_is_none_begins_at_the_top(typed: str):
    assert parse_cursor(typed) is None


@pytest.mark.parametrize("sort", [TodoSort.AMOUNT, TodoSort.TIMES_USUAL, TodoSort.VERDICT])
def test_a_cursor_of_another_order_begins_at_the_top(sort: TodoSort):
    of_promised, of_key = "2026-12-02.17", "2026-12-02.17.4500"

    assert parse_cursor(of_key, sort) == TodoCursor(date(2026, 12, 2), 17, 4500)
    assert parse_cursor(of_promised, sort) is None
    assert parse_cursor(of_key) is None


def test_an_employee_number_has_no_blanks():
    with pytest.raises(Malformed):
        parse_employee_id("E1 OR 1=1")


@pytest.mark.parametrize("number", ["PV1023", "UP/1234", "क१२", "A&B"])
def test_an_employee_number_is_what_the_table_of_staff_may_hold(number: str):
    assert parse_employee_id(f" {number} ") == number


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Meena Sharma", "Meena S."),
        ("Meena", "Meena"),
        ("Ram Prasad Verma", "Ram P."),
        ("शकुन्तला देवी", "शकुन्तला दे."),
        ("", ""),
    ],
)
def test_a_name_in_a_list_is_cut_short(name: str, short: str):
    assert short_name(name) == short
