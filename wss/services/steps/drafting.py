"""A revision as it is being worked out: bills, what was typed, what the tariff makes of it, and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wss.domain.actor import Role
from wss.domain.answers import BILLS_AT_MOST, remarks
from wss.domain.approval import who_may_approve
from wss.domain.errors import Malformed, NotFound, Outdated
from wss.domain.revision import (
    Billed,
    Compared,
    Ground,
    Revised,
    Wrong,
    as_issued,
    change,
    compared,
    figures_hash,
    revise,
)
from wss.domain.revision_input import as_typed, read_put
from wss.queries.bills import consumption
from wss.queries.reference import reference
from wss.queries.standing import Supplied, standing_bills

# So many bills back an average may reach.
MONTHS_KNOWN = 36


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer sent: the fields of each bill with its number, why, what the consumer is told, what was seen."""

    bills: Sequence[Mapping[str, str]]
    reason: str = ""
    note: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One bill of a draft: as it stands, what was typed, and either the figures or a code at each wrong field."""

    bill: Billed
    typed: Mapping[str, str]
    revised: Revised | None
    wrong: Mapping[str, str]

    @property
    def lines(self) -> list[Compared]:
        """The bill line by line; without figures there is nothing to compare."""
        return compared(self.bill, self.revised) if self.revised else []


@dataclass(frozen=True, slots=True)
class Draft:
    """All bills of a revision in the making."""

    supplied: Supplied
    sheets: Sequence[Sheet]
    reason: str
    note: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    approver: Role | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every bill has its figures."""
        return bool(self.sheets) and all(sheet.revised for sheet in self.sheets)

    @property
    def is_faultless(self) -> bool:
        """Whether it can be proposed."""
        return self.is_whole and not self.wrong

    @property
    def bills(self) -> dict[str, Billed]:
        """The bills as they stand, by number."""
        return {sheet.bill.bill_no: sheet.bill for sheet in self.sheets}

    @property
    def revised(self) -> list[Revised]:
        """The bills as revised, those that have figures."""
        return [sheet.revised for sheet in self.sheets if sheet.revised]

    @property
    def issued_paise(self) -> int:
        """What the bills come to as they stand."""
        return sum(sheet.bill.amount_paise for sheet in self.sheets)

    @property
    def revised_paise(self) -> int:
        """What they come to as revised."""
        return sum(one.amount_paise for one in self.revised)

    @property
    def change_paise(self) -> int:
        """By how much the bills change, in either direction."""
        return change(self.bills, self.revised)

    @property
    def figures_hash(self) -> str:
        """What an approval of exactly this would be for."""
        return figures_hash(self.bills, self.revised)

    @property
    def is_same(self) -> bool:
        """Whether no line of any bill would change."""
        return not any(line.difference for sheet in self.sheets for line in sheet.lines)


def first_draft(supplied: Supplied, bill_nos: Sequence[str]) -> Draft:
    """The bills as they stand, to begin with; numbers that are not this connection's are left out."""
    bills = standing_bills(supplied.account_no, bill_nos[:BILLS_AT_MOST])
    put = [as_issued(bill, supplied.sanctioned_load_w, supplied.category) for bill in bills]
    typed = [as_typed(one) | {"bill_no": bill.bill_no} for bill, one in zip(bills, put, strict=True)]
    return _drafted(supplied, bills, Wish(typed))


def drafted(supplied: Supplied, wish: Wish) -> Draft:
    """What was typed, worked out. Raises NotFound for another connection's bill, Outdated for one that was revised."""
    numbers = [typed.get("bill_no", "") for typed in wish.bills]
    if len(set(numbers)) != len(numbers) or len(numbers) > BILLS_AT_MOST:
        raise NotFound
    found = {bill.bill_no: bill for bill in standing_bills(supplied.account_no, numbers)}
    if len(found) < len(numbers):
        raise NotFound
    if set(found) != set(numbers):
        raise Outdated
    return _drafted(supplied, [found[number] for number in numbers], wish)


def checked(draft: Draft, reasons: Sequence[str]) -> Draft:
    """The draft with what stands in the way of proposing it."""
    wrong = {}
    if draft.reason not in reasons:
        wrong["reason"] = "unknown_reason"
    note = draft.note
    try:
        note = remarks(note)
    except Malformed:
        wrong["note"] = "note_too_long"
    if not note:
        wrong["note"] = "note_missing"
    if not draft.sheets:
        wrong["figures"] = "no_bill"
    if draft.is_whole and draft.is_same:
        wrong["figures"] = "nothing_changed"
    # A bill that stays as it was is not revised; it was only looked at.
    changed = [sheet for sheet in draft.sheets if any(line.difference for line in sheet.lines)]
    return replace(
        draft, note=note, wrong=wrong, sheets=changed if draft.is_whole and changed else draft.sheets
    )


def _drafted(supplied: Supplied, bills: Sequence[Billed], wish: Wish) -> Draft:
    tables = reference()
    used = consumption(supplied.account_no, MONTHS_KNOWN)
    ground = Ground(tables.rates, supplied.multiplying_factor_milli, used)
    categories = sorted({rate.category for rate in tables.rates})
    sheets = [_sheet(bill, typed, ground, categories) for bill, typed in zip(bills, wish.bills, strict=True)]
    draft = Draft(supplied, sheets, wish.reason, wish.note)
    approver = who_may_approve(draft.change_paise, tables.limits) if draft.is_whole else None
    return replace(draft, approver=approver)


def _sheet(bill: Billed, typed: Mapping[str, str], ground: Ground, categories: Sequence[str]) -> Sheet:
    put, wrong = read_put(typed, categories)
    if put is None:
        return Sheet(bill, typed, None, wrong)
    try:
        return Sheet(bill, typed, revise(bill, put, ground), {})
    except Wrong as fault:
        return Sheet(bill, typed, None, {fault.field: fault.code})
