"""The filter form of the MIS, read from the address, with its errors by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _

from wss.domain.errors import NotFound
from wss.domain.mis import ALL
from wss.domain.routing import is_in_subtree
from wss.domain.typed_values import typed_day
from wss.queries.reference import OfficeEntry, Reference
from wss.queries.staff import SignedInStaff
from wss.services.mis.figures import MisQuery, levels_below
from wss.web.mis.ranking import DEFAULT, RankOrder, read_order

DAYS = 30


@dataclass
class MisFilterForm:
    """The office, the form's fields as typed, the query that they make, and their errors."""

    office: OfficeEntry
    typed: dict[str, str]
    query: MisQuery
    order: RankOrder
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> dict[str, str]:
        """Return the query arguments of the same office, kind, period and order."""
        kind = {} if self.query.kind == ALL else {"kind": self.query.kind}
        period = {"from": self.query.first.isoformat(), "to": self.query.last.isoformat()}
        sort = {} if self.order.name == DEFAULT else {"sort": self.order.name}
        return {"office": self.office.code, **period, **kind, **sort}

    @property
    def level_address(self) -> dict[str, str]:
        """Return the query arguments of the same page, with the level of its rows."""
        return {**self.address, **({"level": self.query.level} if self.query.level else {})}


def read_mis_filter(
    given: Mapping[str, str], me: SignedInStaff, tables: Reference, today: date
) -> MisFilterForm:
    """Read the filter from an address; without a period it is the last 30 days.

    Raises NotFound for an office that is not at or below the reader's own.
    """
    office = tables.offices.get(given.get("office", "").strip() or me.office_code)
    if office is None or not is_within(office, me):
        raise NotFound
    newest = (today - timedelta(days=DAYS - 1), today)
    usual = {"from": newest[0].isoformat(), "to": today.isoformat(), "kind": ""}
    typed = {name: given.get(name, "").strip() or instead for name, instead in usual.items()}
    errors: dict[str, str] = {}
    first, last = (_day(name, typed, errors) for name in ("from", "to"))
    if first and last and first > last:
        errors["to"] = _("Enter a last day that is not before the first day")
    if typed["kind"] and typed["kind"] not in tables.kinds:
        errors["kind"] = _("Choose one from the list")
    if errors or first is None or last is None:
        first, last = newest
    kind = ALL if errors else typed["kind"] or ALL
    level = given.get("level", "")
    query = MisQuery(
        office.code, kind, first, last, level if level in levels_below(office.code, tables) else ""
    )
    return MisFilterForm(office, typed, query, read_order(given.get("sort", "")), errors)


def is_within(office: OfficeEntry, me: SignedInStaff) -> bool:
    """Return whether an office is the reader's own or below it."""
    return is_in_subtree(office.path, me.office_path)


def _day(name: str, typed: dict[str, str], errors: dict[str, str]) -> date | None:
    found = typed_day(typed[name])
    if found is None:
        errors[name] = _("Enter a date, such as 24-11-2026")
    else:
        # A date field of a browser shows no other form.
        typed[name] = found.isoformat()
    return found
