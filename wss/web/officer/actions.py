"""The actions of officers on a request: take up, assign, forward, ask, propose, decide, withdraw a proposal."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss.clock import now
from wss.domain import identifiers
from wss.domain.errors import Forbidden, Malformed, Outdated
from wss.domain.lifecycle import ENDS_PROPOSAL, TABLE, Action, Resolution, Status
from wss.domain.typed_values import remarks, version
from wss.queries import revisions, timelines
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions.counted_steps import COUNTED, take_counted_step
from wss.services.revisions.for_request import decide
from wss.web.access import current_actor
from wss.web.labels.officer import ACTIONS, BARRED, MISSING
from wss.web.officer.blueprint import officer
from wss.web.officer.canned_texts import chosen_text, for_consumer
from wss.web.officer.decided_facts import facts_of_request
from wss.web.officer.list_links import redirect_to_list
from wss.web.officer.proposals import proposal_of, shown
from wss.web.officer.request_steps import offices_of_discom, request_texts, resolutions_of
from wss.web.officer.requests import OfficerActionForm, details_page, request_context
from wss.web.officer.second_code import CodeForm, code_page
from wss.web.pages import redirect_to, render

# The field at which an error code is shown; every other code concerns the action as a whole.
_AT_FIELD = {
    "assignee_required": "assignee",
    "assignee_unknown": "assignee",
    "assignee_own_connection": "assignee",
    "office_required": "office",
    "office_unknown": "office",
    "office_several": "office",
    "office_same": "office",
    "office_cannot_handle": "office",
    "late_stays": "office",
    "resolution_required": "resolution",
    "remark_required": "remark",
    "text_too_long": "remark",
}

# The remark of these actions has a label of its own, and the error names it.
_REMARKS: dict[str, str] = {Action.ASK: "question_required", Action.SEND_BACK: "recheck_required"}


@officer.post("/todo/<complaint_no>/actions")
def act(complaint_no: str) -> Response:
    """Take an action, unless the request has changed since the page was made."""
    seen = visible_request(current_actor(), identifiers.complaint_no(complaint_no), now())
    form = OfficerActionForm.sent()
    if "insert" in request.form:
        return details_page(seen, _with_canned(seen, form))
    if form.action not in ACTIONS:
        return _refused(seen, form, "step_not_allowed")
    if _version() not in (None, seen.version):
        if _is_of_figures():
            return both_versions(seen, request.form["figures_hash"])
        return _too_late(seen, form)
    if form.action == Action.APPROVE:
        page = code_page(CodeForm(_("Approve"), facts_of_request(seen)))
        if page is not None:
            return page
    try:
        move = _move(seen, form)
        _check(seen, move)
        _take(seen, move)
    except Outdated:
        if _is_of_figures():
            return both_versions(
                visible_request(current_actor(), seen.complaint_no, now()), request.form["figures_hash"]
            )
        return _too_late(visible_request(current_actor(), seen.complaint_no, now()), form)
    except (Forbidden, Malformed) as no:
        return _refused(seen, form, no.code)
    return _done(seen, move)


def _with_canned(seen: RequestRow, form: OfficerActionForm) -> OfficerActionForm:
    """Return the form with the chosen canned text; without a choice as it was."""
    text = chosen_text(request_texts(seen).of(form.action), form.typed["canned"])
    return form if text is None else replace(form, typed={**form.typed, "remark": text})


def both_versions(seen: RequestRow, figures_hash: str) -> Response:
    """Show that the figures have changed: those that were shown, next to the present ones."""
    before = revisions.revision_seen(seen.account_no, figures_hash) if figures_hash else None
    now_there = proposal_of(seen)
    return render(
        "officer/revision_changed.html",
        status=409,
        before=shown(before) if before else None,
        after=shown(now_there) if now_there else None,
        again=url_for("officer.revision", complaint_no=seen.complaint_no),
        **request_context(seen),
    )


def _take(seen: RequestRow, move: ActionRequest) -> None:
    """Take the action; a proposal with figures is decided for exactly the figures that were shown."""
    if move.action in (Action.APPROVE, *ENDS_PROPOSAL):
        decide(current_actor(), seen.complaint_no, move, request.form.get("figures_hash", ""))
    else:
        take_counted_step(current_actor(), seen.complaint_no, move)


def _is_of_figures() -> bool:
    """Return whether figures were to be approved: if they have changed, both versions are shown."""
    return bool(request.form.get("figures_hash")) and request.form.get("action") == Action.APPROVE


def _done(seen: RequestRow, move: ActionRequest) -> Response:
    """Redirect to the request, or to the list when the reader may no longer see it."""
    if move.action is Action.FORWARD:
        return redirect_to_list(forwarded=seen.complaint_no)
    is_of_figures = seen.resolution == Resolution.REVISED and timelines.disputed_bills(seen.id)
    page = "officer.request_page"
    # After a request was taken up from the list of pending requests, the next step is to revise its bill.
    is_to_revise = move.action is Action.TAKE_UP and request.form.get("opens") == "officer.revision"
    if is_to_revise or (move.action is Action.WITHDRAW_PROPOSAL and is_of_figures):
        page = "officer.revision"
    return redirect_to(page, complaint_no=seen.complaint_no, done=move.action.value)


def _move(seen: RequestRow, form: OfficerActionForm) -> ActionRequest:
    """Return the action for the service. A revised bill is proposed on its own page."""
    resolution, action = form.typed["resolution"], Action(form.action)
    remark = remarks(form.typed["remark"])
    if action in COUNTED:
        remark = for_consumer(seen, remark, request_texts(seen).of(action))
    offered = resolutions_of(timelines.disputed_bills(seen.id))
    return ActionRequest(
        action,
        remark,
        resolution=Resolution(resolution) if resolution in offered and action is Action.PROPOSE else None,
        office_code=office_code_of(seen, form.typed["office"]) if action is Action.FORWARD else None,
        assignee_id=form.typed["assignee"] or None if action is Action.ASSIGN else None,
        version=seen.version,
    )


def _check(seen: RequestRow, move: ActionRequest) -> None:
    """Raise Forbidden for the first required field that is empty, in the order of the form."""
    if move.action is Action.PROPOSE and move.resolution is None:
        raise Forbidden("resolution_required")
    step = TABLE.get((Status(seen.status), move.action))
    if step and step.remark_required and not move.remark:
        raise Forbidden("remark_required")


def office_code_of(seen: RequestRow, typed: str) -> str:
    """Return the code of an office of the discom from its code or its whole name, in either language."""
    office = typed.strip()
    if not office:
        raise Forbidden("office_required")
    code = office.partition(" ")[0]
    if code == seen.office_code or office == seen.office_code:
        raise Forbidden("office_same")
    offered = offices_of_discom(seen, reference(seen.reference_version))
    if code in {each.code for each in offered}:
        return code
    named = [each.code for each in offered if office.casefold() in (each.name.casefold(), each.name_hi)]
    if len(named) > 1:
        raise Forbidden("office_several")
    if not named:
        raise Forbidden("office_unknown")
    return str(named[0])


def _version() -> int | None:
    """Return the version that the form was made for; None where it has none."""
    typed = request.form.get("version", "")
    return version(typed) if typed else None


def _refused(seen: RequestRow, form: OfficerActionForm, code: str) -> Response:
    """Show the error at its field, or at the top why the action is not possible."""
    if code in _AT_FIELD:
        words = MISSING[_REMARKS.get(form.action, code) if code == "remark_required" else code]
        return details_page(seen, form.with_error(_AT_FIELD[code], words), 422)
    words = BARRED.get(code, BARRED["step_not_allowed"])
    return details_page(seen, replace(form, barred=words), 409)


def _too_late(seen: RequestRow, form: OfficerActionForm) -> Response:
    """Show what has happened since the page was opened, and by whom."""
    shown_version = _version() or seen.version
    later = [each for each in timelines.timeline(seen.id) if each.number > shown_version]
    return details_page(seen, replace(form, later_events=later), 409)
