"""Decisions in the approval queue: approve exactly the figures shown, or send back, then the next proposal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss.domain.errors import Forbidden, Malformed, Outdated
from wss.domain.identifiers import complaint_no as complaint_no_of
from wss.domain.lifecycle import ENDS_PROPOSAL, Action
from wss.domain.todo_filter import TodoCursor
from wss.domain.typed_values import LAST_DAY, remarks
from wss.domain.typed_values import version as version_of
from wss.queries import revisions
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions import for_request, without_request
from wss.web.access import current_actor
from wss.web.labels.approvals import OUTCOMES
from wss.web.labels.officer import BARRED, DONE, MISSING
from wss.web.officer.approval_queue import next_row
from wss.web.officer.blueprint import officer
from wss.web.officer.decided_facts import facts_of_request, facts_of_revision
from wss.web.officer.office_revisions import REVISION_ID, own_proposal_page, own_revision_seen
from wss.web.officer.proposals import no_longer_waiting, proposal_of, proposal_page
from wss.web.officer.requests import request_seen
from wss.web.officer.second_code import CodeForm, code_page, is_code_given
from wss.web.pages import redirect_to_address, render, wants_fragment

_DECISIONS = (Action.APPROVE, *ENDS_PROPOSAL)


@dataclass(frozen=True)
class QueueDecision:
    """A decision on one proposal of the queue: its row, how it is taken, its page for what is refused, and what it is
    about."""

    key: str
    place: TodoCursor
    take: Callable[[Action, str], object]
    page: Callable[..., Response]
    facts: Callable[[], Sequence[tuple[str, str]]]


@officer.post("/approvals/<complaint_no>")
def decide_in_queue(complaint_no: str) -> Response:
    """Decide the proposal of a complaint, and continue with the next one."""
    seen = request_seen(complaint_no_of(complaint_no))
    proposal = proposal_of(seen)
    if proposal is None:
        return _decided_before(seen.complaint_no)

    def take(action: Action, remark: str) -> object:
        move = ActionRequest(action, remark, version=_version())
        return for_request.decide(current_actor(), seen.complaint_no, move, _figures_hash())

    def page(status: int, **wrong: object) -> Response:
        fresh = request_seen(seen.complaint_no)
        waiting = proposal_of(fresh)
        if waiting is None:
            return _decided_before(fresh.complaint_no)
        return proposal_page(fresh, waiting, status, **wrong)  # type: ignore[arg-type]

    place = TodoCursor(seen.promised_on, proposal.id)
    return _decided(QueueDecision(seen.complaint_no, place, take, page, partial(facts_of_request, seen)))


@officer.post(f"/approvals/revisions/<{REVISION_ID}:revision_id>")
def decide_own_in_queue(revision_id: int) -> Response:
    """Decide a revision without a complaint, and continue with the next proposal."""
    seen = own_revision_seen(revision_id)
    key = f"v{seen.id}"
    if seen.state != revisions.PROPOSED:
        return _decided_before(key)

    def take(action: Action, remark: str) -> object:
        actor, version = current_actor(), _version()
        if action is Action.APPROVE:
            return without_request.approve(actor, seen.id, version, _figures_hash())
        if action is Action.SEND_BACK:
            return without_request.send_back(actor, seen.id, version, remark)
        return without_request.withdraw(actor, seen.id, version)

    def page(status: int, **wrong: object) -> Response:
        return own_proposal_page(own_revision_seen(seen.id), status, **wrong)  # type: ignore[arg-type]

    place = TodoCursor(LAST_DAY, seen.id)
    return _decided(QueueDecision(key, place, take, page, partial(facts_of_revision, seen)))


def _decided(decision: QueueDecision) -> Response:
    """Take the decision, after a code if one is due; what is refused is shown with the reason."""
    action = request.form.get("action", "")
    if action not in _DECISIONS:
        return decision.page(409, refusal=BARRED["step_not_allowed"])
    try:
        remark = remarks(request.form.get("remark", "")) if action == Action.SEND_BACK else ""
        if action == Action.SEND_BACK and not remark:
            raise Malformed("recheck_required")
        asked = code_page(_code_form(decision)) if action == Action.APPROVE else None
        if asked is not None:
            return asked
        decision.take(Action(action), remark)
    except Malformed as fault:
        return decision.page(422, remark_fault=str(MISSING[fault.code]))
    except Outdated:
        return decision.page(409, is_late=True)
    except Forbidden as no:
        return decision.page(409, refusal=BARRED.get(no.code, BARRED["step_not_allowed"]))
    return _next_after(decision, Action(action))


def _code_form(decision: QueueDecision) -> CodeForm:
    return CodeForm(_("Approve"), decision.facts(), f"d-{decision.key}" if wants_fragment() else "")


def _next_after(decision: QueueDecision, action: Action) -> Response:
    """Say in place what was done; the whole queue again without scripts, and after a code, as its forms are void."""
    if wants_fragment() and not is_code_given():
        words = OUTCOMES["approved"] if action is Action.APPROVE else DONE[action]
        return render("officer/_approval_done.html", words=words, place=decision.key)
    following = next_row(decision.place)
    anchor = f"r-{following}" if following else None
    return redirect_to_address(url_for("officer.approvals", done=decision.key, _anchor=anchor))


def _decided_before(key: str) -> Response:
    if wants_fragment():
        return no_longer_waiting(key)
    page = (
        url_for("officer.own_revision", revision_id=int(key[1:]))
        if key.startswith("v")
        else url_for("officer.revision", complaint_no=key)
    )
    return redirect_to_address(page)


def _version() -> int:
    return version_of(request.form.get("version", ""))


def _figures_hash() -> str:
    return request.form.get("figures_hash", "")
