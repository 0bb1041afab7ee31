"""The suggested revision of a request's bills, from what is stored about them, and what an officer made of it."""

from collections.abc import Sequence
from dataclasses import replace

from wss.clock import local_date
from wss.domain.billed import EffectiveBill
from wss.domain.calculation import TariffBasis
from wss.domain.catalogue import RequestField, kept_as
from wss.domain.revision_input import initial_values
from wss.domain.suggestion.evidence import Evidence, Suggestion
from wss.domain.suggestion.suggest import suggest
from wss.domain.suggestion.verdicts import SuggestionOutcome
from wss.queries import timelines
from wss.queries.bills import consumption
from wss.queries.effective_bills import connection_of, effective_bills, recent_bills
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow
from wss.services.revisions.calculation import MONTHS_KNOWN
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest

TAKEN, CHANGED = SuggestionOutcome.TAKEN.value, SuggestionOutcome.CHANGED.value


def suggestion_for(seen: RequestRow) -> Suggestion:
    """Return the suggestion for the bills that a request disputes."""
    return suggest(evidence_of(seen))


def evidence_of(seen: RequestRow) -> Evidence:
    """Return what is known about the bills that a request disputes; its reading is of the day of registration."""
    supplied = connection_of(seen.account_no)
    numbers = [bill.bill_no for bill in timelines.disputed_bills(seen.id)]
    bills = effective_bills(seen.account_no, numbers)
    by_unit = RequestField.READING_KVAH if supplied.billing_unit == "kVAh" else RequestField.READING_KWH
    reading = seen.fields.get(kept_as(by_unit))
    return Evidence(
        bills,
        TariffBasis(reference().rates, consumption(seen.account_no, MONTHS_KNOWN)),
        reading,
        local_date(seen.registered_at) if reading is not None else None,
        seen.fields.get(RequestField.REASON) or "",
        supplied.meter_no,
        _before(seen.account_no, bills),
    )


def filled(suggestion: Suggestion, draft: RevisionDraft, note: str) -> RevisionRequest:
    """Return the input of a first draft with the suggested figures, and the note to the consumer."""
    figures = {
        one.revised.bill_no: initial_values(one.revised.put) | {"bill_no": one.revised.bill_no}
        for one in suggestion.bills
    }
    typed = [figures.get(sheet.bill.bill_no, sheet.typed) for sheet in draft.sheets]
    return RevisionRequest(typed, draft.reason, note)


def outcome_of(suggestion: Suggestion, draft: RevisionDraft) -> str:
    """Return whether a proposal has exactly the suggested figures; empty if nothing was sure."""
    if not suggestion.is_sure:
        return ""
    suggested = {one.revised.bill_no: replace(one.revised, calculation=None) for one in suggestion.bills}
    proposed = {one.bill_no: replace(one, calculation=None) for one in draft.revised}
    return TAKEN if suggested == proposed else CHANGED


def _before(account_no: str, bills: Sequence[EffectiveBill]) -> EffectiveBill | None:
    """Return the bill in force of the month before these."""
    if not bills:
        return None
    earlier = [number for number, month in recent_bills(account_no) if month < bills[0].bill_month]
    found = effective_bills(account_no, earlier[:1])
    return found[0] if found else None
