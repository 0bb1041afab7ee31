"""The steps of the work page: the suggestion is proposed, a question asked, or a refusal proposed."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from wss import clock
from wss.domain.errors import Forbidden, Malformed, NotFound, Outdated, RuleBroken
from wss.domain.lifecycle import Action, Resolution
from wss.domain.typed_values import remarks, version
from wss.queries import timelines
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions.counted_steps import COUNTED, take_counted_step
from wss.services.revisions.suggested_proposals import (
    ProposalObstacle,
    ShownSuggestion,
    is_proposed_already,
    propose_suggestion,
)
from wss.web.access import current_actor
from wss.web.labels.officer import BARRED, MISSING
from wss.web.officer.blueprint import officer
from wss.web.officer.canned_texts import SUGGEST, chosen_text, for_consumer, texts_for
from wss.web.officer.requests import request_seen
from wss.web.officer.revision_form import FAULTS
from wss.web.officer.work_page import (
    OBSTACLES,
    REFUSALS,
    WorkForm,
    page_of,
    proposal_for,
)
from wss.web.officer.work_queue import open_next

_AT_FIELD = {"remark_required": "remark", "text_too_long": "remark", "resolution_required": "resolution"}


@officer.post("/todo/<complaint_no>/work")
def work_step(complaint_no: str) -> Response:
    """Propose the suggestion that was shown, ask, or propose a refusal; then open the next request."""
    seen, form = request_seen(complaint_no), WorkForm.sent()
    if "insert" in request.form:
        return page_of(seen, _with_canned(seen, form))
    try:
        if form.action == SUGGEST:
            _propose(seen, form)
        else:
            _take(seen, form)
    except Outdated:
        return _too_late(seen, form)
    except NotFound:
        raise
    except (Forbidden, Malformed) as no:
        return _refused(seen, form, no.code)
    except RuleBroken as broken:
        return page_of(seen, replace(form, barred=FAULTS[broken.code]), 409)
    return open_next(seen, Action.PROPOSE if form.action == SUGGEST else Action(form.action))


def _propose(seen: RequestRow, form: WorkForm) -> None:
    """Propose the suggestion that was shown; a key pressed twice counts as once."""
    note, found = remarks(form.typed["remark"]), proposal_for(seen)
    if not note:
        raise Forbidden("remark_required")
    shown = ShownSuggestion(
        version(request.form.get("version", "")),
        request.form.get("verdict", ""),
        request.form.get("figures_hash", ""),
        for_consumer(seen, note, texts_for(seen, found.suggestion if found else None).notes),
    )
    try:
        propose_suggestion(current_actor(), seen.complaint_no, shown)
    except Outdated:
        fresh = visible_request(current_actor(), seen.complaint_no, clock.now())
        if not is_proposed_already(current_actor(), fresh, shown):
            raise


def _take(seen: RequestRow, form: WorkForm) -> None:
    """Ask, or propose a refusal; a canned text that was not changed goes out in the consumer's language."""
    if form.action not in COUNTED:
        raise Forbidden("step_not_allowed")
    is_decision, resolution = form.action == Action.PROPOSE, form.typed["resolution"]
    if is_decision and resolution not in REFUSALS:
        raise Forbidden("resolution_required")
    text, found = remarks(form.typed["remark"]), proposal_for(seen)
    if not text:
        raise Forbidden("remark_required")
    texts = texts_for(seen, found.suggestion if found else None)
    move = ActionRequest(
        Action(form.action),
        for_consumer(seen, text, texts.of(form.action)),
        resolution=Resolution(resolution) if is_decision else None,
        version=version(request.form.get("version", "")),
    )
    take_counted_step(current_actor(), seen.complaint_no, move, takes_up=True)


def _with_canned(seen: RequestRow, form: WorkForm) -> WorkForm:
    """Return the form with the chosen text; without a choice as it was."""
    found = proposal_for(seen)
    options = texts_for(seen, found.suggestion if found else None).of(form.action)
    text = chosen_text(options, form.typed["canned"])
    return form if text is None else replace(form, typed={**form.typed, "remark": text})


def _refused(seen: RequestRow, form: WorkForm, code: str) -> Response:
    """Show the error at its field, or at the top why the step is not possible; what was typed is kept."""
    if code in _AT_FIELD:
        is_question = code == "remark_required" and form.action == Action.ASK
        words = MISSING["question_required" if is_question else code]
        return page_of(seen, form.with_error(_AT_FIELD[code], words), 422)
    if code in set(ProposalObstacle):
        return page_of(seen, replace(form, barred=OBSTACLES[ProposalObstacle(code)]), 409)
    return page_of(seen, replace(form, barred=BARRED.get(code, BARRED["step_not_allowed"])), 409)


def _too_late(seen: RequestRow, form: WorkForm) -> Response:
    """Show the page as it is now, with what has happened since it was opened; nothing was done."""
    fresh = visible_request(current_actor(), seen.complaint_no, clock.now())
    shown = version(request.form.get("version", ""))
    later = [one for one in timelines.timeline(fresh.id) if one.number > shown] if shown > 0 else []
    return page_of(fresh, replace(form, later_events=later), 409)
