"""The blueprint of the helpdesk 1912: calls, and what is done for callers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from wss.web.filters import month_of
from wss.web.labels.helpdesk import reason_name, relation_name
from wss.web.labels.message_progress import MESSAGE_LABELS
from wss.web.labels.requests import REQUEST_LABELS, office_status

helpdesk = Blueprint("helpdesk", __name__)


@helpdesk.context_processor
def words() -> dict[str, Any]:
    """Return the words for codes, for every page of this blueprint."""
    return {
        **REQUEST_LABELS,
        **MESSAGE_LABELS,
        "status_name": office_status,
        "reason_name": reason_name,
        "relation_name": relation_name,
        "month_of": month_of,
    }
