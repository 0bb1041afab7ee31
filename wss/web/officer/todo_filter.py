"""The filter form of the To-Do list, read from the address, with its errors by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain import identifiers
from wss.domain.actor import Role
from wss.domain.calendar import IST
from wss.domain.catalogue import RequestField
from wss.domain.errors import Malformed
from wss.domain.lifecycle import APPROVERS, BEFORE_RESOLVED, OPEN, Status
from wss.domain.routing import is_in_subtree
from wss.domain.suggestion.verdicts import SuggestedVerdict
from wss.domain.todo_filter import OfficerPost, TodoFilter, TodoSort, parse_cursor, parse_employee_id
from wss.domain.typed_values import amount, local_moment
from wss.queries.officers import colleague
from wss.queries.reference import OfficeEntry, Reference
from wss.queries.staff import SignedInStaff
from wss.web.fields import OFFICE_MESSAGES

ME, ALL, NEW, TO_DECIDE = "me", "all", "new", "decide"
STATUSES = tuple(status for status in Status if status in OPEN)
# All open requests; without a status the list leaves out those that only wait to be confirmed.
ALL_OPEN = "open"
# The fields that are folded away until one of them is used.
_FOLDED = ("reason", "verdict", "photo", "amount_from", "amount_to")
_UNFOLDED = ("type", "user", "user_id", "start", "end", "status", "account_no", "office", "late", "escalated")
FILTER_FIELDS = (*_UNFOLDED, *_FOLDED, "sort")
_WRONG = {
    **OFFICE_MESSAGES,
    "moment_malformed": _l("Enter date and time, such as 24-11-2026 10:30"),
    "employee_malformed": _l("Enter the employee ID without spaces"),
    "not_offered": _l("Choose one from the list"),
    "amount_malformed": _l("Enter an amount in rupees, such as 5740.35"),
    "number_negative": _l("Enter a number without a minus sign"),
}
# The labels of fields whose errors do not say which field they are about.
_LABELS = {
    "type": _l("To Do type"),
    "user": _l("User"),
    "start": _l("Created from"),
    "end": _l("Created before"),
    "status": _l("Status"),
    "reason": _l("Reason"),
    "verdict": _l("Suggestion"),
    "photo": _l("Photo"),
    "amount_from": _l("Amount from"),
    "amount_to": _l("Amount to"),
    "sort": _l("Order"),
}
PHOTO, NO_PHOTO = "yes", "no"
Value = TypeVar("Value")


@dataclass
class TodoFilterForm:
    """The values of the form, their errors, and the query that they make."""

    typed: dict[str, str]
    todo_filter: TodoFilter
    errors: dict[str, str] = field(default_factory=dict)
    begins_with: str = ALL
    own_id: str = ""

    @property
    def ignores_employee_id(self) -> bool:
        """Return whether the ID of another employee is filled in, but the list is not that of an employee."""
        return self.typed["user"] != ME and self.typed["user_id"] != self.own_id

    @property
    def is_unfolded(self) -> bool:
        """Return whether one of the folded fields is filled in."""
        return any(self.typed[name] for name in _FOLDED)

    @property
    def filter_args(self) -> dict[str, str]:
        """Return the query arguments as they are saved: the officer's own number follows from who they are."""
        own = {"user_id"} if self.typed["user_id"] == self.own_id else set()
        return {name: value for name, value in self.address.items() if name not in own}

    @property
    def address(self) -> dict[str, str]:
        """Return the query arguments of the same list: only the fields that are filled in."""
        return {name: value for name, value in self.typed.items() if value}

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Return every error with the id of its field, and with its label where the words do not name it."""
        return [
            (
                f"f-{name}",
                _("%(field)s: %(error)s", field=_LABELS[name], error=words) if name in _LABELS else words,
            )
            for name, words in self.errors.items()
        ]

    @property
    def is_untouched(self) -> bool:
        """Return whether the list is the start page: the first page without a filter."""
        narrowed = set(self.address) - {"user", "user_id"}
        is_start = self.typed["user"] == self.begins_with and self.todo_filter.after is None
        return is_start and not narrowed and not self.errors

    @property
    def whose(self) -> dict[str, str]:
        """Return the query arguments that say whose list it is, for links with another filter."""
        return {name: value for name, value in self.address.items() if name in ("user", "user_id", "office")}


def read_filter(asked: Mapping[str, str], me: SignedInStaff, tables: Reference) -> TodoFilterForm:
    """Read the filter from an address; by default clerks see their own requests, their seniors all."""
    typed = {name: asked.get(name, "").strip() for name in FILTER_FIELDS}
    begins_with = ME if me.role is Role.BILLING_CLERK else ALL
    typed |= {"user": typed["user"] or begins_with, "user_id": typed["user_id"] or me.employee_id}
    form = _Reader(typed, me, tables).read(asked.get("after", ""))
    return replace(form, begins_with=begins_with, own_id=me.employee_id)


def whose_for(me: SignedInStaff) -> tuple[str, ...]:
    """Return whose requests the reader can list; only approvers have proposals to decide."""
    return (ME, NEW, TO_DECIDE, ALL) if me.role in APPROVERS else (ME, NEW, ALL)


def post_of(me: SignedInStaff) -> OfficerPost:
    """Return the reader's post."""
    return OfficerPost(me.role.value, me.office_code, me.employee_id)


def pending_filter(me: SignedInStaff, tables: Reference, account_no: str, sort: str = "") -> TodoFilter:
    """Return the filter of billing requests that are not decided yet, by promised day unless another order is known."""
    return TodoFilter(
        me.office_code,
        is_lowest=is_lowest(me.office_code, tables),
        is_work=not account_no,
        kinds=tuple(kind.code for kind in tables.kinds.values() if RequestField.BILL_NO in kind.fields),
        statuses=tuple(status.value for status in BEFORE_RESOLVED) if account_no else (),
        account_no=account_no,
        sort=TodoSort(sort) if sort in list(TodoSort) else TodoSort.PROMISED,
    )


class _Reader:
    """Reads one form and collects its errors by field."""

    def __init__(self, typed: dict[str, str], me: SignedInStaff, tables: Reference) -> None:
        self._typed, self._me, self._tables = typed, me, tables
        self._errors: dict[str, str] = {}

    def read(self, after: str) -> TodoFilterForm:
        typed = self._typed
        start, end = self._moment("start"), self._moment("end")
        if start and end and start >= end:
            self._errors["end"] = _("Enter a “Created before” that is later than “Created from”")
        least, most = self._amount("amount_from"), self._amount("amount_to")
        if least and most and least > most:
            self._errors["amount_to"] = _("Enter an amount that is not less than “Amount from”")
        photo = self._one_of("photo", (PHOTO, NO_PHOTO))
        sort = TodoSort(self._one_of("sort", list(TodoSort)) or TodoSort.PROMISED)
        kind, status = self._one_of("type", self._tables.kinds), self._one_of("status", (*STATUSES, ALL_OPEN))
        whose, post = self._one_of("user", whose_for(self._me)), post_of(self._me)
        office_code = self._office()
        todo_filter = TodoFilter(
            office_code,
            is_lowest=is_lowest(office_code, self._tables),
            is_work=not status and not typed["account_no"],
            assigned_to=self._employee() if whose == ME else "",
            new_for=post if whose == NEW else None,
            to_decide=post if whose == TO_DECIDE else None,
            kinds=(kind,) if kind else (),
            statuses=(status,) if status and status != ALL_OPEN else (),
            start=start,
            end=end,
            late=typed["late"] == "1",
            escalated=typed["escalated"] == "1",
            account_no=self._shaped("account_no", identifiers.account_no, "") if typed["account_no"] else "",
            reason=self._one_of("reason", self._tables.reasons),
            verdict=self._one_of("verdict", list(SuggestedVerdict)),
            with_photo=photo == PHOTO,
            without_photo=photo == NO_PHOTO,
            amount_from=least,
            amount_to=most,
            after=parse_cursor(after, sort),
            sort=sort,
        )
        return TodoFilterForm(typed, todo_filter, self._errors)

    def _shaped(self, name: str, shape: Callable[[str], Value], instead: Value) -> Value:
        try:
            return shape(self._typed[name])
        except Malformed as wrong:
            self._errors[name] = str(_WRONG[wrong.code])
            return instead

    def _moment(self, name: str) -> datetime | None:
        found = self._shaped(name, local_moment, None)
        if found:
            # A date field of a browser shows no other form.
            self._typed[name] = f"{found.astimezone(IST):%Y-%m-%dT%H:%M}"
        return found

    def _amount(self, name: str) -> int:
        """Return an amount in paise, 0 for an empty field; an address has it without comma and rupee sign."""
        found = self._shaped(name, amount, 0) if self._typed[name] else 0
        if found:
            self._typed[name] = f"{found // 100}" if found % 100 == 0 else f"{found / 100:.2f}"
        return found

    def _one_of(self, name: str, offered: object) -> str:
        value = self._typed[name]
        if value and value not in offered:  # type: ignore[operator]
            self._errors[name] = str(_WRONG["not_offered"])
            return ""
        return value

    def _office(self) -> str:
        found = own_office(self._typed["office"], self._me, self._tables)
        if found is None:
            self._errors["office"] = _("No such office at or below yours. Choose one from the list.")
        return found.code if found else self._me.office_code

    def _employee(self) -> str:
        """Return the reader's own id, or that of an employee of their offices."""
        number = self._shaped("user_id", parse_employee_id, "")
        if number and number != self._me.employee_id:
            found = colleague(number)
            if found is None or own_office(found.office_code, self._me, self._tables) is None:
                self._errors["user_id"] = _("No one in your offices has this ID. Check it.")
        return number or self._me.employee_id


def own_office(code: str, me: SignedInStaff, tables: Reference) -> OfficeEntry | None:
    """Return the reader's office if no code is given, else the office of the code.

    None if that office is not at or below the reader's.
    """
    office = tables.offices.get(code or me.office_code)
    return office if office and is_in_subtree(office.path, me.office_path) else None


def is_lowest(code: str, tables: Reference) -> bool:
    """Return whether an office has no office below it."""
    return all(office.parent_code != code for office in tables.offices.values())


def offices_below(me: SignedInStaff, tables: Reference) -> list[OfficeEntry]:
    """Return the reader's office and those below, to choose from; an empty list for a single office."""
    own = [office for office in tables.offices.values() if own_office(office.code, me, tables)]
    return sorted(own, key=lambda office: office.path) if len(own) > 1 else []
