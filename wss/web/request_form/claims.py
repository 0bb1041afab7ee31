"""The form that claims what is owed for a late complaint: filled in beforehand, and what is wrong with its number."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from wss import clock
from wss.domain import identifiers
from wss.domain.catalogue import RequestField
from wss.domain.errors import Malformed, NotFound
from wss.queries.late_requests import claim_about
from wss.queries.reference import reference
from wss.queries.service_requests import visible_request
from wss.services.requests.owed_sums import OwedStatement, owed_of
from wss.web.access import current_actor
from wss.web.labels.owed_sums import claim_text
from wss.web.request_form.form_flow import FormFlow


def claim_begun(flow: FormFlow, late_no: str) -> dict[str, list[str]]:
    """Return the fields of a claim about a late complaint, with number, days and sum; only the number if nothing is
    owed."""
    found = _owed(flow, late_no)
    begun = {RequestField.LATE_COMPLAINT.value: [late_no]}
    return begun | ({RequestField.REMARKS.value: [claim_text(found)]} if found else {})


def claim_fault(flow: FormFlow, late_no: str) -> str:
    """Return why nothing can be claimed for a complaint, and what to do; empty if it can."""
    if _owed(flow, late_no) is None:
        return _("Nothing is owed under this number. Check the number, and whether the reply is late.")
    return claimed_words(flow.connection.account_no, {RequestField.LATE_COMPLAINT.value: late_no})


def claimed_words(account_no: str, answers: dict[str, Any]) -> str:
    """Return by which complaint the sum of a late one has been claimed; empty if it has not."""
    late_no = answers.get(RequestField.LATE_COMPLAINT.value)
    claimed = claim_about(account_no, late_no) if late_no else None
    if claimed is None:
        return ""
    number = identifiers.grouped_complaint_no(claimed)
    return _("This has already been claimed in request %(number)s. Open that request.", number=number)


def _owed(flow: FormFlow, late_no: str) -> OwedStatement | None:
    """Return what is owed for a complaint of the form's connection and consumer; None for any other complaint."""
    at = clock.now()
    try:
        late = visible_request(current_actor(), identifiers.complaint_no(late_no), at)
    except (Malformed, NotFound):
        return None
    if (late.account_no, late.consumer_id) != (flow.connection.account_no, flow.consumer_id):
        return None
    return owed_of(late, reference(late.reference_version), clock.local_date(at))
