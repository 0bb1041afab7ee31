"""The unanswered remarks on a request: what its consumer or an officer wrote last that has not been dealt with."""

from collections.abc import Sequence

from wss.domain.lifecycle import Action

# Not every action of the life cycle has a member of the enum here: these are known by their value.
_QUESTION_WITHDRAWN, _PROPOSAL_WITHDRAWN = "withdraw_question", "withdraw_proposal"
_DECIDED = frozenset({Action.APPROVE.value})
_ASKED = _DECIDED | {Action.ASK.value}
_PROPOSED = _DECIDED | {Action.PROPOSE.value}
# Every action that is marked, and the actions that deal with it: a question deals with an answer, only a decision
# with a refusal.
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
# The actions that are needed to find the unanswered remarks.
RELEVANT_ACTIONS = frozenset(DEALT_WITH_BY) | _ASKED | _PROPOSED


def unanswered_remarks(actions: Sequence[str]) -> list[int]:
    """Return the positions of the unanswered remarks in a timeline's actions, the oldest first."""
    places, later = [], set[str]()
    for place in reversed(range(len(actions))):
        action = actions[place]
        if action in DEALT_WITH_BY and not DEALT_WITH_BY[action] & later:
            places.append(place)
        later.add(action)
    return places[::-1]
