"""Bill revision of a complaint: worked out, proposed by one officer, approved or sent back by another."""

from collections.abc import Sequence

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.catalogue import RequestField
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import NOT_TAKEN_UP, OFFICERS, Action, Resolution
from wss.domain.revision_input import as_typed
from wss.queries import revisions, timelines
from wss.queries.effective_bills import RevisedConnection, connection_of
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.officer_checks import bar_officer
from wss.services.requests.transition import take_step
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.services.revisions._approval import approve_figures, put_forward, send_back_figures, withdraw_figures
from wss.services.revisions._draft_checks import checked
from wss.services.revisions.calculation import RevisionDraft, RevisionRequest, drafted, first_draft


def begin(seen: RequestRow, more_bills: Sequence[str] = ()) -> RevisionDraft:
    """The bills that a request disputes as they stand now, and those asked for besides, to be worked on.

    Raises NotFound, as everything here does, for a request that is about no bill.
    """
    _check_is_about_bills(seen)
    numbers = [bill.bill_no for bill in timelines.disputed_bills(seen.id)]
    return first_draft(connection_of(seen.account_no), list(dict.fromkeys([*numbers, *more_bills])))


def resume(actor: Actor, seen: RequestRow) -> RevisionDraft | None:
    """The figures of the actor's own proposal that was sent back or withdrawn last, to go on with; None where there is
    none, or other bills stand by now."""
    last = revisions.latest_revision(seen.id)
    if last is None or last.state not in (revisions.SENT_BACK, revisions.WITHDRAWN):
        return None
    if last.proposed_by != actor.id:
        return None
    bills = [one.revised for one in revisions.bills_of_revision(last.id)]
    typed = [as_typed(one.put) | {"bill_no": one.bill_no} for one in bills]
    try:
        return drafted(connection_of(seen.account_no), RevisionRequest(typed, last.reason, last.note))
    except (NotFound, Outdated):
        return None


def begin_with(supplied: RevisedConnection, bill_nos: Sequence[str]) -> RevisionDraft:
    """Some bills of a connection as they stand."""
    return first_draft(supplied, bill_nos)


def preview(seen: RequestRow, wish: RevisionRequest) -> RevisionDraft:
    """What was typed, worked out; nothing is kept."""
    _check_is_about_bills(seen)
    return drafted(connection_of(seen.account_no), wish)


def propose(actor: Actor, complaint_no: str, wish: RevisionRequest) -> RevisionDraft:
    """Propose what was typed, and move the request on with it, in one transaction; a draft with faults stays one.

    A request that nobody has taken up yet is taken up with it, where the office does not hand out what is next.
    """
    with transaction():
        seen = visible_request(actor, complaint_no, now())
        _check_is_about_bills(seen)
        if wish.version not in (None, seen.version):
            raise Outdated
        draft = checked(drafted(connection_of(seen.account_no), wish), reasons_for(seen), seen.id)
        if not draft.is_faultless:
            return draft
        version = wish.version
        if seen.status in NOT_TAKEN_UP and actor.role in OFFICERS:
            take_up = ActionRequest(Action.TAKE_UP, version=version)
            bar_officer(actor, seen, take_up)
            version = take_step(actor, seen, take_up).version
            seen = visible_request(actor, complaint_no, now())
        move = ActionRequest(
            Action.PROPOSE,
            remark=draft.note,
            resolution=Resolution.REVISED,
            version=version,
            change_paise=draft.change_paise,
        )
        bar_officer(actor, seen, move)
        take_step(actor, seen, move)
        put_forward(actor, draft, seen.id, seen.office_code)
    return draft


def decide(actor: Actor, complaint_no: str, move: ActionRequest, figures_hash: str = "") -> ActionResult:
    """Approve, send back or withdraw what is proposed for a request, whichever kind of proposal it is.

    A revision is approved for exactly the figures of this hash: Outdated when they are others by now, OverLimit when
    they change too much for this post.
    """
    with transaction():
        seen = visible_request(actor, complaint_no, now())
        bar_officer(actor, seen, move)
        moved = take_step(actor, seen, move)
        is_revised = seen.resolution == Resolution.REVISED
        revision = revisions.proposed_revision(seen.id) if is_revised else None
        if revision is None:
            if move.action is Action.APPROVE and is_revised and timelines.disputed_bills(seen.id):
                raise Forbidden("revision_required")
        elif move.action is Action.APPROVE:
            approve_figures(actor, revision, figures_hash)
        elif move.action is Action.WITHDRAW_PROPOSAL:
            withdraw_figures(actor, revision)
        else:
            send_back_figures(actor, revision, move.remark)
    return moved


def _check_is_about_bills(seen: RequestRow) -> None:
    if RequestField.BILL_NO not in seen.fields:
        raise NotFound


def reasons_for(seen: RequestRow) -> list[str]:
    """The reasons that a revision of this request can have: those of its kind, else all."""
    tables = reference(seen.reference_version)
    kind = tables.kinds.get(seen.kind)
    own = [code for code in (kind.reasons if kind else ()) if code in tables.reasons]
    return own or list(tables.reasons)
