"""How offices of the demo differ: good ones decide in days and are confirmed, bad ones are late and are refused.

A request of the past follows a scenario that is drawn by the pace of its office; seasons say on which day it was
registered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import accumulate
from random import Random

from wss.demo.scenarios import ENDED_SCENARIOS, SCENARIOS, Scenario, ScenarioRole, ScenarioStep
from wss.domain.lifecycle import Action

# Complaints follow the bills of the hot months, which are the high ones.
_COMPLAINTS = (0.9, 0.7, 0.6, 0.6, 0.8, 1.2, 1.6, 1.7, 1.4, 1.1, 0.8, 0.8)
_OFFICE = (ScenarioRole.HOLDER, ScenarioRole.MAKER, ScenarioRole.APPROVER)
_BY_NAME = {scenario.name: scenario for scenario in ENDED_SCENARIOS}
# Where more than one working day passes before each step of the office, the site would have escalated the request.
_LONGEST_PAUSE = 2


class Pace(StrEnum):
    """How an office works."""

    GOOD = "good"
    USUAL = "usual"
    BAD = "bad"


# How often the requests of an office follow a scenario. "late" is decided after the promised date.
_WEIGHTS = {
    Pace.GOOD: {"resolved": 60, "closed, confirmed": 20, "closed, unconfirmed": 8, "withdrawn": 6, "late": 2},
    Pace.USUAL: {
        "resolved": 42,
        "closed, confirmed": 14,
        "closed, unconfirmed": 14,
        "withdrawn": 8,
        "answered and solved": 8,
        "refused": 6,
        "late": 12,
    },
    Pace.BAD: {
        "resolved": 18,
        "closed, unconfirmed": 16,
        "withdrawn": 10,
        "refused": 14,
        "refused once": 12,
        "late": 30,
    },
}
# Ratings, from one to five, of those who confirm.
_RATINGS = {Pace.GOOD: (0, 1, 3, 9, 16), Pace.USUAL: (1, 2, 6, 8, 5), Pace.BAD: (6, 6, 5, 2, 1)}
_RATED_SHARE = 0.6
_RATE = ScenarioStep(Action.RATE, ScenarioRole.CONSUMER, 1)


def _named() -> dict[str, Scenario]:
    """Return the scenarios by name, with two more of which each has a step that ended ones lack."""
    solved = _BY_NAME["resolved"]
    confirm, refuse = solved.scenes[-1], next(one for one in SCENARIOS if one.name == "reopened").scenes[-1]
    late = ScenarioStep(Action.ESCALATE, ScenarioRole.CLOCK, 7)
    return _BY_NAME | {
        "late": replace(solved, name="late", scenes=(late, *solved.scenes)),
        "refused once": replace(
            solved, name="refused once", scenes=(*solved.scenes[:-1], refuse, *solved.scenes[:-1], confirm)
        ),
    }


_SCENARIOS = _named()


@cache
def pace_of(subdivision_code: str) -> Pace:
    """Return the pace of an office: always the same one. That of the written cases is a usual one."""
    # The division decides, as one executive engineer sees to its sub-divisions.
    division = subdivision_code.rpartition("-")[0]
    if division.endswith("Z01-C1-D1") and division.startswith("DVVNL"):
        return Pace.USUAL
    return Random(division).choices(list(Pace), (30, 45, 25))[0]  # noqa: S311  nothing secret hangs on it


def ended_scenario(number: int, subdivision_code: str) -> Scenario:
    """Return the scenario of a request of the past."""
    chance = Random(f"{number}:{subdivision_code}")  # noqa: S311
    pace = pace_of(subdivision_code)
    weights = _WEIGHTS[pace]
    scenario = _SCENARIOS[chance.choices(list(weights), list(weights.values()))[0]]
    # One that was escalated is decided before the next level's time is up.
    is_hurried = pace is Pace.GOOD or any(scene.action is Action.ESCALATE for scene in scenario.scenes)
    scenes = [scene if is_hurried else _paced(scene, chance) for scene in scenario.scenes]
    if scenes[-1].action is Action.CONFIRM and chance.random() < _RATED_SHARE:
        scenes.append(replace(_RATE, rating=chance.choices(range(1, 6), _RATINGS[pace])[0]))
    return replace(scenario, scenes=tuple(scenes))


def _paced(scene: ScenarioStep, chance: Random) -> ScenarioStep:
    return replace(scene, days=chance.randint(1, _LONGEST_PAUSE)) if scene.part in _OFFICE else scene


def registration_days(today: date, days: int, how_many: int) -> Sequence[int]:
    """Return for each of so many requests how many days ago it was registered, oldest first: more after hot months."""
    weights = [_COMPLAINTS[(today - timedelta(days=ago)).month - 1] for ago in range(days - 1, -1, -1)]
    reached = list(accumulate(weights))
    total = reached[-1]
    return [days - 1 - bisect_left(reached, (number + 0.5) * total / how_many) for number in range(how_many)]
