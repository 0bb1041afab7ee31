"""The suggested revision on the page of a request's revision."""

from __future__ import annotations

from typing import Any

from wss.domain.lifecycle import Status
from wss.queries.service_requests import RequestRow
from wss.services.revisions import for_request
from wss.services.revisions.revision_draft import RevisionRequest
from wss.services.revisions.suggestions import filled, suggestion_for
from wss.web.labels.suggestions import VERDICTS, reason_sentences
from wss.web.officer.canned_texts import texts_for

# Only while the bills are worked on; after a decision there is nothing to suggest.
_WORKED_ON = (Status.REGISTERED, Status.REOPENED, Status.IN_REVIEW)


def suggestion_context(seen: RequestRow) -> dict[str, Any]:
    """Return the suggestion with its verdict, reasons and note in words; none once the request is decided."""
    if seen.status not in _WORKED_ON:
        return {"suggestion": None}
    suggestion = suggestion_for(seen)
    notes = texts_for(seen, suggestion).notes if suggestion.is_sure else ()
    return {
        "suggestion": suggestion,
        "verdict": VERDICTS[suggestion.verdict],
        "suggestion_reasons": reason_sentences(suggestion),
        "suggestion_notes": list(notes[0].texts.items()) if notes else [],
    }


def suggested_request(seen: RequestRow) -> RevisionRequest:
    """Return the form filled with the suggested figures."""
    suggestion = suggestion_for(seen)
    notes = texts_for(seen, suggestion).notes
    return filled(suggestion, for_request.begin(seen), notes[0].text if notes and suggestion.is_sure else "")
