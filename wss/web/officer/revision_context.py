"""The consumer's statements and documents, shown next to the figures of a revision."""

from __future__ import annotations

from typing import Any

from wss import clock
from wss.domain.catalogue import kept_as
from wss.queries import timelines
from wss.queries.consumers import connection_row
from wss.queries.documents import documents_of_request
from wss.queries.effective_bills import effective_bills
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow
from wss.web.labels.bill_estimates import office_estimate
from wss.web.labels.self_check import reading_field, self_check_sentences
from wss.web.officer.disputed_bills import disputed_context
from wss.web.officer.last_words import last_words_context


def consumer_statements(seen: RequestRow) -> dict[str, Any]:
    """Return the consumer's reading, the findings of the self-check, the documents, and the latest messages."""
    connection = connection_row(seen.account_no)
    reading = seen.fields.get(kept_as(reading_field(connection))) if connection else None
    # Of the bills now in force: one that a revision has replaced is no longer disputed.
    bills = effective_bills(seen.account_no, [bill.bill_no for bill in timelines.disputed_bills(seen.id)])
    return {
        "reading": reading,
        "self_check": [
            *self_check_sentences(
                connection, bills, reading, for_office=True, on=clock.local_date(seen.registered_at)
            ),
            *office_estimate(seen.estimate),
        ]
        if connection
        else [],
        "explained_bills": bills,
        **disputed_context(seen, reference()),
        "documents": documents_of_request(seen.id),
        **last_words_context(seen, timelines.timeline(seen.id)),
    }
