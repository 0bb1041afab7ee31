"""The daily figures for a supervisor of the help desk: calls by employee and hour, and their results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

HOURS = 24
# A link counts as used if it was followed within this time after it was sent.
LINK_COUNTS_FOR = timedelta(days=7)

# The links that the help desk sends, by the actions under which they are recorded.
REGISTRATION_LINKS = ("registration_link", "register_link")
DOCUMENTS_LINKS = ("documents_link",)
LINKS = (*REGISTRATION_LINKS, *DOCUMENTS_LINKS, "mobile_change_link")


@dataclass(frozen=True, slots=True)
class CallCounts:
    """Calls of an employee on a day, as they are counted."""

    calls: int = 0
    records: int = 0
    verified: int = 0
    wrong: int = 0
    closed: int = 0
    without_request: int = 0
    without_number: int = 0
    by_hour: tuple[int, ...] = (0,) * HOURS


@dataclass(frozen=True, slots=True)
class CallFigures:
    """The figures of a day of one employee, or of all."""

    calls: int = 0
    records: int = 0
    verified: int = 0
    wrong: int = 0
    closed: int = 0
    requests: int = 0
    without_request: int = 0
    without_number: int = 0
    links: int = 0
    links_used: int = 0


@dataclass(frozen=True, slots=True)
class EmployeeDay:
    """An employee's figures, and their calls by hour."""

    employee_id: str
    figures: CallFigures
    by_hour: tuple[int, ...]


def lines_of(
    taken: Mapping[str, CallCounts], requests: Mapping[str, int], links: Mapping[str, tuple[int, int]]
) -> list[EmployeeDay]:
    """Return the figures of every active employee, in the order of their numbers."""
    lines = []
    for employee_id in sorted({*taken, *requests, *links}):
        own = taken.get(employee_id, CallCounts())
        sent, used = links.get(employee_id, (0, 0))
        figures = CallFigures(
            own.calls,
            own.records,
            own.verified,
            own.wrong,
            own.closed,
            requests.get(employee_id, 0),
            own.without_request,
            own.without_number,
            sent,
            used,
        )
        lines.append(EmployeeDay(employee_id, figures, own.by_hour))
    return lines


def sum_of(lines: Sequence[EmployeeDay]) -> EmployeeDay:
    """Return the total of all employees."""
    names = [field.name for field in fields(CallFigures)]
    total = CallFigures(*(sum(getattr(line.figures, name) for line in lines) for name in names))
    return EmployeeDay("", total, tuple(sum(line.by_hour[hour] for line in lines) for hour in range(HOURS)))


def hours_with_calls(lines: Iterable[EmployeeDay]) -> list[int]:
    """Return the hours from the first to the last in which there was a call."""
    busy = [hour for line in lines for hour, calls in enumerate(line.by_hour) if calls]
    return list(range(min(busy), max(busy) + 1)) if busy else []
