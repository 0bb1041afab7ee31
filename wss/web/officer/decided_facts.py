"""What a decision is about, for the page that asks for a code: number, kind, decision, and the amounts."""

from __future__ import annotations

from flask_babel import gettext as _

from wss.queries import timelines
from wss.queries.reference import reference
from wss.queries.revisions import RevisionRow
from wss.queries.service_requests import RequestRow
from wss.web.filters import account_no, complaint_no, rupees
from wss.web.labels.requests import localized_name, proposal_name
from wss.web.officer.proposals import proposal_of


def facts_of_request(seen: RequestRow) -> list[tuple[str, str]]:
    """Return label and value of what an approval of a request's proposal decides."""
    kind, proposal = reference(seen.reference_version).kinds.get(seen.kind), proposal_of(seen)
    facts = [
        (_("Complaint number"), complaint_no(seen.complaint_no)),
        (_("Kind"), localized_name(kind) if kind else seen.kind),
        (_("Account number"), account_no(seen.account_no)),
    ]
    if seen.resolution:
        has_bills = timelines.disputed_bills(seen.id)
        facts.append((_("Decision"), str(proposal_name(seen.resolution, has_bills=has_bills))))
    return [*facts, *([_amounts(proposal)] if proposal else [])]


def facts_of_revision(row: RevisionRow) -> list[tuple[str, str]]:
    """Return the same of a revision without a complaint."""
    return [(_("Account number"), account_no(row.account_no)), _amounts(row)]


def _amounts(row: RevisionRow) -> tuple[str, str]:
    return _("Bill"), f"{rupees(row.issued_paise)} → {rupees(row.revised_paise)}"
