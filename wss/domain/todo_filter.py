"""The filters of the To-Do list, named as in the billing system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wss.domain.errors import Malformed
from wss.domain.masking import first_letter
from wss.domain.typed_values import iso_day, whole_number

# As in staff.csv, which also has UP/1234.
_EMPLOYEE = re.compile(r"\S{1,20}")


# Saved filters: at most so many for each employee, with names of at most so many characters.
FILTERS_PER_PERSON = 10
FILTER_NAME_LENGTH = 40


class TodoSort(StrEnum):
    """The order of the list; the largest amounts, the highest use and the newest requests come first."""

    PROMISED = "promised"
    AMOUNT = "amount"
    TIMES_USUAL = "times"
    NEWEST = "newest"
    VERDICT = "verdict"


# The column of a request by which an order sorts before promised day and id; the other orders need none.
SORT_KEYS = {
    TodoSort.AMOUNT: "disputed_paise",
    TodoSort.TIMES_USUAL: "usual_tenths",
    TodoSort.VERDICT: "verdict_order",
}


@dataclass(frozen=True, slots=True)
class TodoCursor:
    """The cursor of a page of the list; `key` is the value of the order's column (`SORT_KEYS`), if it has one."""

    promised_on: date
    id: int
    key: int | None = None

    def __str__(self) -> str:
        place = f"{self.promised_on.isoformat()}.{self.id}"
        return place if self.key is None else f"{place}.{self.key}"


@dataclass(frozen=True, slots=True)
class OfficerPost:
    """An employee's post: they work on requests held by this role in their office or an office below."""

    role: str
    office_code: str
    employee_id: str


@dataclass(frozen=True, slots=True)
class TodoFilter:
    """The filter of the list; an empty value does not narrow it.

    `office_code` is the office whose requests are listed, with those of all offices below (`is_lowest`: there are
    none); `assigned_to` is an employee. `is_work` leaves out requests that are resolved and wait for the consumer.
    `new_for`: held by the post and not taken up; `to_decide`: proposals that the post can decide. `end` is
    exclusive. With an account number, closed requests are listed too. `amount_from` and `amount_to` are in paise
    and inclusive.
    """

    office_code: str
    is_lowest: bool = False
    is_work: bool = False
    assigned_to: str = ""
    new_for: OfficerPost | None = None
    to_decide: OfficerPost | None = None
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    late: bool = False
    escalated: bool = False
    account_no: str = ""
    reason: str = ""
    verdict: str = ""
    basis: str = ""
    without_basis: bool = False
    with_photo: bool = False
    without_photo: bool = False
    amount_from: int = 0
    amount_to: int = 0
    after: TodoCursor | None = None
    sort: TodoSort = TodoSort.PROMISED


@dataclass(frozen=True, slots=True)
class TodoCounts:
    """The number of open requests, and of those that are late, escalated, or wait for the consumer.

    They wait for an answer or for confirmation.
    """

    open: int
    late: int
    escalated: int
    waiting: int
    to_confirm: int


@dataclass(frozen=True, slots=True)
class PostCounts:
    """The number of requests that are new for a post, assigned to the employee, and waiting for their decision."""

    new: int
    mine: int
    to_decide: int


def parse_employee_id(text: str) -> str:
    """Return an employee's id as it is stored. Raises Malformed for an id with blanks."""
    typed = text.strip()
    if typed and not _EMPLOYEE.fullmatch(typed):
        raise Malformed("employee_malformed")
    return typed


def parse_cursor(text: str, sort: TodoSort = TodoSort.PROMISED) -> TodoCursor | None:
    """Return the cursor in an address; None for any other text and for a cursor of another order."""
    parts = text.split(".")
    if len(parts) != (3 if sort in SORT_KEYS else 2):
        return None
    day, *numbers = iso_day(parts[0]), *map(whole_number, parts[1:])
    known = [number for number in numbers if number is not None]
    return None if day is None or len(known) < len(numbers) else TodoCursor(day, *known)


def short_name(name: str) -> str:
    """Return a name for a list: the first word and the first letter of the next. Meena Sharma: Meena S."""
    words = name.split()
    if len(words) < 2:
        return name.strip()
    return f"{words[0]} {first_letter(words[1])}."
