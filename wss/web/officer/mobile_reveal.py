"""The whole mobile number of a consumer: shown for a reason, recorded in the audit trail, for the length of a call."""

from __future__ import annotations

from flask import Response, request, url_for

from wss.clock import now
from wss.domain import identifiers
from wss.domain.errors import Forbidden
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.officer_views import reveal_mobile
from wss.web.access import current_actor, needs_step_up
from wss.web.labels.officer import MISSING
from wss.web.officer.blueprint import officer
from wss.web.pages import redirect_to, render


@officer.get("/todo/<complaint_no>/reveal")
def reveal(complaint_no: str) -> Response:
    """Show the form for the reason; the second factor comes first."""
    seen = _seen(complaint_no)
    return needs_step_up() or _page(seen)


@officer.post("/todo/<complaint_no>/reveal")
def reveal_now(complaint_no: str) -> Response:
    """Record who asks and why in the audit trail, then show the number on the request's page."""
    seen = _seen(complaint_no)
    step = needs_step_up(url_for("officer.reveal", complaint_no=seen.complaint_no))
    if step is not None:
        return step
    try:
        reveal_mobile(current_actor(), seen.complaint_no, request.form.get("reason", ""))
    except Forbidden as no:
        return _page(seen, str(MISSING[no.code]))
    return redirect_to("officer.request_page", complaint_no=seen.complaint_no)


def _seen(complaint_no: str) -> RequestRow:
    return visible_request(current_actor(), identifiers.complaint_no(complaint_no), now())


def _page(seen: RequestRow, error: str = "") -> Response:
    return render("officer/reveal.html", status=422 if error else 200, seen=seen, error=error)
