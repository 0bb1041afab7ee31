"""What was said last about a request, in words: marks in the lists, the whole of it on the request's page."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.last_words import last_words
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
    """The mark of a line in a list."""
    return _MARKS.get(action, action)


def said_last(events: Sequence[EventLine]) -> list[EventLine]:
    """The lines of a timeline that nobody has dealt with yet, the newest first."""
    return [events[place] for place in reversed(last_words([event.action for event in events]))]
