"""The blueprint of messages that cannot be delivered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from wss.web.labels.deliveries import TEMPLATE_LABELS

deliveries = Blueprint("deliveries", __name__)


@deliveries.context_processor
def words() -> dict[str, Any]:
    """Return the words for codes, for every page of this blueprint."""
    return TEMPLATE_LABELS
