"""The filters of the To-Do list, named as in the billing system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from wss.domain.errors import Malformed
from wss.domain.masking import first_letter
from wss.domain.typed_values import iso_day, whole_number

# As in staff.csv, which also has UP/1234.
_EMPLOYEE = re.compile(r"\S{1,20}")


@dataclass(frozen=True, slots=True)
class TodoCursor:
    """The cursor of a page of the list, which is ordered by promised day."""

    promised_on: date
    id: int

    def __str__(self) -> str:
        return f"{self.promised_on.isoformat()}.{self.id}"


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
    exclusive. With an account number, closed requests are listed too.
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
    after: TodoCursor | None = None


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


def parse_cursor(text: str) -> TodoCursor | None:
    """Return the cursor in an address; None for any other text."""
    day_text, _, number = text.partition(".")
    day, row_id = iso_day(day_text), whole_number(number)
    return None if day is None or row_id is None else TodoCursor(day, row_id)


def short_name(name: str) -> str:
    """Return a name for a list: the first word and the first letter of the next. Meena Sharma: Meena S."""
    words = name.split()
    if len(words) < 2:
        return name.strip()
    return f"{words[0]} {first_letter(words[1])}."
