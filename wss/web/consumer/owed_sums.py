"""What is owed for a late request, on its consumer's page, with the link to the claim."""

from __future__ import annotations

from typing import Any

from flask import url_for

from wss import clock
from wss.queries.late_requests import claim_about
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow
from wss.services.requests.owed_sums import owed_of
from wss.web.labels.owed_sums import owed_words


def owed_context(own: RequestRow) -> dict[str, Any]:
    """Return what is owed in words, the claim that exists, and else the address of a form that is filled in."""
    tables = reference(own.reference_version)
    found = owed_of(own, tables, clock.local_date(clock.now()))
    if found is None:
        return {"owed": None}
    kind = tables.claim_kind(own.office_code)
    claim: dict[str, Any] = {"request": kind.code, "late": own.complaint_no} if kind else {}
    return {
        "owed": owed_words(found),
        "claimed_in": claim_about(own.account_no, own.complaint_no),
        "claim_address": url_for("consumer.request_new", account_no=own.account_no, **claim)
        if kind
        else None,
    }
