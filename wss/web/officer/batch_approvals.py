"""Approving several proposals together: the chosen ones once more with their sum, one code, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request
from flask_babel import LazyString
from flask_babel import gettext as _

from wss import clock
from wss.domain.batch_approval import BATCH_AT_MOST
from wss.domain.errors import Malformed, NotFound
from wss.domain.identifiers import complaint_no
from wss.queries import revisions
from wss.queries.batches import batch_lines
from wss.queries.reference import reference
from wss.queries.revisions import RevisionRow
from wss.queries.service_requests import visible_request
from wss.services.revisions.batches import APPROVED, begin_batch, obstacle_of, settle_item
from wss.web.access import current_actor, current_staff
from wss.web.fields import LAST_ID
from wss.web.filters import complaint_no as grouped
from wss.web.filters import rupees
from wss.web.labels.approvals import outcome_words
from wss.web.officer.approval_queue import batch_rules
from wss.web.officer.blueprint import officer
from wss.web.officer.second_code import CodeForm, code_page
from wss.web.pages import redirect_to, render

_HASH_LENGTH = 64


@dataclass(frozen=True, slots=True)
class ChosenProposal:
    """A chosen proposal as the check page shows it; why it will not be approved, if so."""

    complaint_no: str
    value: str
    row: RevisionRow | None
    obstacle: LazyString | None


@officer.post("/approvals/together")
def approve_together() -> Response:
    """Show the chosen proposals and ask for a code; with a right one approve each of them by itself."""
    chosen = _chosen_items()
    if not 0 < len(chosen) <= BATCH_AT_MOST:
        return _check_page(chosen, 422)
    if "code" not in request.form:
        return _check_page(chosen)
    asked = code_page(CodeForm(_("Approve together"), _facts(chosen), is_of_batch=True))
    if asked is not None:
        return asked
    actor = current_actor()
    batch_id = begin_batch(actor, chosen)
    for line in batch_lines(actor.id, batch_id):
        settle_item(actor, batch_id, line)
    return redirect_to("officer.batch_result", batch_id=batch_id)


@officer.get(f"/approvals/together/<int(max={LAST_ID}):batch_id>")
def batch_result(batch_id: int) -> Response:
    """Show what became of each proposal of the reader's own batch."""
    lines = batch_lines(current_staff().employee_id, batch_id)
    if not lines:
        raise NotFound
    return render(
        "officer/batch_result.html",
        lines=[(line, outcome_words(line.outcome), line.outcome == APPROVED) for line in lines],
        approved=sum(line.outcome == APPROVED for line in lines),
    )


def _facts(chosen: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return number and amounts of the chosen proposals that can be approved."""
    rows = [_shown(number, figures_hash) for number, figures_hash in chosen]
    return [
        (grouped(one.complaint_no), f"{rupees(one.row.issued_paise)} → {rupees(one.row.revised_paise)}")
        for one in rows
        if one.row and one.obstacle is None
    ]


def _check_page(chosen: list[tuple[str, str]], status: int = 200) -> Response:
    rows = [_shown(number, figures_hash) for number, figures_hash in chosen[:BATCH_AT_MOST]]
    able = [one for one in rows if one.obstacle is None]
    return render(
        "officer/batch_check.html",
        status=status,
        rows=rows,
        able=able,
        carried=[("item", one.value) for one in able],
        rules=batch_rules(reference()),
        at_most=BATCH_AT_MOST,
        is_too_many=len(chosen) > BATCH_AT_MOST,
        total_paise=sum(one.row.change_paise or 0 for one in able if one.row),
    )


def _shown(number: str, figures_hash: str) -> ChosenProposal:
    """Return a chosen proposal; of one of another office nothing but the number that was sent."""
    code = obstacle_of(current_actor(), number, figures_hash)
    row = None
    if code != "not_found":
        row = revisions.proposed_revision(visible_request(current_actor(), number, clock.now()).id)
    words = outcome_words(code) if code else None
    return ChosenProposal(number, f"{number} {figures_hash}", row, words)


def _chosen_items() -> list[tuple[str, str]]:
    """Return the chosen complaint numbers, each with the hash of the figures shown; what is neither is left out."""
    found = {}
    for value in request.form.getlist("item"):
        number, _space, figures_hash = value.partition(" ")
        try:
            found[complaint_no(number)] = figures_hash[:_HASH_LENGTH]
        except Malformed:
            continue
    return list(found.items())
