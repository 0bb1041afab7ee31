"""The approval queue: what waits for the decision of an SDO or EE, with the facts to decide by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request, url_for
from flask_babel import LazyString

from wss import clock
from wss.domain.actor import Role
from wss.domain.approval import desk_to_decide, may_approve, who_may_approve
from wss.domain.batch_approval import OPENED_FOR, BatchCandidate, BatchRules, Sampling, batch_obstacle
from wss.domain.catalogue import RequestField, kept_as
from wss.domain.errors import Malformed, NotFound
from wss.domain.lifecycle import Action
from wss.domain.todo_filter import TodoCursor, parse_cursor
from wss.queries import approvals as queries
from wss.queries import revisions
from wss.queries.approvals import WaitingProposal
from wss.queries.documents import document_of_request
from wss.queries.reference import Reference, reference
from wss.queries.revisions import RevisionRow
from wss.queries.service_requests import visible_request
from wss.services.revisions.batches import APPROVED
from wss.services.revisions.suggestions import TAKEN
from wss.web.access import current_actor, current_staff
from wss.web.downloads import as_picture
from wss.web.fields import row_id
from wss.web.labels.approvals import OUTCOMES, suggestion_words
from wss.web.labels.officer import DONE
from wss.web.officer.blueprint import document_storage, officer
from wss.web.officer.proposals import reason_name
from wss.web.officer.requests import request_seen
from wss.web.officer.todo_filter import post_of
from wss.web.pages import render

_READINGS = {RequestField.READING_KWH: "kWh", RequestField.READING_KVAH: "kVAh"}
_PHOTO_KEPT = "private, max-age=600"
_DONE = {
    revisions.APPROVED: OUTCOMES[APPROVED],
    revisions.SENT_BACK: DONE[Action.SEND_BACK],
    revisions.WITHDRAWN: DONE[Action.WITHDRAW_PROPOSAL],
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A row of the queue: the proposal, its words, and who can decide it."""

    one: WaitingProposal
    # Names the row and the place below it where the proposal opens.
    key: str
    address: str
    photo: str
    reason: str
    reading: str
    suggestion: tuple[str, str, str]
    is_own: bool
    # The reader may not decide it; the post that may, if any limit is high enough.
    is_above: bool
    decided_by: Role | None
    # The senior post that holds the request, as after an escalation; the reader may decide it nevertheless.
    held_by: str | None
    # The value of the checkbox to approve it with others, and why there is none.
    together: str
    obstacle: str | None

    @property
    def difference_paise(self) -> int:
        """The difference of the bills in paise; below zero they become less."""
        return self.one.revised_paise - self.one.issued_paise


@officer.get("/approvals")
def approvals() -> Response:
    """Show the proposals that wait, the first promised first; what was just decided is said above."""
    me, tables = current_staff(), reference()
    lines = queries.waiting_proposals(post_of(me), parse_cursor(request.args.get("after", "")))
    rules = batch_rules(tables)
    after = str(lines[queries.PAGE - 1].place) if len(lines) > queries.PAGE else ""
    return render(
        "officer/approvals.html",
        rows=_rows(lines[: queries.PAGE], tables, rules),
        rules=rules,
        after=after,
        is_first=not request.args.get("after"),
        done=_done_words(request.args.get("done", "")),
        tables=tables,
        today=clock.local_date(clock.now()),
    )


@officer.get("/approvals/<complaint_no>/photos/<document_id>")
def proposal_photo(complaint_no: str, document_id: str) -> Response:
    """Send a photo of a request as a thumbnail, which only this browser may keep, for minutes."""
    seen = request_seen(complaint_no)
    found = document_of_request(seen.id, document_id)
    response = as_picture(document_storage(), found, 1, is_small=True)
    response.headers["Cache-Control"] = _PHOTO_KEPT
    return response


def batch_rules(tables: Reference) -> BatchRules | None:
    """Return how proposals of the reader's discom can be approved together; None where that is switched off."""
    discom = tables.discom(current_staff().office_code)
    return discom.batch if discom else None


def next_row(after: TodoCursor) -> str:
    """Return the key of the next proposal of the queue that is not the reader's own; empty if there is none."""
    me = current_staff()
    lines = queries.waiting_proposals(post_of(me), after)
    return next((key_of(each) for each in lines if each.proposed_by != me.employee_id), "")


def key_of(one: WaitingProposal) -> str:
    """Return the name of a row: the complaint number, or the revision's number after a v."""
    return one.complaint_no or f"v{one.id}"


def _rows(lines: list[WaitingProposal], tables: Reference, rules: BatchRules | None) -> list[QueueRow]:
    me = current_staff()
    photos = queries.photos_of([one.request_id for one in lines if one.request_id])
    opened = queries.opened_proposals(me.employee_id, [one.id for one in lines], clock.now() - OPENED_FOR)
    return [_row(one, tables, rules, photos.get(one.request_id or 0, ""), opened) for one in lines]


def _row(
    one: WaitingProposal, tables: Reference, rules: BatchRules | None, photo: str, opened: Mapping[int, str]
) -> QueueRow:
    me, change = current_staff(), _change_of(one)
    is_drawn, is_own = one.sampling == Sampling.DRAWN, one.proposed_by == me.employee_id
    is_above = not may_approve(me.role, change, tables.limits) or (is_drawn and me.role is not Role.EE)
    obstacle = _obstacle(one, tables, rules, photo)
    if obstacle is None and opened.get(one.id) != one.figures_hash:
        obstacle = "not_opened"
    is_free = obstacle is None and not (is_own or is_above)
    number = one.complaint_no
    return QueueRow(
        one,
        key_of(one),
        url_for("officer.revision", complaint_no=number)
        if number
        else url_for("officer.own_revision", revision_id=one.id),
        url_for("officer.proposal_photo", complaint_no=number, document_id=photo) if photo else "",
        reason_name(one.reason),
        _reading_of(one),
        suggestion_words(one),
        is_own,
        is_above,
        Role.EE if is_drawn else who_may_approve(change, tables.limits),
        one.holder_role if one.holder_role == Role.EE and me.role is Role.SDO else None,
        f"{number} {one.figures_hash}" if is_free else "",
        obstacle,
    )


def _obstacle(one: WaitingProposal, tables: Reference, rules: BatchRules | None, photo: str) -> str | None:
    if not one.complaint_no:
        return "not_as_suggested"
    return batch_obstacle(
        BatchCandidate(
            _change_of(one),
            is_as_suggested=one.suggestion_outcome == TAKEN,
            has_photo=bool(photo),
            maker_role=one.maker_role,
            sampling=one.sampling,
            has_ee=desk_to_decide(Role.EE, tables.chain(one.office_code)) is not None,
        ),
        rules,
    )


def _change_of(one: WaitingProposal) -> int:
    return one.change_paise if one.change_paise is not None else abs(one.revised_paise - one.issued_paise)


def _reading_of(one: WaitingProposal) -> str:
    fields = one.fields or {}
    return next(
        (f"{fields[kept_as(f)]}\u00a0{unit}" for f, unit in _READINGS.items() if kept_as(f) in fields), ""
    )


def _done_words(key: str) -> tuple[str, LazyString] | None:
    """Return what the reader has just decided, and of what; None for a proposal that another officer decided."""
    try:
        row = _decided_last(key)
    except (Malformed, NotFound, ValueError):
        return None
    if row is None or current_staff().employee_id not in (row.decided_by, row.proposed_by):
        return None
    return (key, _DONE[row.state]) if row.state in _DONE else None


def _decided_last(key: str) -> RevisionRow | None:
    if key.startswith("v"):
        return revisions.revision_in_office(row_id(key[1:]), current_actor().office_code)
    return revisions.latest_revision(visible_request(current_actor(), key, clock.now()).id) if key else None
