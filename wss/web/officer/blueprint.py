"""The blueprint of offices: To-Do, the request page, pending requests, revised bills."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app

from wss.services.requests.draft_documents import DocumentStorage, storage_of
from wss.web.filters import month_of
from wss.web.labels.officer import TEMPLATE_LABELS

officer = Blueprint("officer", __name__)


@officer.context_processor
def words() -> dict[str, Any]:
    """Return the words for codes, for every page of this blueprint."""
    return {**TEMPLATE_LABELS, "month_of": month_of}


def document_storage() -> DocumentStorage:
    """Return the document storage of this site."""
    return storage_of(current_app.extensions["wss"].gateways)
