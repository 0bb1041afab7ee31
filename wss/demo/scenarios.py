"""Demo scenarios: one for each path through the life cycle, carried out by its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from wss.domain.calendar import IST, Calendar
from wss.domain.lifecycle import Action, Resolution


class ScenarioRole(StrEnum):
    """Who acts in a step: the consumer, the holder of the request, another person who may approve, or the clock."""

    CONSUMER = "consumer"
    HOLDER = "holder"
    APPROVER = "approver"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """A step of a scenario, a number of working days after the previous one."""

    action: Action
    part: ScenarioRole
    days: int
    remark: str = ""
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario: what a request is about and its steps; `quiet_days` is how long the last step was ago."""

    name: str
    kind: str
    scenes: tuple[ScenarioStep, ...] = ()
    quiet_days: int = 1


_TAKE_UP = ScenarioStep(Action.TAKE_UP, ScenarioRole.HOLDER, 1)
_ASK = ScenarioStep(Action.ASK, ScenarioRole.HOLDER, 1, "कृपया मीटर की साफ़ फ़ोटो भेजें।")
_ANSWER = ScenarioStep(Action.ANSWER, ScenarioRole.CONSUMER, 2, "फ़ोटो भेज दी है।")
_REVISE = ScenarioStep(
    Action.PROPOSE, ScenarioRole.HOLDER, 2, "रीडिंग जाँची गई, बिल संशोधित किया जाए।", Resolution.REVISED
)
_KEEP = ScenarioStep(Action.PROPOSE, ScenarioRole.HOLDER, 2, "रीडिंग सही पाई गई।", Resolution.NOT_NEEDED)
_REFUSE = ScenarioStep(
    Action.PROPOSE, ScenarioRole.HOLDER, 2, "मीटर परीक्षण में सही पाया गया।", Resolution.REFUSED
)
_APPROVE = ScenarioStep(Action.APPROVE, ScenarioRole.APPROVER, 1)
_SEND_BACK = ScenarioStep(Action.SEND_BACK, ScenarioRole.APPROVER, 1, "पिछले तीन माह की खपत भी देखें।")
_CONFIRM = ScenarioStep(Action.CONFIRM, ScenarioRole.CONSUMER, 2)
_NOT_SOLVED = ScenarioStep(Action.REFUSE, ScenarioRole.CONSUMER, 1, "बिल अब भी ग़लत है।")
_SILENCE = ScenarioStep(Action.CONFIRM_LAPSED, ScenarioRole.CLOCK, 14)
_LATE = ScenarioStep(Action.ESCALATE, ScenarioRole.CLOCK, 7)
_WITHDRAW = ScenarioStep(Action.WITHDRAW, ScenarioRole.CONSUMER, 1, "समस्या हल हो गई।")
_REOPEN = ScenarioStep(Action.REOPEN, ScenarioRole.CONSUMER, 3, "अगले बिल में फिर वही ग़लती है।")
_SOLVED = (_TAKE_UP, _REVISE, _APPROVE)

BILL, METER, NOT_RECEIVED, NAME = "BILL_CORRECTION", "METER_COMPLAINT", "BILL_NOT_RECEIVED", "NAME_CORRECTION"

WITHDRAWN = Scenario("withdrawn", NOT_RECEIVED, (_WITHDRAW,), quiet_days=4)

# Every status and every way of ending occurs; two consecutive requests each go to the two demo consumers.
SCENARIOS = (
    Scenario("registered", BILL),
    Scenario("in review", BILL, (_TAKE_UP,)),
    Scenario("asked", BILL, (_TAKE_UP, _ASK), quiet_days=2),
    Scenario("proposed", BILL, (_TAKE_UP, _KEEP)),
    Scenario("resolved", BILL, _SOLVED, quiet_days=2),
    Scenario("reopened", BILL, (*_SOLVED, _NOT_SOLVED)),
    Scenario("closed, confirmed", BILL, (*_SOLVED, _CONFIRM), quiet_days=20),
    Scenario("closed, unconfirmed", BILL, (_TAKE_UP, _KEEP, _APPROVE, _SILENCE), quiet_days=10),
    WITHDRAWN,
    Scenario("answered and solved", METER, (_TAKE_UP, _ASK, _ANSWER, _REVISE, _APPROVE), quiet_days=3),
    Scenario("late", BILL, (_LATE,)),
    Scenario("refused", METER, (_TAKE_UP, _REFUSE, _APPROVE), quiet_days=4),
    Scenario("sent back", NAME, (_TAKE_UP, _KEEP, _SEND_BACK)),
    Scenario("opened again", METER, (*_SOLVED, _CONFIRM, _REOPEN)),
    Scenario(
        "disputed", BILL, (*_SOLVED, _NOT_SOLVED, *_SOLVED, _NOT_SOLVED, *_SOLVED, _NOT_SOLVED), quiet_days=3
    ),
)

_ENDS = (Action.CONFIRM, Action.CONFIRM_LAPSED, Action.WITHDRAW)


def _ended() -> Iterator[Scenario]:
    for scenario in SCENARIOS:
        last = scenario.scenes[-1].action if scenario.scenes else None
        if last is Action.APPROVE:
            yield replace(scenario, scenes=(*scenario.scenes, _CONFIRM))
        elif last in _ENDS:
            yield scenario


# Scenarios of requests that were registered long ago: each has ended.
ENDED_SCENARIOS = tuple(_ended())

_FIRST_MINUTE, _OFFICE_MINUTES = 10 * 60 + 15, 6 * 60


def moments(scenario: Scenario, calendar: Calendar, today: date, number: int) -> list[datetime]:
    """Return when a scenario's request was registered and when each of its steps took place.

    All are in office hours before today.
    """
    ends_by = today - timedelta(days=scenario.quiet_days)
    begins = ends_by - timedelta(days=sum(scene.days for scene in scenario.scenes))
    while True:
        days = list(_days(scenario, calendar, begins))
        if days[-1] <= ends_by:
            return [_at_office_hours(day, number, place) for place, day in enumerate(days)]
        begins -= timedelta(days=1)


def _days(scenario: Scenario, calendar: Calendar, begins: date) -> Iterator[date]:
    day = calendar.working_day(after=begins - timedelta(days=1), number=1)
    yield day
    for scene in scenario.scenes:
        day = calendar.working_day(after=day, number=scene.days)
        yield day


def _at_office_hours(day: date, number: int, place: int) -> datetime:
    """Return a minute of the office day. No two steps share a day, so their order is kept."""
    minutes = _FIRST_MINUTE + (number * 37 + place * 53) % _OFFICE_MINUTES
    return datetime.combine(day, time(minutes // 60, minutes % 60), IST)
