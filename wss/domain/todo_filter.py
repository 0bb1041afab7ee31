"""What an officer asks the To-Do list for: the filters of the billing system, each read by one rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from wss.domain.errors import Malformed
from wss.domain.masking import first_letter
from wss.domain.typed_values import iso_day, whole_number

# As staff.csv has them: UP/1234 too.
_EMPLOYEE = re.compile(r"\S{1,20}")


@dataclass(frozen=True, slots=True)
class TodoCursor:
    """Where a page of the list ended: what is due later comes after it."""

    promised_on: date
    id: int

    def __str__(self) -> str:
        return f"{self.promised_on.isoformat()}.{self.id}"


@dataclass(frozen=True, slots=True)
class OfficerPost:
    """An employee's post: what is held by this role, in their office or in one below it, is for them to work on."""

    role: str
    office_code: str
    employee_id: str


@dataclass(frozen=True, slots=True)
class TodoFilter:
    """Which requests are asked for. What is empty does not narrow the list.

    `office_code` is the office whose requests, with those of all offices below, are looked through
    (`is_lowest`: there are none); `assigned_to` an employee. `is_work`: without what is resolved and waits for its
    consumer. `new_for`: what the post holds and nobody has taken up; `to_decide`: proposals that the post can decide.
    `end` is exclusive. With an account number also what has ended is found.
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
    """How many are open, and how many of them are late, escalated, wait for their consumer's answer, or for their
    consumer to confirm."""

    open: int
    late: int
    escalated: int
    waiting: int
    to_confirm: int


@dataclass(frozen=True, slots=True)
class PostCounts:
    """How many requests are new for a post, are assigned to who has it, and wait for their decision."""

    new: int
    mine: int
    to_decide: int


def employee_typed(text: str) -> str:
    """An employee's number as it is stored."""
    typed = text.strip()
    if typed and not _EMPLOYEE.fullmatch(typed):
        raise Malformed("employee_malformed")
    return typed


def place_typed(text: str) -> TodoCursor | None:
    """Return the cursor in an address; None for any other text."""
    day_text, _, number = text.partition(".")
    day, row_id = iso_day(day_text), whole_number(number)
    return None if day is None or row_id is None else TodoCursor(day, row_id)


def short_name(name: str) -> str:
    """A consumer in a list: the first word and the next one's first letter. Meena Sharma: Meena S."""
    words = name.split()
    if len(words) < 2:
        return name.strip()
    return f"{words[0]} {first_letter(words[1])}."
