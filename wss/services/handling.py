"""Moves a request along its life: by somebody who sees it, or by the link in an SMS; nobody overwrites anybody."""

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import Action, Status
from wss.queries.drafts import drop_words
from wss.queries.service_requests import RequestRow, lock_request, request_of_link, visible_request
from wss.services.steps import links
from wss.services.steps.barring import bar_officer
from wss.services.steps.taking import CONFIRM, take_step
from wss.services.steps.taking import Move as Move
from wss.services.steps.taking import Moved as Moved


def take_action(actor: Actor, complaint_no: str, move: Move) -> Moved:
    """Move a request one step along its life cycle, record it, and queue the notices it calls for."""
    with transaction():
        if move.action is Action.ADD_DOCUMENT:
            # Two photos sent at once must not be told that somebody was faster.
            lock_request(complaint_no)
        seen = visible_request(actor, complaint_no, now())
        bar_officer(actor, seen, move)
        moved = take_step(actor, seen, move)
        if actor.role is Role.CONSUMER:
            drop_words(complaint_no)
    return moved


def asked_to_confirm(token: str) -> RequestRow | None:
    """The resolved request that a link asks about; None for a link that no longer helps. Looking uses nothing up."""
    subject = links.look_at(token, CONFIRM)
    found = _behind_link(subject) if subject else None
    return found[1] if found else None


def answer_by_link(token: str, move: Move) -> Moved | None:
    """Confirm or refuse a resolution by its link, once; None for a link that no longer helps."""
    try:
        with transaction():
            subject = links.use_link(token, CONFIRM)
            found = _behind_link(subject) if subject else None
            return take_step(*found, move) if found else None
    except (Forbidden, Outdated):
        return None


def _behind_link(subject: str) -> tuple[Actor, RequestRow] | None:
    """Who was asked, and the request, while it waits for the answer and is still theirs."""
    complaint_no, consumer_id = request_of_link(int(subject.partition(":")[2]))
    asked = Actor(Role.CONSUMER, str(consumer_id) if consumer_id else "")
    try:
        seen = visible_request(asked if consumer_id else SYSTEM, complaint_no, now())
    except NotFound:
        return None
    return (asked, seen) if seen.status == Status.RESOLVED and not seen.frozen else None
