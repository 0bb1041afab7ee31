"""A revision that is being calculated: the officer's input, and each bill with its figures or its errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wss.domain.actor import Role
from wss.domain.bill_lines import ComparedLine, compare_bills
from wss.domain.billed import BillInput, EffectiveBill
from wss.domain.errors import Malformed
from wss.domain.extracts.values import rupees
from wss.domain.meter_units import METERED, readings_of
from wss.domain.revision import Revised, change, earlier_change, figures_hash
from wss.queries.bills import OpenDispute
from wss.queries.effective_bills import RevisedConnection

_amount = rupees(credit=True)


@dataclass(frozen=True, slots=True)
class RevisionRequest:
    """An officer's input: the fields of each bill with its number, the reason, the note to the consumer, and what
    was seen.

    `shown_amount`: the sum that the page showed, in rupees as displayed, empty for a page without one; None only
    where there is no page. `later_bills`: bills that start from a corrected reading are to be revised as well.
    """

    bills: Sequence[Mapping[str, str]]
    reason: str = ""
    note: str = ""
    version: int | None = None
    shown_amount: str | None = None
    later_bills: bool = False


@dataclass(frozen=True, slots=True)
class BillDraft:
    """One bill of a draft: the present bill, the input, and either the figures or a code for each wrong field."""

    bill: EffectiveBill
    typed: Mapping[str, str]
    revised: Revised | None
    wrong: Mapping[str, str]
    issued: BillInput
    table_difference: int = 0

    @property
    def follows_reading(self) -> bool:
        """Return whether a typed reading has turned a bill without a reading into a metered bill."""
        put = self.revised.put if self.revised else None
        return (
            put is not None
            and self.bill.bill_basis != METERED == put.basis
            and readings_of(put) != readings_of(self.issued)
        )

    @property
    def doubts(self) -> Sequence[str]:
        """What the officer is asked to be sure of, as codes."""
        return self.revised.calculation.doubts if self.revised and self.revised.calculation else ()

    @property
    def lines(self) -> list[ComparedLine]:
        """Return the comparison line by line; empty without figures."""
        return compare_bills(self.bill, self.revised) if self.revised else []


@dataclass(frozen=True, slots=True)
class RevisionDraft:
    """All bills of a revision that is being calculated."""

    supplied: RevisedConnection
    sheets: Sequence[BillDraft]
    reason: str
    note: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    approver: Role | None = None
    # Open complaints about these bills, and the complaint that is worked on.
    disputes: Sequence[OpenDispute] = ()
    shown_amount: str | None = None
    # Bills that start from a reading corrected here, and are not revised as well yet; those of them that are in an open
    # complaint of their own are revised there.
    later: Sequence[EffectiveBill] = ()
    later_disputes: Sequence[OpenDispute] = ()

    @property
    def is_whole(self) -> bool:
        """Return whether every bill has its figures."""
        return bool(self.sheets) and all(sheet.revised for sheet in self.sheets)

    @property
    def is_faultless(self) -> bool:
        """Return whether it can be proposed."""
        return self.is_whole and not self.wrong

    @property
    def bills(self) -> dict[str, EffectiveBill]:
        """Return the present bills by number."""
        return {sheet.bill.bill_no: sheet.bill for sheet in self.sheets}

    @property
    def revised(self) -> list[Revised]:
        """Return the revised bills that have figures."""
        return [sheet.revised for sheet in self.sheets if sheet.revised]

    @property
    def issued_paise(self) -> int:
        """Return the sum of the present bills, in paise."""
        return sum(sheet.bill.amount_paise for sheet in self.sheets)

    @property
    def revised_paise(self) -> int:
        """Return the sum of the revised bills, in paise."""
        return sum(one.amount_paise for one in self.revised)

    @property
    def was_shown(self) -> bool:
        """Return whether the page showed the revised sum; true where there was no page."""
        return self.shown_amount is None or self.shown_paise == self.revised_paise

    @property
    def shown_paise(self) -> int | None:
        """Return the sum that the page showed, in paise; None without a readable one."""
        try:
            return _amount(self.shown_amount or "")
        except Malformed:
            return None

    @property
    def change_paise(self) -> int:
        """Return by how much the bills change, in either direction."""
        return change(self.bills, self.revised)

    @property
    def earlier_change_paise(self) -> int:
        """The part of the change that earlier revisions of the same bills made."""
        return earlier_change(self.bills, self.revised)

    @property
    def figures_hash(self) -> str:
        """Return the hash of the figures, for which an approval is given."""
        return figures_hash(self.bills, self.revised)

    @property
    def is_same(self) -> bool:
        """Return whether no line of any bill would change."""
        return not any(line.difference for sheet in self.sheets for line in sheet.lines)
