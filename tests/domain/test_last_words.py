"""The last remark about a request, and what settles it."""

import pytest

from wss.domain.unanswered_remarks import unanswered_remarks


@pytest.mark.parametrize(
    ("actions", "unanswered"),
    [
        ("register take_up", ""),
        ("register add_document", "add_document"),
        ("ask answer", "answer"),
        ("ask answer take_up assign forward escalate", "answer"),
        ("ask answer ask", ""),
        ("ask answer_lapsed propose", ""),
        ("ask withdraw_question", "withdraw_question"),
        ("propose send_back", "send_back"),
        ("propose send_back propose", ""),
        ("propose withdraw_proposal", "withdraw_proposal"),
        ("propose approve refuse", "refuse"),
        ("propose approve confirm reopen", "reopen"),
        # The decider reads it too, and a question in between does not settle it.
        ("propose approve refuse take_up ask answer propose", "refuse answer"),
        ("propose approve refuse propose send_back", "refuse send_back"),
        ("propose approve refuse propose approve", ""),
        ("add_document add_document", "add_document add_document"),
    ],
)
def test_words_stay_until_they_are_dealt_with(actions: str, unanswered: str):
    taken = actions.split()

    assert [taken[place] for place in unanswered_remarks(taken)] == unanswered.split()
