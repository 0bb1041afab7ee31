"""The blueprint of a logged-in consumer: their connections, bills, requests and timelines."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app

from wss.services.requests.draft_documents import DocumentStorage, storage_of
from wss.web.filters import month_of
from wss.web.labels.calls import who_called
from wss.web.labels.message_progress import MESSAGE_LABELS, correction_page
from wss.web.labels.requests import REQUEST_LABELS

consumer = Blueprint("consumer", __name__)


@consumer.context_processor
def words() -> dict[str, Any]:
    """Return the words for codes, for every page of this blueprint."""
    return TEMPLATE_LABELS


TEMPLATE_LABELS: dict[str, Any] = {
    **REQUEST_LABELS,
    **MESSAGE_LABELS,
    "correction_page": correction_page,
    "month_of": month_of,
    "who_called": who_called,
}


def document_storage() -> DocumentStorage:
    """Return the document storage of this site."""
    return storage_of(current_app.extensions["wss"].gateways)
