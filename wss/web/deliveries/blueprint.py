"""The room of those who see to messages that do not get out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from wss.web.labels.deliveries import ROOM_WORDS

deliveries = Blueprint("deliveries", __name__)


@deliveries.context_processor
def words() -> dict[str, Any]:
    """The words for codes, for every page of this room."""
    return ROOM_WORDS
