"""The room of the help-desk 1912: calls, and what is done for callers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from wss.web.filters import month_of
from wss.web.wording_of_codes import WORDS

helpdesk = Blueprint("helpdesk", __name__)


@helpdesk.context_processor
def words() -> dict[str, Any]:
    """The words for codes, for every page of this room."""
    return {**WORDS, "month_of": month_of}
