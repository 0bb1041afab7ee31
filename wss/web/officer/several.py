"""A step on several requests: the chosen ones once more with the values of the step, and what became of each."""

from __future__ import annotations

from functools import partial

from flask import Response

from wss.domain.errors import NotFound, Outdated
from wss.domain.lifecycle import Action
from wss.domain.step_batches import DONE, STEPS_AT_MOST, STEPS_FOR_SEVERAL, ChosenRequest
from wss.queries.step_batches import StepLine, step_lines, step_of_batch
from wss.services.revisions.step_batches import begin_steps, settle_step
from wss.web.access import current_actor, current_staff
from wss.web.fields import LAST_ID
from wss.web.labels.officer import MISSING
from wss.web.labels.step_batches import step_outcome
from wss.web.officer.blueprint import officer
from wss.web.officer.list_links import list_address
from wss.web.officer.several_check import (
    AT_FIELD,
    TOKEN,
    SeveralForm,
    check_page,
    chosen_requests,
    status_words,
    step_fault,
    step_for,
)
from wss.web.pages import redirect_to, render


@officer.post("/todo/several")
def several() -> Response:
    """Show what a step would do to the chosen requests; with the values of the step take it on each of them."""
    form, chosen = SeveralForm.sent(), chosen_requests()
    if form.action not in STEPS_FOR_SEVERAL or not 0 < len(chosen) <= STEPS_AT_MOST:
        return check_page(form, chosen, 422)
    if not TOKEN.fullmatch(form.typed["form_token"]):
        return check_page(form, chosen)
    fault = step_fault(form, chosen)
    if fault:
        words = MISSING[fault]
        return check_page(form.with_error(AT_FIELD[form.action, fault], words), chosen, 422)
    try:
        batch_id = _take(form, chosen)
    except Outdated:
        return check_page(form, chosen, 409)
    return redirect_to("officer.several_result", batch_id=batch_id)


@officer.get(f"/todo/several/<int(max={LAST_ID}):batch_id>")
def several_result(batch_id: int) -> Response:
    """Show what became of each request of the reader's own batch; those that were not done come first."""
    action = step_of_batch(current_staff().employee_id, batch_id)
    if action is None:
        raise NotFound
    lines = sorted(step_lines(batch_id), key=lambda line: line.outcome == DONE)
    done = sum(line.outcome == DONE for line in lines)
    return render(
        "officer/several_result.html",
        action=action,
        lines=[(line, step_outcome(action, line.outcome), status_words(line)) for line in lines],
        done=done,
        list_address=list_address(),
    )


def _take(form: SeveralForm, chosen: list[ChosenRequest]) -> int:
    """Take the step on each request that is not settled yet; return the batch."""
    actor, action = current_actor(), Action(form.action)
    batch_id = begin_steps(actor, form.typed["form_token"], action, chosen)
    for line in step_lines(batch_id):
        if not line.outcome:
            settle_step(actor, batch_id, line, partial(step_for, form, _chosen(line)))
    return batch_id


def _chosen(line: StepLine) -> ChosenRequest:
    return ChosenRequest(line.complaint_no, line.version)
