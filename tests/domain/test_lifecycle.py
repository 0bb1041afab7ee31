"""The life cycle of a service request, row by row as in the specification, for every status, action and role."""

from datetime import timedelta

import pytest

from wss.domain.actor import Role
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import (
    ANSWER_DAYS,
    ANSWER_REMINDER_DAYS,
    CONFIRM_DAYS,
    OPEN,
    REMINDER_DAYS,
    REOPEN_WITHIN,
    Action,
    Closing,
    Status,
    actions_for,
    after_refusal,
    apply_action,
    counted_as,
    visible_to_consumer,
)

CLERKS = {"billing_clerk", "sdo", "ee"}
HANDLERS = CLERKS | {"se", "ce", "head_office"}
SENIOR = {"sdo", "ee"}
CONSUMER, CLOCK = {"consumer"}, {"system"}
SUPERVISOR = {"helpdesk_supervisor"}

# (status, action) -> (status after, roles). Written from the specification, not from the code.
BY_THE_BOOK: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("registered", "take_up"): ("in_review", HANDLERS),
    ("in_review", "ask"): ("info_requested", HANDLERS),
    ("in_review", "propose"): ("proposed", CLERKS),
    ("in_review", "assign"): ("in_review", HANDLERS),
    ("in_review", "forward"): ("in_review", HANDLERS),
    ("info_requested", "answer"): ("in_review", CONSUMER),
    ("info_requested", "answer_lapsed"): ("in_review", CLOCK),
    ("info_requested", "withdraw_question"): ("in_review", HANDLERS),
    ("info_requested", "remind_answer"): ("info_requested", CLOCK),
    ("proposed", "approve"): ("resolved", SENIOR),
    ("proposed", "send_back"): ("in_review", SENIOR),
    ("proposed", "withdraw_proposal"): ("in_review", CLERKS),
    ("resolved", "confirm"): ("closed", CONSUMER),
    ("resolved", "refuse"): ("reopened", CONSUMER),
    ("resolved", "remind"): ("resolved", CLOCK),
    ("resolved", "confirm_lapsed"): ("closed", CLOCK),
    ("reopened", "take_up"): ("in_review", HANDLERS),
    ("closed", "rate"): ("closed", CONSUMER),
    ("closed", "reopen"): ("reopened", CONSUMER),
    ("registered", "withdraw"): ("withdrawn", CONSUMER),
    ("in_review", "withdraw"): ("withdrawn", CONSUMER),
    ("info_requested", "withdraw"): ("withdrawn", CONSUMER),
    ("proposed", "withdraw"): ("withdrawn", CONSUMER),
    ("reopened", "withdraw"): ("withdrawn", CONSUMER),
    ("registered", "cancel"): ("withdrawn", SUPERVISOR),
    ("in_review", "cancel"): ("withdrawn", SUPERVISOR),
    ("info_requested", "cancel"): ("withdrawn", SUPERVISOR),
    ("proposed", "cancel"): ("withdrawn", SUPERVISOR),
    ("reopened", "cancel"): ("withdrawn", SUPERVISOR),
    ("registered", "add_document"): ("registered", CONSUMER),
    ("in_review", "add_document"): ("in_review", CONSUMER),
    ("proposed", "add_document"): ("proposed", CONSUMER),
    ("resolved", "add_document"): ("resolved", CONSUMER),
    ("reopened", "add_document"): ("reopened", CONSUMER),
    ("registered", "escalate"): ("registered", CLOCK),
    ("in_review", "escalate"): ("in_review", CLOCK),
    ("proposed", "sample"): ("proposed", CLOCK),
    ("proposed", "escalate"): ("proposed", CLOCK),
    ("reopened", "escalate"): ("reopened", CLOCK),
}
REMARK_NEEDED = {
    ("in_review", "forward"),
    ("in_review", "ask"),
    ("in_review", "propose"),
    ("proposed", "send_back"),
    ("resolved", "refuse"),
    ("closed", "reopen"),
    *((status, action) for status, action in BY_THE_BOOK if action == "cancel"),
}
CONSUMER_IS_TOLD = {
    ("in_review", "ask"): "question",
    ("info_requested", "withdraw_question"): "question_withdrawn",
    ("info_requested", "remind_answer"): "question_reminder",
    ("proposed", "approve"): "resolved",
    ("resolved", "refuse"): "reopened",
    ("resolved", "remind"): "confirm_reminder",
    ("closed", "reopen"): "reopened",
    ("in_review", "cancel"): "dispute_cancelled",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("status", Status)
def test_a_role_may_do_in_a_status_what_the_book_says_and_nothing_else(status: Status, role: Role):
    may = {action for (at, action), (_to, who) in BY_THE_BOOK.items() if at == status and role in who}

    done = set()
    for action in Action:
        try:
            apply_action(status, action, role, "a remark")
        except Forbidden:
            continue
        done.add(action.value)

    assert done == may
    assert {action.value for action in actions_for(status, role)} == may


@pytest.mark.parametrize(("status", "action"), BY_THE_BOOK)
def test_a_step_leads_where_the_book_says(status: str, action: str):
    to, who = BY_THE_BOOK[status, action]

    step = apply_action(Status(status), Action(action), Role(sorted(who)[0]), "a remark")

    assert step.to == to


@pytest.mark.parametrize(("status", "action"), BY_THE_BOOK)
@pytest.mark.parametrize("nothing", ["", " \n\t"])
def test_a_step_that_needs_its_reason_is_refused_without(status: str, action: str, nothing: str):
    who = Role(sorted(BY_THE_BOOK[status, action][1])[0])

    refused = False
    try:
        apply_action(Status(status), Action(action), who, nothing)
    except Forbidden:
        refused = True

    assert refused == ((status, action) in REMARK_NEEDED)


@pytest.mark.parametrize(("status", "action"), CONSUMER_IS_TOLD)
def test_the_consumer_is_notified_of_a_step(status: str, action: str):
    who = Role(sorted(BY_THE_BOOK[status, action][1])[0])

    step = apply_action(Status(status), Action(action), who, "a remark")

    assert step.notice == CONSUMER_IS_TOLD[status, action]


@pytest.mark.parametrize(
    ("status", "action", "documents", "counted"),
    [
        ("info_requested", "add_document", True, "answer"),
        ("info_requested", "answer", False, "answer"),
        ("in_review", "answer", True, "add_document"),
        ("in_review", "answer", False, "answer"),
        ("registered", "add_document", True, "add_document"),
    ],
)
def test_documents_are_the_answer_while_the_office_asks_and_are_added_later(
    status: str, action: str, documents: bool, counted: str
):
    assert counted_as(Status(status), Action(action), has_documents=documents) == counted


def test_a_request_is_open_until_it_is_closed_or_withdrawn():
    assert set(Status) - OPEN == {Status.CLOSED, Status.WITHDRAWN}


@pytest.mark.parametrize(("times", "after"), [(0, "reopened"), (1, "reopened"), (2, "closed"), (3, "closed")])
def test_the_third_refusal_closes(times: int, after: str):
    assert after_refusal(times) == after


def test_the_days_of_silence_and_of_reopening_are_those_promised():
    assert (ANSWER_DAYS, CONFIRM_DAYS) == (15, 15)
    assert (ANSWER_REMINDER_DAYS, REMINDER_DAYS) == ((7,), (7, 13))
    assert {
        Closing.CONFIRMED: timedelta(days=15),
        Closing.UNCONFIRMED: timedelta(days=90),
    } == REOPEN_WITHIN


@pytest.mark.parametrize(
    ("actions", "is_visible"),
    [
        (["take_up", "propose"], [False, False]),
        (["propose", "approve"], [True, True]),
        (["propose", "send_back"], [False, False]),
        (["propose", "send_back", "propose", "approve"], [False, False, True, True]),
        (["propose", "withdraw"], [False, True]),
        (["propose", "approve", "refuse", "propose"], [True, True, True, False]),
    ],
)
def test_the_consumer_is_notified_of_a_proposal_once_it_is_approved(
    actions: list[str], is_visible: list[bool]
):
    assert visible_to_consumer(actions) == is_visible
