"""Which rows of reference tables an administrator may change, and which changes give a person rights.

| table | a change gives rights when |
|---|---|
| staff | a person is new, serves again or longer, or gets another role, office, mobile or e-mail |
| limits | an amount or a number of records is raised, or a post gets an amount for the first time |
| offices | an office that exists gets another parent or level, which moves everything below it |
| offices | the rule on the interim sum is switched on, or changes while it is on: consumers pay by it |
| offices | approving together is switched on, one of its sums rises, or fewer proposals are checked |
| compensation | a rate is switched on, or changes while it is on: consumers claim by it |
| offices, forums | one gets a telephone or an e-mail address, which consumers use |
| texts | a message that carries a code or a link gets another text: by such texts people protect their login |
| self_bills | bills that consumers generate are switched on, or their rule changes while it is on |
| others | never: they hold no person, office or amount that gives access to a record or a decision |
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from wss.domain.actor import Role
from wss.domain.admin_tables import Cells, Key, TableDifference
from wss.domain.calls import RECORDS_A_DAY
from wss.domain.extracts import EXTRACTS
from wss.domain.identifiers import ascii_digits
from wss.domain.notices import NOTICES

# Their rows belong to one discom; the other tables are shared by all discoms.
OF_A_DISCOM = frozenset({"offices", "staff", "forums", "self_bills", "compensation", "clusters"})
# The rights of staff: what they may do and where, and to which addresses a link for a new authenticator goes.
_POST, _ADDRESSES = ("role", "office_code"), ("mobile", "email")
_PLACE = ("parent_code", "level")
# The contacts of consumers: another number there would speak in the name of the office.
_CONTACTS = {"offices": ("phone", "email"), "forums": ("phone",)}
_INTERIM = ("interim_rule", "interim_months", "interim_source", "interim_source_hi", "interim_on")
_BATCH_SUMS = ("batch_each", "batch_day", "batch_maker")
_NO_AMOUNT, _ANY_AMOUNT = Decimal(-1), Decimal("Infinity")

# The discom of each office, by its code.
Discoms = Mapping[str, str]
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Administrator:
    """An administrator with the chain of offices above them, from the discom down."""

    employee_id: str
    office_path: str

    @property
    def offices(self) -> list[str]:
        """Return the codes of the administrator's office and of all above it, the discom first."""
        return self.office_path.split("/")

    @property
    def discom(self) -> str:
        """Return the code of the administrator's discom."""
        return self.offices[0]


class RowFault(NamedTuple):
    """Why an administrator may not change a row: the column to look at, and a code."""

    key: Key
    column: str
    code: str


def row_faults(admin: Administrator, table: str, change: TableDifference, discoms: Discoms) -> list[RowFault]:
    """Return the rows of a change that this administrator may not change, with the reason."""
    known = dict(discoms)
    if table == "offices":
        known |= _discoms_with(table, change, discoms)
    faults = []
    for key in change.keys:
        before, after = _row(table, change.before.get(key)), _row(table, change.after.get(key))
        found = _fault(admin, table, (before, after), (discoms, known))
        if found is not None:
            faults.append(RowFault(key, *found))
    return faults


def look_alike(code: str) -> str:
    """Return a code as it is usually written: `ｅ2029४` reads as `E20294`, and would be a second person."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return ascii_digits(plain)


def visible_rows(table: str, rows: Mapping[Key, Cells], discom: str, discoms: Discoms) -> dict[Key, Cells]:
    """Return the rows of a table that administrators of a discom see: of a shared table all of them."""
    if table not in OF_A_DISCOM:
        return dict(rows)
    return {
        key: cells for key, cells in rows.items() if _discom(table, _row(table, cells), discoms) == discom
    }


def rows_that_give_rights(table: str, change: TableDifference, today: date) -> set[Key]:
    """Return the keys of the rows of a change that give a person rights."""
    return {
        key
        for key in change.keys
        if _gives_rights(
            table, _row(table, change.before.get(key)), _row(table, change.after.get(key)), today
        )
    }


def _fault(
    admin: Administrator, table: str, rows: tuple[Row, Row], discoms: tuple[Discoms, Discoms]
) -> tuple[str, str] | None:
    """Return the fault of a row; `rows` and `discoms` are those before and after the change."""
    before, after = rows
    row = after or before
    if table == "staff" and row["employee_id"] == admin.employee_id:
        return "employee_id", "own_row"
    if table == "staff" and not before and look_alike(row["employee_id"]) != row["employee_id"]:
        return "employee_id", "look_alike"
    if table == "limits" and row["role"] == Role.ADMIN:
        return "role", "own_limit"
    if table == "offices" and before and row["code"] in admin.offices and _moves(before, after):
        return "parent_code", "own_office"
    if table not in OF_A_DISCOM:
        return None
    found = {_discom(table, each, known) for each, known in zip(rows, discoms, strict=True) if each}
    if found != {admin.discom}:
        return ("parent_code" if table == "offices" else "office_code"), "other_discom"
    return None


def _gives_rights(table: str, before: Row, after: Row, today: date) -> bool:
    if table == "staff":
        return bool(after) and _gives_a_post(before, after, today)
    if table == "limits":
        return _amount(after) > _amount(before) or _records(after) > _records(before)
    if table == "texts":
        return bool(after) and after != before and NOTICES[after["notice"]].secret
    if table == "offices" and ((before and _moves(before, after)) or _widens_batches(before, after)):
        return True
    if table in ("self_bills", "compensation"):
        return after.get("switched_on") == "yes" and after != before
    is_rule_used = table == "offices" and after.get("interim_on") == "yes"
    if is_rule_used and any(after.get(name, "") != before.get(name, "") for name in _INTERIM):
        return True
    return any(after.get(name, "") not in ("", before.get(name)) for name in _CONTACTS.get(table, ()))


def _gives_a_post(before: Row, after: Row, today: date) -> bool:
    """Return whether a person has another post or other addresses afterwards, or serves longer than before."""
    if _last_day(after) <= today:
        return False
    if not before or _last_day(before) < _last_day(after):
        return True
    if any(before[name] != after[name] for name in _POST):
        return True
    return any(after[name] not in ("", before[name]) for name in _ADDRESSES)


def _last_day(person: Row) -> date:
    return date.fromisoformat(person["left_on"]) if person["left_on"] else date.max


def _moves(before: Row, after: Row) -> bool:
    return any(before[name] != after.get(name) for name in _PLACE)


def _widens_batches(before: Row, after: Row) -> bool:
    """Return whether more proposals can be approved together afterwards, or fewer of them are checked."""
    if after.get("batch_approval") != "yes":
        return False
    if before.get("batch_approval") != "yes":
        return True
    sums = any(Decimal(after[name]) > Decimal(before[name]) for name in _BATCH_SUMS)
    return sums or int(after["batch_sample_percent"]) < int(before["batch_sample_percent"])


def _amount(limit: Row) -> Decimal:
    """Return the amount up to which a post may approve; a post without a row approves nothing."""
    if not limit:
        return _NO_AMOUNT
    return Decimal(limit["max_amount"]) if limit["max_amount"] else _ANY_AMOUNT


def _records(limit: Row) -> int:
    return int(limit.get("records_a_day") or RECORDS_A_DAY)


def _discom(table: str, row: Row, discoms: Discoms) -> str:
    """Return the discom of a row; empty if it is not known."""
    return discoms.get(row["code"] if table == "offices" else row["office_code"], "")


def _discoms_with(table: str, change: TableDifference, discoms: Discoms) -> dict[str, str]:
    """Return the discoms of the offices of a change, as they are after it. A new discom is its own."""
    rows = {row["code"]: row for row in (_row(table, cells) for cells in change.after.values())}
    found = {}
    for code in rows:
        at, seen = code, set()
        while at in rows and rows[at]["parent_code"] and at not in seen:
            seen.add(at)
            at = rows[at]["parent_code"]
        found[code] = at if at in rows and not rows[at]["parent_code"] else discoms.get(at, "")
    return found


def _row(table: str, cells: Cells | None) -> Row:
    """Return a row by the names of its columns; empty for none."""
    return dict(zip(EXTRACTS[table].names, cells, strict=True)) if cells is not None else {}
