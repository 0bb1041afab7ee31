"""The latest messages about a request, in words: marks in the lists, the full text on the request's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.unanswered_remarks import unanswered_remarks
from wss.queries.documents import documents_of_request
from wss.queries.officers import names_of, who_did
from wss.queries.service_requests import RequestRow
from wss.queries.timelines import EventLine

_MARKS = {
    "answer": _l("answered"),
    "answer_lapsed": _l("no answer came"),
    "add_document": _l("new document"),
    "refuse": _l("not settled"),
    "reopen": _l("reopened"),
    "send_back": _l("sent back"),
    "withdraw_question": _l("question withdrawn"),
    "withdraw_proposal": _l("proposal withdrawn"),
}


def mark_words(action: str) -> LazyString | str:
    """Return the mark of a row in a list."""
    return _MARKS.get(action, action)


def last_words_context(seen: RequestRow, events: Sequence[EventLine]) -> dict[str, Any]:
    """Return the unhandled messages, the newest first, with their authors and documents."""
    indexes = unanswered_remarks([event.action for event in events])
    words = [events[index] for index in reversed(indexes)]
    authors = who_did(seen.id) if words else {}
    return {
        "last_words": words,
        "authors": authors,
        "author_names": names_of({authors[each.number] for each in words if each.number in authors}),
        "document_of": {each.id: each for each in documents_of_request(seen.id)} if words else {},
    }
