"""Bill revision of a complaint: calculated and proposed by one officer, approved or sent back by another."""

from collections.abc import Sequence

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.catalogue import CAUSE_UNKNOWN, RequestField
from wss.domain.errors import NotFound, Outdated
from wss.domain.revision_input import initial_values
from wss.queries import revisions, timelines
from wss.queries.effective_bills import RevisedConnection, connection_of
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.services.revisions._decision import decide_seen
from wss.services.revisions._proposed_figures import propose_figures
from wss.services.revisions.calculation import calculate_draft, first_draft
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest


def begin(seen: RequestRow, more_bills: Sequence[str] = ()) -> RevisionDraft:
    """Return a first draft of the bills that a request disputes and of `more_bills`, unchanged.

    Raises NotFound, as every function here does, for a request that is about no bill.
    """
    _check_is_about_bills(seen)
    numbers = [bill.bill_no for bill in timelines.disputed_bills(seen.id)]
    return first_draft(connection_of(seen.account_no), list(dict.fromkeys([*numbers, *more_bills])))


def resume(actor: Actor, seen: RequestRow) -> RevisionDraft | None:
    """Return the figures of the actor's own latest proposal that was sent back or withdrawn, to continue with;
    None where there is none, or the bills have changed."""
    last = revisions.latest_revision(seen.id)
    if last is None or last.state not in (revisions.SENT_BACK, revisions.WITHDRAWN):
        return None
    if last.proposed_by != actor.id:
        return None
    bills = [one.revised for one in revisions.bills_of_revision(last.id)]
    typed = [initial_values(one.put) | {"bill_no": one.bill_no} for one in bills]
    try:
        return calculate_draft(
            connection_of(seen.account_no), RevisionRequest(typed, last.reason, last.note), seen.id
        )
    except (NotFound, Outdated):
        return None


def begin_with(supplied: RevisedConnection, bill_nos: Sequence[str]) -> RevisionDraft:
    """Return a first draft of some bills of a connection, unchanged."""
    return first_draft(supplied, bill_nos)


def preview(seen: RequestRow, revision_request: RevisionRequest) -> RevisionDraft:
    """Calculate the officer's input; nothing is stored."""
    _check_is_about_bills(seen)
    return calculate_draft(connection_of(seen.account_no), revision_request, seen.id)


def propose(actor: Actor, complaint_no: str, revision_request: RevisionRequest) -> RevisionDraft:
    """Propose the officer's input and apply the transition of the request, in one transaction; a draft with errors
    is only returned.

    A request that no officer has taken up is taken up with it, where the office does not assign requests in order.
    """
    with transaction():
        seen = visible_request(actor, complaint_no, now())
        _check_is_about_bills(seen)
        return propose_figures(actor, seen, revision_request, reasons_for(seen))


def decide(
    actor: Actor, complaint_no: str, action_request: ActionRequest, figures_hash: str = ""
) -> ActionResult:
    """Approve, send back or withdraw the proposal of a request, whichever kind of proposal it is.

    A revision is approved for exactly the figures of this hash: raises Outdated when they have changed, and
    ApprovalLimitExceeded when they change more than this post may approve.
    """
    with transaction():
        return decide_seen(actor, visible_request(actor, complaint_no, now()), action_request, figures_hash)[
            0
        ]


def _check_is_about_bills(seen: RequestRow) -> None:
    if RequestField.BILL_NO not in seen.fields:
        raise NotFound


def reasons_for(seen: RequestRow) -> list[str]:
    """Return the reasons that a revision of this request can have: those of its kind, else all. It has to name the
    cause that the consumer may not know."""
    tables = reference(seen.reference_version)
    kind = tables.kinds.get(seen.kind)
    own = [code for code in (kind.reasons if kind else ()) if code in tables.reasons]
    return [code for code in own or tables.reasons if code != CAUSE_UNKNOWN]
