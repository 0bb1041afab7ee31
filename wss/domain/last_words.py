"""What was said last about a request: what its consumer or an officer said that nobody has dealt with yet."""

from collections.abc import Sequence

from wss.domain.lifecycle import Action

# Not every action of the life cycle is named by its member: what is added there later is known by its word here.
_QUESTION_WITHDRAWN, _PROPOSAL_WITHDRAWN = "withdraw_question", "withdraw_proposal"
_DECIDED = frozenset({Action.APPROVE.value})
_ASKED = _DECIDED | {Action.ASK.value}
_PROPOSED = _DECIDED | {Action.PROPOSE.value}
# Every word that is marked, and what deals with it: a question answers an answer, only a decision a refusal.
DEALT_WITH_BY: dict[str, frozenset[str]] = {
    Action.ANSWER: _ASKED,
    Action.ANSWER_LAPSED: _ASKED | _PROPOSED,
    Action.ADD_DOCUMENT: _ASKED,
    Action.REFUSE: _DECIDED,
    Action.REOPEN: _DECIDED,
    Action.SEND_BACK: _PROPOSED,
    _QUESTION_WITHDRAWN: _ASKED | _PROPOSED,
    _PROPOSAL_WITHDRAWN: _PROPOSED,
}
# The actions that have to be known to find the last words.
LOOKED_AT = frozenset(DEALT_WITH_BY) | _ASKED | _PROPOSED


def last_words(actions: Sequence[str]) -> list[int]:
    """The places of the words that nobody has dealt with, in a timeline's actions, the oldest first."""
    places, later = [], set[str]()
    for place in reversed(range(len(actions))):
        action = actions[place]
        if action in DEALT_WITH_BY and not DEALT_WITH_BY[action] & later:
            places.append(place)
        later.add(action)
    return places[::-1]
