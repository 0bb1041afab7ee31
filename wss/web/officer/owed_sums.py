"""What is owed for a late request, as the office sees it: on the request, and on the claim about it."""

from __future__ import annotations

from flask_babel import gettext as _

from wss import clock
from wss.domain.catalogue import RequestField
from wss.domain.errors import NotFound
from wss.domain.identifiers import grouped_complaint_no
from wss.queries.late_requests import claim_about
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.owed_sums import owed_of
from wss.web.access import current_actor
from wss.web.labels.owed_sums import office_owed


def owed_lines(seen: RequestRow, tables: Reference) -> list[tuple[str, list[str]]]:
    """Return what is owed for a request and for the one that it claims for: a label, and lines of words."""
    lines = []
    today = clock.local_date(clock.now())
    found = owed_of(seen, tables, today)
    if found:
        claim = claim_about(seen.account_no, seen.complaint_no)
        words = [_("Claimed in %(number)s", number=grouped_complaint_no(claim))] if claim else []
        lines.append((_("Owed to the consumer"), [*office_owed(found), *words]))
    late = _claimed_for(seen)
    if late:
        found = owed_of(late, tables, today)
        number = grouped_complaint_no(late.complaint_no)
        words = office_owed(found) if found else [_("Nothing is owed by the rule in force")]
        lines.append((_("Owed for %(number)s", number=number), words))
    return lines


def _claimed_for(seen: RequestRow) -> RequestRow | None:
    """Return the late request that a claim is about, if the reader may see it."""
    late_no = seen.fields.get(RequestField.LATE_COMPLAINT.value)
    try:
        return visible_request(current_actor(), late_no, clock.now()) if late_no else None
    except NotFound:
        return None
