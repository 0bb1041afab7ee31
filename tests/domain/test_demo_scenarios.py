"""Demo requests follow the life cycle like all others."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from wss.demo.request_history import ScenarioSetting, demo_history
from wss.demo.scenarios import (
    BILL,
    DISCONNECTION,
    ENDED_SCENARIOS,
    METER,
    NAME,
    NOT_RECEIVED,
    RECONNECTION,
    SCENARIOS,
    moments,
    remark_of,
)
from wss.domain.actor import Role, rank
from wss.domain.calendar import IST, Calendar
from wss.domain.catalogue import RequestKind
from wss.domain.lifecycle import TABLE, Action, Closing, Status
from wss.domain.routing import Desk, Level

TODAY = date(2026, 11, 24)
CALENDAR = Calendar(frozenset({date(2026, 11, 9)}))
CHAIN = (
    Desk("S", Level.SUBDIVISION, frozenset({Role.BILLING_CLERK, Role.SDO})),
    Desk("D", Level.DIVISION, frozenset({Role.EE})),
)
POSTS = {("S", Role.BILLING_CLERK): "E1", ("S", Role.SDO): "E2", ("D", Role.EE): "E3"}
KIND = RequestKind(BILL, "", "", "", "", frozenset(), (), (), 7, "billing_clerk", "subdivision")
SETTING = ScenarioSetting(KIND, CHAIN, POSTS, CALENDAR)


def history_of(scenario, number=0):
    return demo_history(scenario, moments(scenario, CALENDAR, TODAY, number), SETTING)


def test_the_demo_scenarios_end_in_every_status_and_closing():
    ends = [history_of(scenario).columns for scenario in SCENARIOS]

    assert {end["status"] for end in ends} == {status.value for status in Status}
    assert {end["closing"] for end in ends} - {None} == {closing.value for closing in Closing}


@pytest.mark.parametrize("scenario", ENDED_SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_was_registered_long_ago_has_ended(scenario):
    assert history_of(scenario).columns["status"] in (Status.CLOSED, Status.WITHDRAWN)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scene_is_a_step_of_the_life_cycle(scenario):
    events = history_of(scenario).events

    assert len(events) == len(scenario.scenes) + 1
    for before, event in pairwise(events):
        step = TABLE[Status(before["status"]), Action(event["action"])]
        assert Role(event["role"]) in step.by
        assert event["status"] in (step.to, Status.CLOSED)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_everything_has_happened_in_order_before_today_at_office_hours(scenario):
    for number in range(40):
        times = moments(scenario, CALENDAR, TODAY, number)
        assert times == sorted(times)
        assert times[-1].astimezone(IST).date() <= TODAY - timedelta(days=1)
        assert all(10 <= at.astimezone(IST).hour < 17 for at in times)
        assert all(CALENDAR.is_working_day(at.astimezone(IST).date()) for at in times)


def test_no_one_approves_their_own_proposal():
    for scenario in SCENARIOS:
        proposer = None
        for event in history_of(scenario).events:
            if event["action"] == Action.PROPOSE:
                proposer = event["employee_id"]
            if event["action"] in (Action.APPROVE, Action.SEND_BACK):
                assert event["employee_id"] != proposer


def test_no_one_decides_on_the_proposal_of_a_senior():
    for scenario in SCENARIOS:
        proposer = None
        for event in history_of(scenario).events:
            if event["action"] == Action.PROPOSE:
                proposer = Role(event["role"])
            if event["action"] in (Action.APPROVE, Action.SEND_BACK):
                assert rank(Role(event["role"])) > rank(proposer)


@pytest.mark.parametrize(
    "scene", [scene for scenario in SCENARIOS for scene in scenario.scenes if scene.remark]
)
def test_every_kind_has_words_of_its_own_for_a_step(scene):
    kinds = {BILL, METER, NOT_RECEIVED, NAME, RECONNECTION, DISCONNECTION}
    words = {remark_of(scene, kind) for kind in kinds}

    assert "" not in words
    assert scene.action is Action.WITHDRAW or len(words) == len(kinds)


def test_a_refused_resolution_goes_one_level_above_the_post_that_decided():
    reopened = next(scenario for scenario in SCENARIOS if scenario.name == "reopened")

    columns = history_of(reopened).columns

    assert (columns["holder_role"], columns["reopened_times"]) == ("ee", 1)


def test_a_scenario_ends_where_an_office_has_no_staff():
    solved = next(scenario for scenario in SCENARIOS if scenario.name == "resolved")
    alone = ScenarioSetting(KIND, CHAIN[:1], {("S", Role.BILLING_CLERK): "E1"}, CALENDAR)

    history = demo_history(solved, moments(solved, CALENDAR, TODAY, 0), alone)

    assert history.columns["status"] == "proposed"
