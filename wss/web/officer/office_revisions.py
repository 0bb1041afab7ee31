"""Bill revision without a complaint (a replaced meter, a bill on hold), with the same page and two-person approval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss.domain import identifiers, typed_values
from wss.domain.errors import Forbidden, Malformed, NotFound, Outdated, RuleBroken
from wss.domain.lifecycle import Action
from wss.domain.revision_input import initial_values
from wss.domain.typed_values import remarks
from wss.queries import revisions
from wss.queries.effective_bills import RevisedConnection, connection_in_office
from wss.queries.officers import is_own_connection
from wss.queries.revisions import PROPOSED, RevisionRow
from wss.services.revisions import without_request
from wss.services.revisions.batches import note_opened
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest
from wss.web.access import current_actor
from wss.web.fields import LAST_ID, OFFICE_MESSAGES
from wss.web.labels.officer import BARRED, MISSING
from wss.web.officer.blueprint import officer
from wss.web.officer.decided_facts import facts_of_revision
from wss.web.officer.list_links import is_from_queue
from wss.web.officer.proposals import RevisionView, decision_context, no_longer_waiting, shown
from wss.web.officer.revision_form import (
    FAULTS,
    OWN_REASONS,
    disputed_words,
    faults_of,
    sent_bills,
    sent_revision,
)
from wss.web.officer.revisions import draft_context, with_another
from wss.web.officer.second_code import CodeForm, code_page
from wss.web.pages import redirect_to, render, wants_fragment

REVISION_ID = f"int(max={LAST_ID})"


@officer.get("/revisions/new")
def new_revision() -> Response:
    """Show the form: which connection, which bill, why."""
    return _first_page({}, {})


@officer.post("/revisions/new")
def work_out_own() -> Response:
    """Show the bill's figures; `preview` computes them again, `propose` proposes them."""
    typed = {name: request.form.get(name, "").strip() for name in ("account_no", "bill_no", "reason")}
    actor, revision_request, wrong = current_actor(), sent_revision(), {}
    try:
        number = identifiers.account_no(typed["account_no"])
        supplied = connection_in_office(number, actor.office_code)
        if not sent_bills(request.form):
            bill_no = identifiers.bill_no(typed["bill_no"])
            draft = without_request.begin(actor, supplied.account_no, [bill_no])
            return _sheet(draft, typed["reason"]) if draft.sheets else _first_page(typed, _no_such_bill())
        if "propose" in request.form:
            return _propose(supplied.account_no, revision_request)
        return _computed_page(supplied, revision_request)
    except Malformed as malformed:
        field = "account_no" if malformed.code.startswith("account_no") else "bill_no"
        wrong = {field: str(OFFICE_MESSAGES[malformed.code])}
    except NotFound:
        wrong = {"account_no": _("No such connection in your offices. Check the account number.")}
    except Forbidden as barred:
        wrong = {"": str(BARRED.get(barred.code, BARRED["step_not_allowed"]))}
    return _first_page(typed, wrong)


@officer.get(f"/revisions/<{REVISION_ID}:revision_id>")
def own_revision(revision_id: int) -> Response:
    """Show the proposal for a connection, to be approved or sent back, or its result."""
    seen = own_revision_seen(revision_id)
    if wants_fragment() and seen.state != PROPOSED:
        return no_longer_waiting(f"v{seen.id}")
    return own_proposal_page(seen)


@officer.post(f"/revisions/<{REVISION_ID}:revision_id>/actions")
def decide_own(revision_id: int) -> Response:
    """Approve exactly the figures shown, send back, or withdraw one's own proposal."""
    seen, version = own_revision_seen(revision_id), typed_values.version(request.form.get("version", ""))
    action = request.form.get("action")
    if action == Action.SEND_BACK:
        return _sent_back(seen, version)
    if action == Action.WITHDRAW_PROPOSAL:
        return _decided(seen, lambda: without_request.withdraw(current_actor(), seen.id, version))
    if action != Action.APPROVE:
        return own_proposal_page(seen, 409, refusal=BARRED["step_not_allowed"])
    page = code_page(CodeForm(_("Approve"), facts_of_revision(seen)))
    if page is not None:
        return page
    figures_hash = request.form.get("figures_hash", "")
    return _decided(seen, lambda: without_request.approve(current_actor(), seen.id, version, figures_hash))


def _sent_back(seen: RevisionRow, version: int) -> Response:
    """Send the proposal back. The reason is required; an invalid one is shown again."""
    try:
        remark = remarks(request.form.get("remark", ""))
        if not remark:
            raise Malformed("recheck_required")
    except Malformed as fault:
        return own_proposal_page(seen, 422, remark_fault=str(MISSING[fault.code]))
    return _decided(seen, lambda: without_request.send_back(current_actor(), seen.id, version, remark))


def _decided(seen: RevisionRow, decide: Callable[[], object]) -> Response:
    try:
        decide()
    except (Outdated, Forbidden) as refused:
        words = BARRED.get(refused.code)
        # The page itself says of which complaint; what is left there is to send the proposal back.
        refusal = words if refused.code != "bill_in_complaint" else None
        return own_proposal_page(own_revision_seen(seen.id), 409, is_late=words is None, refusal=refusal)
    return redirect_to("officer.own_revision", revision_id=seen.id)


def _propose(account_no: str, revision_request: RevisionRequest) -> Response:
    actor = current_actor()
    try:
        draft, added = without_request.propose(actor, account_no, revision_request)
    except (Forbidden, NotFound):
        raise
    except Outdated:
        return _too_late(account_no, revision_request)
    except RuleBroken as broken:
        faults = [("", str(FAULTS[broken.code]))]
        return _sheet(without_request.preview(actor, account_no, revision_request), faults=faults, status=422)
    if added is None:
        return _sheet(draft, status=422)
    return redirect_to("officer.own_revision", revision_id=added)


def _computed_page(supplied: RevisedConnection, revision_request: RevisionRequest) -> Response:
    account_no = supplied.account_no
    try:
        draft = without_request.preview(current_actor(), account_no, with_another(revision_request, supplied))
    except Outdated:
        return _too_late(account_no, revision_request)
    return _sheet(draft, status=422 if faults_of(draft) else 200)


def _too_late(account_no: str, revision_request: RevisionRequest) -> Response:
    """Show the bills as they are now, with the reason and the note that were typed."""
    numbers = [each.get("bill_no", "") for each in revision_request.bills]
    fresh = replace(without_request.begin(current_actor(), account_no, numbers), note=revision_request.note)
    return _sheet(fresh, revision_request.reason, status=409, late=True)


def _first_page(typed: dict[str, str], wrong: dict[str, str]) -> Response:
    return render(
        "officer/own_revision_new.html",
        status=422 if wrong else 200,
        typed=typed,
        wrong=wrong,
        reasons=OWN_REASONS.items(),
    )


def _sheet(
    draft: RevisionDraft,
    reason: str = "",
    faults: Sequence[tuple[str, str]] = (),
    status: int = 200,
    late: bool = False,
) -> Response:
    return render(
        "officer/own_revision_form.html",
        "officer/_revision_form.html",
        status=status,
        is_late=late,
        barred=[disputed_words(each) for each in draft.disputes],
        takes_up=False,
        version=None,
        address=url_for("officer.work_out_own"),
        own_account_no=draft.supplied.account_no,
        reasons=OWN_REASONS.items(),
        chosen_reason=draft.reason or reason,
        **draft_context(draft, [*faults_of(draft), *faults]),
    )


def own_proposal_page(
    seen: RevisionRow,
    status: int = 200,
    *,
    is_late: bool = False,
    refusal: object = None,
    remark_fault: str = "",
) -> Response:
    """Show a proposal without a complaint, to be decided, or its result; in place in the approval queue."""
    barred = [refusal] if refusal else []
    if is_own_connection(current_actor().id, seen.account_no, None) and not barred:
        barred = [BARRED["own_connection"]]
    note_opened(current_actor(), seen)
    proposal, is_in_queue = shown(seen), wants_fragment() or is_from_queue()
    return render(
        "officer/own_revision_proposed.html",
        "officer/_approval.html" if seen.state == PROPOSED else None,
        status=status,
        is_late=is_late,
        is_waiting=seen.state == PROPOSED,
        barred=barred,
        remark_fault=remark_fault,
        remark=request.form.get("remark", ""),
        place=f"v{seen.id}",
        decide_at=url_for(
            "officer.decide_own_in_queue" if is_in_queue else "officer.decide_own", revision_id=seen.id
        ),
        version=seen.version,
        again=_as_typed(proposal),
        **decision_context(current_actor(), proposal),
    )


def _as_typed(proposal: RevisionView) -> list[tuple[str, str]]:
    """Return the form's fields as they were for this proposal, to continue from there."""
    fields = [(name, str(getattr(proposal.row, name))) for name in ("account_no", "reason", "note")]
    for place, (bill_no, _month, _lines, revised, _basis) in enumerate(proposal.bills):
        typed = initial_values(revised.put)
        fields += [(f"{name}-{place}", value) for name, value in {"bill_no": bill_no, **typed}.items()]
    return fields


def own_revision_seen(revision_id: int) -> RevisionRow:
    """Return a revision without a complaint of the reader's offices."""
    return revisions.revision_in_office(revision_id, current_actor().office_code)


def _no_such_bill() -> dict[str, str]:
    return {"bill_no": _("This connection has no such bill. Check the bill number.")}
