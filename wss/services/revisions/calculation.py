"""The calculation of a revision: from an officer's input to the figures of each bill by the tariff, or its errors."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wss.domain.approval import who_may_approve
from wss.domain.billed import EffectiveBill, as_issued
from wss.domain.calculation import TariffBasis
from wss.domain.catalogue import BILLS_AT_MOST
from wss.domain.errors import NotFound, Outdated
from wss.domain.meter_units import BillInputError, needs_reading
from wss.domain.revision import Revised, revise, table_difference, with_reading_basis
from wss.domain.revision_doubts import doubts_of
from wss.domain.revision_input import initial_values, parse_input
from wss.queries.bills import consumption, open_disputes
from wss.queries.effective_bills import RevisedConnection, bills_starting_at, effective_bills, reading_before
from wss.queries.reference import reference
from wss.services.revisions.revision_draft import BillDraft, RevisionDraft, RevisionRequest

# The number of past bills that an average may use.
MONTHS_KNOWN = 36


def first_draft(supplied: RevisedConnection, bill_nos: Sequence[str]) -> RevisionDraft:
    """Return a draft of the present bills without changes; numbers of other connections are left out."""
    bills = effective_bills(supplied.account_no, bill_nos[:BILLS_AT_MOST])
    rates = reference().rates
    typed = [initial_values(as_issued(bill, rates)) | {"bill_no": bill.bill_no} for bill in bills]
    return _drafted(supplied, bills, RevisionRequest(typed))


def calculate_draft(
    supplied: RevisedConnection, revision_request: RevisionRequest, request_id: int | None = None
) -> RevisionDraft:
    """Calculate the officer's input, for a request or without one; raises NotFound for another connection's bill,
    Outdated for a revised one."""
    draft = _drafted(supplied, _bills_of(supplied, revision_request), revision_request, request_id)
    if not revision_request.later_bills or not draft.later:
        return draft
    more = replace(
        revision_request, bills=_with_later(revision_request.bills, draft)[:BILLS_AT_MOST], later_bills=False
    )
    return _drafted(supplied, _bills_of(supplied, more), more, request_id)


def _bills_of(supplied: RevisedConnection, revision_request: RevisionRequest) -> list[EffectiveBill]:
    numbers = [typed.get("bill_no", "") for typed in revision_request.bills]
    if len(set(numbers)) != len(numbers) or len(numbers) > BILLS_AT_MOST:
        raise NotFound
    found = {bill.bill_no: bill for bill in effective_bills(supplied.account_no, numbers)}
    if len(found) < len(numbers):
        raise NotFound
    if set(found) != set(numbers):
        raise Outdated
    return [found[number] for number in numbers]


def _drafted(
    supplied: RevisedConnection,
    bills: Sequence[EffectiveBill],
    revision_request: RevisionRequest,
    request_id: int | None = None,
) -> RevisionDraft:
    tables = reference()
    tariff_basis = TariffBasis(tables.rates, consumption(supplied.account_no, MONTHS_KNOWN))
    categories = sorted({rate.category for rate in tables.rates})
    sheets = [
        _sheet(bill, typed, tariff_basis, categories)
        for bill, typed in zip(bills, revision_request.bills, strict=True)
    ]
    sheets = _with_doubts(supplied.account_no, sheets)
    later = later_bills(supplied.account_no, [(sheet.bill, sheet.revised) for sheet in sheets])
    there = {bill.bill_no for bill in bills}
    disputes = open_disputes([*there, *(bill.bill_no for bill in later)])
    draft = RevisionDraft(
        supplied,
        sheets,
        revision_request.reason,
        revision_request.note,
        shown_amount=revision_request.shown_amount,
        disputes=[one for one in disputes if one.bill_no in there],
        later=later,
        later_disputes=[one for one in disputes if one.bill_no not in there and one.request_id != request_id],
    )
    approver = who_may_approve(draft.change_paise, tables.limits) if draft.is_whole else None
    return replace(draft, approver=approver)


def _sheet(
    bill: EffectiveBill, typed: Mapping[str, str], tariff_basis: TariffBasis, categories: Sequence[str]
) -> BillDraft:
    issued = as_issued(bill, tariff_basis.rates)
    put, wrong = parse_input(typed, categories, issued)
    by_table = table_difference(bill, tariff_basis)
    if put is None:
        return BillDraft(bill, typed, None, wrong, issued, by_table)
    try:
        put = with_reading_basis(bill, put, issued, typed.get("shown_basis", ""))
        typed = {**typed, "basis": put.basis, "multiplying_factor": initial_values(put)["multiplying_factor"]}
        return BillDraft(bill, typed, revise(bill, put, tariff_basis), {}, issued, by_table)
    except BillInputError as error:
        return BillDraft(bill, typed, None, {error.field: error.code}, issued, by_table)


def _with_doubts(account_no: str, sheets: Sequence[BillDraft]) -> list[BillDraft]:
    """The bills with what is odd about each; one that is revised along starts from the corrected reading."""
    doubted: list[BillDraft] = []
    for sheet in sheets:
        revised = sheet.revised
        if revised and revised.calculation:
            is_typed = revised.previous_reading != sheet.issued.previous_reading
            before = reading_before(account_no, sheet.bill) if is_typed else None
            before = _corrected(before, sheet.bill, sheets)
            doubts = tuple(map(str, doubts_of(sheet.bill, sheet.issued, revised, before)))
            sheet = replace(
                sheet, revised=replace(revised, calculation=replace(revised.calculation, doubts=doubts))
            )
        doubted.append(sheet)
    return doubted


def _corrected(before: int | None, bill: EffectiveBill, sheets: Sequence[BillDraft]) -> int | None:
    """Return the reading at which the bill before ended, as corrected here; bills without a reading have the same."""
    corrected = [
        (sheet.bill.period_to, sheet.revised.current_reading)
        for sheet in sheets
        if sheet.revised
        and sheet.bill.current_reading == before
        and sheet.bill.period_from < bill.period_from
    ]
    return max(corrected)[1] if corrected else before


def later_bills(
    account_no: str, pairs: Sequence[tuple[EffectiveBill, Revised | None]]
) -> list[EffectiveBill]:
    """Return the metered bills that start from a reading that is corrected in these bills, each with its revised
    figures, and not yet from the corrected value."""
    starts = {bill.bill_no: revised.previous_reading if revised else None for bill, revised in pairs}
    found: dict[str, EffectiveBill] = {}
    for own, revised in pairs:
        corrected = revised.current_reading if revised else own.current_reading
        if corrected != own.current_reading:
            for bill in bills_starting_at(account_no, own):
                if needs_reading(bill.bill_basis) and starts.get(bill.bill_no) != corrected:
                    found[bill.bill_no] = bill
    return list(found.values())


def _with_later(bills: Sequence[Mapping[str, str]], draft: RevisionDraft) -> list[Mapping[str, str]]:
    """Return the typed bills and the later ones, each starting from the corrected reading."""
    rates = reference().rates
    corrected = {
        sheet.bill.current_reading: sheet.revised.current_reading
        for sheet in draft.sheets
        if sheet.revised and sheet.revised.current_reading != sheet.bill.current_reading
    }
    disputed = {one.bill_no for one in draft.later_disputes}
    later = [bill for bill in draft.later if bill.bill_no not in disputed]
    begins = {bill.bill_no: str(corrected[bill.previous_reading]) for bill in later}
    there = {typed.get("bill_no", "") for typed in bills}
    more = [
        initial_values(as_issued(bill, rates)) | {"bill_no": bill.bill_no}
        for bill in later
        if bill.bill_no not in there
    ]
    return [
        {**typed, **({"previous_reading": begins[number]} if number in begins else {})}
        for typed in (*bills, *more)
        for number in [typed.get("bill_no", "")]
    ]
