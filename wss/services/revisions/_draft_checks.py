"""Checks of a revision draft before it is proposed."""

from collections.abc import Sequence
from dataclasses import replace

from wss.domain.errors import Malformed
from wss.domain.typed_values import remarks
from wss.queries.bills import OpenDispute
from wss.services.revisions.revision_draft import RevisionDraft


def checked(draft: RevisionDraft, reasons: Sequence[str], request_id: int | None = None) -> RevisionDraft:
    """Return the draft with the reasons why it cannot be proposed, for a request or without one."""
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
    elif draft.is_whole and not draft.was_shown:
        wrong["figures"] = "sum_differs" if draft.shown_paise is not None else "sum_not_shown"
    draft = replace(draft, disputes=disputes_of_others(draft, request_id))
    if draft.disputes:
        wrong["figures"] = "bill_in_complaint"
    wrong |= _doubted(draft)
    if wrong or not draft.is_whole:
        return replace(draft, note=note, wrong=wrong)
    # A bill that stays as it was is not revised; it was only looked at.
    changed = [sheet for sheet in draft.sheets if any(line.difference for line in sheet.lines)]
    return replace(draft, note=note, sheets=changed)


def _doubted(draft: RevisionDraft) -> dict[str, str]:
    """The tick that is missing at a bill with odd figures, with the first thing that is odd."""
    return {
        f"sure-{place}": sheet.doubts[0]
        for place, sheet in enumerate(draft.sheets)
        if sheet.doubts and sheet.typed.get("sure") != "1"
    }


def disputes_of_others(draft: RevisionDraft, request_id: int | None) -> list[OpenDispute]:
    """Open complaints, other than this one, about bills that the draft changes: they ask their consumer about them."""
    changed = {sheet.bill.bill_no for sheet in draft.sheets if any(line.difference for line in sheet.lines)}
    return [one for one in draft.disputes if one.bill_no in changed and one.request_id != request_id]
