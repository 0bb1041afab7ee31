"""The work page of a request: everything to decide it on one page, and one key for each usual step."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain.errors import Malformed, NotFound
from wss.domain.identifiers import complaint_no as read_complaint_no
from wss.domain.lifecycle import OFFICERS, Action, Resolution
from wss.queries import timelines
from wss.queries.documents import documents_of_request
from wss.queries.effective_bills import effective_bills, recent_bills
from wss.queries.service_requests import RequestRow, visible_request
from wss.queries.todo import post_counts
from wss.services.requests.officer_checks import hindrance_of, is_pool_member
from wss.services.revisions.suggested_proposals import (
    ProposalObstacle,
    SuggestedProposal,
    suggested_proposal,
)
from wss.web.access import current_actor, current_staff
from wss.web.action_form import ActionForm
from wss.web.labels.officer import BARRED, DONE
from wss.web.labels.requests import office_status, proposal_name
from wss.web.labels.suggestions import VERDICTS, reason_sentences
from wss.web.officer.blueprint import officer
from wss.web.officer.canned_texts import language_of_consumer, texts_for
from wss.web.officer.last_words import last_words_context
from wss.web.officer.requests import request_context, request_seen
from wss.web.officer.revisions import BARS
from wss.web.officer.todo_filter import post_of
from wss.web.officer.work_queue import (
    WORKED_ON,
    is_about_bills,
    next_in,
    shown_lines,
    work_queue,
)
from wss.web.pages import redirect_to, render

MONTHS = 12
REFUSALS = (Resolution.REFUSED, Resolution.NOT_NEEDED)
OBSTACLES = {
    ProposalObstacle.NOT_SURE: _l("Nothing is suggested, so there is nothing to propose with one key."),
    ProposalObstacle.NO_FIGURES: _l(
        "This explains the bill but gives no figures to propose. Ask the consumer, edit the bill, or have it put right "
        "first."
    ),
    ProposalObstacle.CHECK_FIGURES: _l(
        "These figures need a closer look, so they cannot be proposed with one key. Edit the bill to check them."
    ),
    ProposalObstacle.OVER_EVERY_LIMIT: _l(
        "This change is above every approval limit. Ask an administrator to raise one."
    ),
}


class WorkForm(ActionForm):
    """The form of a step on the work page: SUGGEST proposes the suggestion, the others are actions."""

    field_lengths: ClassVar = {"remark": None, "resolution": None, "canned": 40}


@officer.get("/work")
def work() -> Response:
    """Open the next request of the reader's queue, after the one in the address if there is one."""
    queue, seen = work_queue(), _request_in("after")
    line = next_in(queue, seen) if seen else next(iter(queue), None)
    if line is not None:
        return redirect_to("officer.work_page", complaint_no=line.complaint_no)
    me = current_staff()
    waiting = post_counts(post_of(me), clock.local_date(clock.now())).new
    return render(
        "officer/work_done.html",
        may_take_next=bool(waiting) and is_pool_member(current_actor()),
        last=_last_step(),
    )


@officer.get("/todo/<complaint_no>/work")
def work_page(complaint_no: str) -> Response:
    """Show photo, suggestion, figures and history of a request, with the steps and the queue."""
    return page_of(request_seen(complaint_no))


def proposal_for(seen: RequestRow) -> SuggestedProposal | None:
    """Return what can be suggested; None for a request about no bill, or one that is not worked on."""
    return suggested_proposal(seen) if is_about_bills(seen) and seen.status in WORKED_ON else None


def page_of(seen: RequestRow, form: WorkForm | None = None, status: int = 200) -> Response:
    """Return the work page, and the errors of the step that was just sent."""
    found, queue = proposal_for(seen), work_queue()
    suggestion = found.suggestion if found else None
    bills = effective_bills(seen.account_no, [one.bill_no for one in timelines.disputed_bills(seen.id)])
    numbers = [number for number, _month in recent_bills(seen.account_no)][:MONTHS]
    following = next_in(queue, seen)
    return render(
        "officer/work.html",
        status=status,
        form=form or WorkForm(),
        found=found,
        verdict=VERDICTS[suggestion.verdict] if suggestion else "",
        suggestion_reasons=reason_sentences(suggestion) if suggestion else [],
        revised={one.revised.bill_no: one.revised for one in suggestion.bills} if suggestion else {},
        bars=_bars(seen),
        obstacle=OBSTACLES[found.obstacle] if found and found.obstacle else "",
        texts=texts_for(seen, suggestion),
        resolutions=[(one.value, str(proposal_name(one, has_bills=True))) for one in REFUSALS],
        consumer_reads=language_of_consumer(seen),
        bills=bills,
        months=effective_bills(seen.account_no, numbers)[::-1],
        documents=documents_of_request(seen.id),
        queue=shown_lines(queue, seen, suggestion),
        queue_length=len(queue),
        following=following.complaint_no if following else "",
        edit_at=_edit_address(seen, has_figures=bool(suggestion and suggestion.bills)),
        last=_last_step(),
        **last_words_context(seen, timelines.timeline(seen.id)),
        **request_context(seen),
    )


def _edit_address(seen: RequestRow, *, has_figures: bool) -> str:
    if not is_about_bills(seen):
        return url_for("officer.request_page", complaint_no=seen.complaint_no)
    filled = "1" if has_figures else None
    return url_for("officer.revision", complaint_no=seen.complaint_no, work="1", suggested=filled)


def _bars(seen: RequestRow) -> list[Any]:
    """Return why the reader can take no step here."""
    actor = current_actor()
    code = "frozen" if seen.frozen else hindrance_of(actor, seen)
    if code is None and is_pool_member(actor) and seen.assignee_id != actor.id:
        code = "pooled"
    if code is None and seen.status not in WORKED_ON:
        return [
            _(
                "This request is not waiting for your office now: %(status)s.",
                status=office_status(seen.status),
            )
        ]
    if code is None and actor.role not in OFFICERS:
        return [BARS["not_your_part"]]
    return [BARRED[code]] if code else []


def _last_step() -> dict[str, Any] | None:
    """Return the step that led here, and its request, if the reader can see that."""
    done, before = request.args.get("did", ""), _request_in("before")
    if request.method != "GET" or before is None or done not in (Action.PROPOSE, Action.ASK):
        return None
    return {"complaint_no": before.complaint_no, "words": DONE[Action(done)]}


def _request_in(name: str) -> RequestRow | None:
    """Return the request whose number is in the address; None for none, or one of other offices."""
    try:
        number = read_complaint_no(request.args.get(name, ""))
        return visible_request(current_actor(), number, clock.now())
    except (Malformed, NotFound):
        return None
