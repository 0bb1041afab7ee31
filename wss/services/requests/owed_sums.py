"""What is owed to the consumer of a late request, by the rate that the discom has switched on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wss.clock import local_date
from wss.domain.compensation import (
    CompensationRate,
    OwedSum,
    PromisedPeriod,
    open_period,
    owed_sum,
)
from wss.domain.lifecycle import Status
from wss.domain.routing import is_in_subtree
from wss.queries.late_requests import LateGroup, decided_promises, late_groups
from wss.queries.reference import OfficeEntry, Reference
from wss.queries.service_requests import RequestRow


@dataclass(frozen=True, slots=True)
class OwedStatement:
    """What is owed for a request, by which rate; `is_running`: the request is not decided, so the sum grows."""

    owed: OwedSum
    rate: CompensationRate
    is_running: bool


@dataclass(frozen=True, slots=True)
class OfficeOwed:
    """The open late requests of an office and those below it for which something is owed, and the sum."""

    office: OfficeEntry
    requests: int
    paise: int


def owed_of(row: RequestRow, tables: Reference, today: date) -> OwedStatement | None:
    """Return what is owed for a request; None if nothing is, or while it is disputed who made it."""
    rate = tables.compensation_rate(row.kind, row.office_code)
    if rate is None or row.frozen:
        return None
    now_open = open_period(Status(row.status), row.promised_on, row.status_since, today)
    periods = [PromisedPeriod(promised_on, local_date(at)) for promised_on, at in decided_promises(row.id)]
    found = owed_sum(rate, [*periods, *([now_open] if now_open else [])], tables.calendar)
    return OwedStatement(found, rate, now_open is not None) if found.paise else None


def owed_by_office(
    office: OfficeEntry, tables: Reference, today: date
) -> tuple[list[OfficeOwed], OfficeOwed]:
    """Return what each office directly below owes for its open late requests since their present promise, and the
    whole with the office itself."""
    groups = late_groups(office.code, today)
    below = [each for each in tables.offices.values() if each.parent_code == office.code]
    return [_owed_in(each, groups, tables, today) for each in below], _owed_in(office, groups, tables, today)


def owed_now(kind: str, office_code: str, period: PromisedPeriod, tables: Reference) -> int:
    """Return what is owed for an undecided request since its present promise, in paise."""
    rate = tables.compensation_rate(kind, office_code)
    return owed_sum(rate, [period], tables.calendar).paise if rate else 0


def _owed_in(office: OfficeEntry, groups: Sequence[LateGroup], tables: Reference, today: date) -> OfficeOwed:
    requests = paise = 0
    for group in groups:
        if is_in_subtree(tables.offices[group.office_code].path, office.path):
            period = PromisedPeriod(group.promised_on, group.asked_on or today)
            each = owed_now(group.kind, group.office_code, period, tables)
            requests += group.n if each else 0
            paise += group.n * each
    return OfficeOwed(office, requests, paise)
