"""The actions on the officers' page of a request: which can be taken, their choices, and what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from wss import clock
from wss.domain.actor import Actor
from wss.domain.catalogue import RequestField
from wss.domain.lifecycle import ANSWER_DAYS, Action, Resolution, Status, actions_for
from wss.models import Bill
from wss.queries import timelines
from wss.queries.officers import colleagues_for, names_of, who_did
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow
from wss.queries.timelines import EventLine
from wss.services.requests.forwarding import offices_to_forward_to
from wss.services.requests.officer_checks import hindrance_of, is_pool_member
from wss.services.revisions.suggestions import suggestion_for
from wss.web.access import current_actor
from wss.web.labels.officer import BARRED
from wss.web.labels.requests import office_name, proposal_name
from wss.web.labels.staff import post_name
from wss.web.officer.canned_texts import OfferedTexts, texts_for

# The most frequent actions come first, those that pass the request on come last.
_IN_ORDER = [
    Action.TAKE_UP,
    Action.APPROVE,
    Action.PROPOSE,
    Action.ASK,
    Action.SEND_BACK,
    *(each for each in Action if each not in (Action.ASSIGN, Action.FORWARD)),
    Action.ASSIGN,
    Action.FORWARD,
]


def steps_context(seen: RequestRow, tables: Reference, events: Sequence[EventLine]) -> dict[str, Any]:
    """Return the actions whose forms are shown, the choices of their fields, and why some or all are missing."""
    actor = current_actor()
    steps, barred = actions_for(Status(seen.status), actor.role), []
    hindrance = "frozen" if seen.frozen else hindrance_of(actor, seen)
    if hindrance:
        steps, barred = [], [BARRED[hindrance]] if steps else []
    if seen.proposed_by == actor.id and steps and seen.status == Status.PROPOSED:
        steps, barred = [Action.WITHDRAW_PROPOSAL], [BARRED["own_proposal"]]
    else:
        steps = [step for step in steps if step is not Action.WITHDRAW_PROPOSAL]
    if {Action.TAKE_UP, Action.ASSIGN} & set(steps) and is_pool_member(actor):
        steps = [step for step in steps if step not in (Action.TAKE_UP, Action.ASSIGN)]
        barred = barred if steps else [BARRED["pooled"]]
    question, asked_by = _question(seen, events)
    return {
        "steps": [step.value for step in sorted(steps, key=_IN_ORDER.index)],
        "barred": barred,
        "assignees": _assignees(actor, seen, tables) if Action.ASSIGN in steps else [],
        "offices": offices_offered(seen, tables) if Action.FORWARD in steps else [],
        "resolutions": _decisions(timelines.disputed_bills(seen.id)),
        "people": names_of({each for each in (seen.assignee_id, seen.proposed_by, asked_by) if each}),
        "proposal": _proposal(seen, events),
        "question": question,
        "asked_by": asked_by,
        "texts": request_texts(seen) if {Action.ASK, Action.PROPOSE} & set(steps) else None,
        "answer_by": seen.status_since + timedelta(days=ANSWER_DAYS),
    }


def request_texts(seen: RequestRow) -> OfferedTexts:
    """Return the canned texts with the figures of a request."""
    return texts_for(seen, suggestion_for(seen) if RequestField.BILL_NO in seen.fields else None)


def _assignees(actor: Actor, seen: RequestRow, tables: Reference) -> list[tuple[str, str]]:
    """Return the employees that the request can be assigned to, with name, post and office."""
    colleagues = colleagues_for(actor.office_code, seen.office_code, clock.local_date(clock.now()))
    return [
        ("", _("Choose")),
        *(
            (
                one.employee_id,
                f"{one.name}, {post_name(one.role)}, {office_name(tables.offices.get(one.office_code))}",
            )
            for one in colleagues
        ),
    ]


def _decisions(bills: Sequence[Bill]) -> list[tuple[str, tuple[str, str]]]:
    """Return the resolutions to choose from, in words, each with a hint where it needs one."""
    appeal = _(
        "The consumer is told how to appeal: to the consumer forum (CGRF), then the Electricity Ombudsman."
    )
    return [
        (
            one.value,
            (str(proposal_name(one, has_bills=bool(bills))), appeal if one is Resolution.REFUSED else ""),
        )
        for one in resolutions_of(bills)
    ]


def resolutions_of(bills: Sequence[Bill]) -> list[Resolution]:
    """Return the resolutions offered on the request's page.

    A disputed bill is revised on its own page, with its figures; without a disputed bill the same resolution means
    that the request is done as asked.
    """
    return [each for each in Resolution if each is not Resolution.REVISED or not bills]


def offices_of_discom(seen: RequestRow, tables: Reference) -> list[Any]:
    """Return every other office of a request's discom, by name."""
    discom = tables.offices[seen.office_code].path.partition("/")[0]
    here = (each for each in tables.offices.values() if each.path.partition("/")[0] == discom)
    return sorted((each for each in here if each.code != seen.office_code), key=lambda each: each.name)


def offices_offered(seen: RequestRow, tables: Reference) -> list[Any]:
    """Return those of them that can handle the request: only these are offered."""
    able = {each.code for each in offices_to_forward_to(seen, tables)}
    return [each for each in offices_of_discom(seen, tables) if each.code in able]


def _question(seen: RequestRow, events: Sequence[EventLine]) -> tuple[EventLine | None, str | None]:
    """Return the line of the timeline with the open question, if there is one, and the employee who asked it."""
    asked = [each for each in events if each.action == Action.ASK]
    if seen.status != Status.INFO_REQUESTED or not asked:
        return None, None
    return asked[-1], who_did(seen.id).get(asked[-1].number)


def _proposal(seen: RequestRow, events: Sequence[EventLine]) -> EventLine | None:
    """Return the event that proposed the decision waiting for approval."""
    return last_proposal(events) if seen.status == Status.PROPOSED else None


def last_proposal(events: Sequence[EventLine]) -> EventLine | None:
    """Return the last event that proposed a decision."""
    return next((each for each in reversed(events) if each.action == Action.PROPOSE), None)
