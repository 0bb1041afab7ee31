"""The life cycle of a service request: one table of roles, actions, statuses and notices.

Each row says who may take which action in which status, and which notice follows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wss.domain.actor import HANDLING_ROLES, Role
from wss.domain.errors import Forbidden


class Status(StrEnum):
    """The status of a service request."""

    REGISTERED = "registered"
    IN_REVIEW = "in_review"
    INFO_REQUESTED = "info_requested"
    PROPOSED = "proposed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class NextToAct(StrEnum):
    """The party that has to act on a request in some status."""

    OFFICE = "office"
    CONSUMER = "consumer"
    NONE = "none"


class Action(StrEnum):
    """The actions of persons and of expired time limits on a request."""

    TAKE_UP = "take_up"
    ASSIGN = "assign"
    FORWARD = "forward"
    ASK = "ask"
    ANSWER = "answer"
    WITHDRAW_QUESTION = "withdraw_question"
    PROPOSE = "propose"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    RATE = "rate"
    ADD_DOCUMENT = "add_document"
    ESCALATE = "escalate"
    SAMPLE = "sample"
    REMIND = "remind"
    REMIND_ANSWER = "remind_answer"
    ANSWER_LAPSED = "answer_lapsed"
    CONFIRM_LAPSED = "confirm_lapsed"
    CANCEL = "cancel"


# Entries of the timeline that are no transitions: a request is frozen while it is disputed who made it, and unfrozen
# after.
FREEZE, UNFREEZE = "freeze", "unfreeze"
# A caller has asked 1912 for progress. This changes neither the clock nor the holder.
CALLED = "called"


class Resolution(StrEnum):
    """How a request was decided."""

    REVISED = "revised"
    NOT_NEEDED = "not_needed"
    REFUSED = "refused"


class Closing(StrEnum):
    """How a request was closed."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"


def _statuses_of(next_to_act: NextToAct) -> tuple[Status, ...]:
    return tuple(status for status, who in NEXT_TO_ACT.items() if who is next_to_act)


# The consumer reads remarks that are addressed to them or written by them, and no others. The words of a proposal
# are addressed to them by the officer who approves it.
VISIBLE_TO_CONSUMER = frozenset(
    {
        Action.ASK,
        Action.ANSWER,
        Action.WITHDRAW_QUESTION,
        Action.PROPOSE,
        Action.APPROVE,
        Action.CONFIRM,
        Action.REFUSE,
        Action.REOPEN,
        Action.WITHDRAW,
        Action.RATE,
        Action.CANCEL,
        Action.ADD_DOCUMENT,
        FREEZE,
        UNFREEZE,
    }
)
# Who has to act on a request in each status; every status has its row.
NEXT_TO_ACT: dict[Status, NextToAct] = {
    Status.REGISTERED: NextToAct.OFFICE,
    Status.REOPENED: NextToAct.OFFICE,
    Status.IN_REVIEW: NextToAct.OFFICE,
    Status.PROPOSED: NextToAct.OFFICE,
    Status.INFO_REQUESTED: NextToAct.CONSUMER,
    Status.RESOLVED: NextToAct.CONSUMER,
    Status.CLOSED: NextToAct.NONE,
    Status.WITHDRAWN: NextToAct.NONE,
}
# Groups of statuses that follow from it. The partial indexes of service_request are written with AT_WORK and ENDED,
# so that a new status or another order in them needs a migration.
AT_WORK = _statuses_of(NextToAct.OFFICE)
WAITS_FOR_CONSUMER = _statuses_of(NextToAct.CONSUMER)
ENDED = _statuses_of(NextToAct.NONE)
OPEN = frozenset(Status) - frozenset(ENDED)
BEFORE_RESOLVED = tuple(status for status in Status if status in OPEN and status is not Status.RESOLVED)

# Days without a reply, days of reminders, and how often a resolution may be refused.
ANSWER_DAYS = 15
CONFIRM_DAYS = 15
REMINDER_DAYS = (7, 13)
ANSWER_REMINDER_DAYS = (7,)
REOPEN_WITHIN = {
    Closing.CONFIRMED: timedelta(days=15),
    Closing.UNCONFIRMED: timedelta(days=90),
}
REOPENINGS_AT_MOST = 2

CONSUMER = frozenset({Role.CONSUMER})
# Every post that can hold a request can work on it, so that none is stuck with a senior post; figures are for these.
HANDLERS = frozenset(HANDLING_ROLES)
OFFICERS = frozenset({Role.BILLING_CLERK, Role.SDO, Role.EE})
APPROVERS = frozenset({Role.SDO, Role.EE})
# The actions that end a proposal without a decision.
ENDS_PROPOSAL = (Action.SEND_BACK, Action.WITHDRAW_PROPOSAL)
SYSTEM = frozenset({Role.SYSTEM})
# The post that decides when it is disputed who made a request.
SUPERVISOR = frozenset({Role.HELPDESK_SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table: next status, roles that may act, required remark, notice to the consumer."""

    to: Status
    by: frozenset[Role]
    remark_required: bool = False
    notice: str | None = None
    one_level_up: bool = False


def _rows(
    statuses: Iterable[Status], action: Action, step: Transition
) -> dict[tuple[Status, Action], Transition]:
    """Return the same transition from several statuses."""
    return {(status, action): step for status in statuses}


TABLE: dict[tuple[Status, Action], Transition] = {
    **_rows(
        (Status.REGISTERED, Status.REOPENED),
        Action.TAKE_UP,
        Transition(Status.IN_REVIEW, HANDLERS),
    ),
    (Status.IN_REVIEW, Action.ASSIGN): Transition(Status.IN_REVIEW, HANDLERS),
    (Status.IN_REVIEW, Action.FORWARD): Transition(Status.IN_REVIEW, HANDLERS, remark_required=True),
    (Status.IN_REVIEW, Action.ASK): Transition(Status.INFO_REQUESTED, HANDLERS, True, "question"),
    (Status.INFO_REQUESTED, Action.ANSWER): Transition(Status.IN_REVIEW, CONSUMER),
    (Status.INFO_REQUESTED, Action.WITHDRAW_QUESTION): Transition(
        Status.IN_REVIEW, HANDLERS, notice="question_withdrawn"
    ),
    (Status.INFO_REQUESTED, Action.REMIND_ANSWER): Transition(
        Status.INFO_REQUESTED, SYSTEM, notice="question_reminder"
    ),
    (Status.INFO_REQUESTED, Action.ANSWER_LAPSED): Transition(Status.IN_REVIEW, SYSTEM),
    (Status.IN_REVIEW, Action.PROPOSE): Transition(Status.PROPOSED, OFFICERS, remark_required=True),
    (Status.PROPOSED, Action.APPROVE): Transition(Status.RESOLVED, APPROVERS, notice="resolved"),
    # Drawn by chance from proposals that were to be approved together: the EE decides it.
    (Status.PROPOSED, Action.SAMPLE): Transition(Status.PROPOSED, SYSTEM),
    (Status.PROPOSED, Action.SEND_BACK): Transition(Status.IN_REVIEW, APPROVERS, remark_required=True),
    (Status.PROPOSED, Action.WITHDRAW_PROPOSAL): Transition(Status.IN_REVIEW, OFFICERS),
    (Status.RESOLVED, Action.CONFIRM): Transition(Status.CLOSED, CONSUMER, notice="closed"),
    (Status.RESOLVED, Action.REFUSE): Transition(
        Status.REOPENED, CONSUMER, True, "reopened", one_level_up=True
    ),
    (Status.RESOLVED, Action.REMIND): Transition(Status.RESOLVED, SYSTEM, notice="confirm_reminder"),
    (Status.RESOLVED, Action.CONFIRM_LAPSED): Transition(Status.CLOSED, SYSTEM, notice="closed"),
    (Status.CLOSED, Action.REOPEN): Transition(
        Status.REOPENED, CONSUMER, True, "reopened", one_level_up=True
    ),
    (Status.CLOSED, Action.RATE): Transition(Status.CLOSED, CONSUMER),
    **_rows(
        BEFORE_RESOLVED,
        Action.WITHDRAW,
        Transition(Status.WITHDRAWN, CONSUMER, notice="withdrawn"),
    ),
    **_rows(
        BEFORE_RESOLVED,
        Action.CANCEL,
        Transition(Status.WITHDRAWN, SUPERVISOR, True, notice="dispute_cancelled"),
    ),
    **{
        (status, Action.ADD_DOCUMENT): Transition(status, CONSUMER)
        for status in (*BEFORE_RESOLVED, Status.RESOLVED)
        if status is not Status.INFO_REQUESTED
    },
    **{
        (status, Action.ESCALATE): Transition(status, SYSTEM, notice="escalated", one_level_up=True)
        for status in AT_WORK
    },
}

UNASSIGNED = tuple(status for status, action in TABLE if action is Action.TAKE_UP)


def visible_to_consumer(actions: Sequence[str]) -> list[bool]:
    """Return for each entry of a timeline, oldest first, whether the consumer may read its remark.

    A proposal's remark is shown once it is approved: the opinion of one officer is not yet the decision of the
    office.
    """
    visible, decided = [], ""
    for action in reversed(actions):
        visible.append(
            action in VISIBLE_TO_CONSUMER and (action != Action.PROPOSE or decided == Action.APPROVE)
        )
        if action in (Action.APPROVE, Action.SEND_BACK, Action.WITHDRAW_PROPOSAL, Action.PROPOSE):
            decided = action
    return visible[::-1]


def actions_for(status: Status, role: Role) -> list[Action]:
    """Return what a role may do to a request in a status, in the order of the table; the buttons follow from it."""
    return [action for (at, action), step in TABLE.items() if at is status and role in step.by]


def counted_as(status: Status, action: Action, *, has_documents: bool) -> Action:
    """Return the action that a consumer's action counts as.

    While the office waits for an answer, documents are the answer, by whichever form or link they arrive.
    Documents that were sent as an answer after the question has ended are added to the request.
    """
    if status is Status.INFO_REQUESTED and action is Action.ADD_DOCUMENT:
        return Action.ANSWER
    if status is not Status.INFO_REQUESTED and action is Action.ANSWER and has_documents:
        return Action.ADD_DOCUMENT
    return action


def apply_action(status: Status, action: Action, role: Role, remark: str) -> Transition:
    """Return the transition of an action.

    Raises Forbidden if the table has none for this role, or if a remark is missing.
    """
    step = TABLE.get((status, action))
    if step is None or role not in step.by:
        raise Forbidden("step_not_allowed")
    if step.remark_required and not remark.strip():
        raise Forbidden("remark_required")
    return step


def after_refusal(times_reopened: int) -> Status:
    """Return the status after a refusal.

    Refusals and reopenings together count at most twice, the next one closes as disputed.
    """
    return Status.REOPENED if times_reopened < REOPENINGS_AT_MOST else Status.CLOSED
