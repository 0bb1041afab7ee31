"""The MIS: sums always equal a recount, whatever steps requests take; figures follow from them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories
from tests.factories import execute, update_rows
from tests.fixtures.complaint_handling import (
    CLERK,
    DIVISION,
    NUMBER,
    SDO,
    ask,
    consumer_of,
    office_acts,
    resolve,
)
from wss import clock
from wss.db import reading
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import RuleBroken
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import BEFORE_RESOLVED, Action, Resolution
from wss.domain.mis import FIGURES, local_day
from wss.models import Event, MisCell, MisDelta, ServiceRequest
from wss.queries.mis import counts_of
from wss.queries.mis_lists import PAGE, MisListQuery, lines_behind
from wss.queries.reference import reference
from wss.queries.todo import todo_counts
from wss.services.mis import sums
from wss.services.mis.figures import MisOverview, MisQuery, overview
from wss.services.reference.imports import ImportOrder, import_extract
from wss.services.requests.actions import take_action
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions.triage_updates import update_triage

FIRST = 1_500_000_000


def sum_of(measure: str, office: str = "*", kind: str = "*") -> int:
    """Return a sum over all days, as it is kept after folding."""
    sums.fold()
    places = (MisCell.measure == measure, MisCell.office_code == office, MisCell.kind == kind)
    with reading() as session:
        return session.execute(
            sa.select(sa.func.coalesce(sa.func.sum(MisCell.n), 0)).where(*places)
        ).scalar_one()


def test_sums_that_were_never_made_are_made(complainant: Any):
    sums.fold()

    assert sum_of("pending:registered", factories.OFFICE) == 1
    assert sums.check() == []


def test_a_step_changes_the_sums_at_once(complainant: Any):
    sums.fold()

    office_acts(CLERK, Action.TAKE_UP)

    assert sums.check() == []
    assert sum_of("pending:in_review") == 1
    assert sum_of("pending:registered") == 0


def test_a_new_request_counts(complainant: Any):
    sums.fold()
    home = factories.a_household("1234567890")
    actor, answers = consumer_of(home), {"bill_no": [home.bill_no], "reason": "wrong_reading"}

    register_draft(
        actor,
        save_draft(
            actor, home.account_no, FilledForm(new_form_token(), "BILL_CORRECTION", {}, answers)
        ).form_token,
    )

    assert sums.check() == []
    assert sum_of("registered", DIVISION, "BILL_CORRECTION") == 2


def test_a_request_that_goes_to_another_office_takes_its_past_along(complainant: Any):
    sums.fold()
    resolve()
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.REFUSE, "Not solved."))
    sums.fold()
    office_acts(SDO, Action.TAKE_UP)

    office_acts(SDO, Action.FORWARD, office_code=DIVISION)

    assert sums.check() == []
    assert sum_of("refused", factories.OFFICE) == 0
    assert sum_of("refused", DIVISION) == 1


def test_a_resolution_in_time_stays_so_after_a_new_promised_date(complainant: Any, frozen_clock: Any):
    sums.fold()
    frozen_clock.advance(days=30)
    resolve()
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.REFUSE, "Not solved."))

    assert sums.check() == []
    assert (sum_of("resolved"), sum_of("resolved_in_time")) == (1, 0)


def test_a_resolution_of_before_the_sums_is_judged_once(complainant: Any):
    resolve()
    execute("UPDATE event SET details = '{}'")

    sums.fold()

    assert sum_of("resolved_in_time") == 1
    assert sums.check() == []


def test_questions_count_when_asked_and_the_days_they_stopped_the_clock_when_they_end(
    complainant: Any, frozen_clock: Any
):
    sums.fold()
    for ends, by in ((Action.ANSWER, consumer_of(complainant)), (Action.WITHDRAW_QUESTION, SDO)):
        office_acts(SDO, Action.TAKE_UP) if ends is Action.ANSWER else None
        office_acts(SDO, Action.ASK)
        # Tuesday to Tuesday, without the Sunday.
        frozen_clock.advance(days=7)
        take_action(by, NUMBER, ActionRequest(ends, "It says 1051."))

    assert sums.check() == []
    assert (sum_of("asked", factories.OFFICE), sum_of("stopped_days", factories.OFFICE)) == (2, 12)
    office_acts(SDO, Action.FORWARD, office_code=DIVISION)
    assert (sum_of("stopped_days", factories.OFFICE), sum_of("stopped_days", DIVISION)) == (0, 12)
    assert sums.check() == []


def test_a_question_of_before_the_sums_is_judged_once(complainant: Any, frozen_clock: Any):
    ask()
    frozen_clock.advance(days=7)
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.WITHDRAW))
    execute("UPDATE event SET details = '{}'")

    sums.fold()

    assert sum_of("stopped_days") == 6
    assert sums.check() == []


def test_sums_that_come_to_nothing_are_dropped(complainant: Any):
    sums.fold()
    office_acts(CLERK, Action.TAKE_UP)
    sums.fold()

    with reading() as session:
        assert session.execute(sa.select(sa.func.count()).where(MisCell.n == 0)).scalar_one() == 0
        assert session.execute(sa.select(sa.func.count()).select_from(MisDelta)).scalar_one() == 0


def test_a_wrong_sum_is_found(complainant: Any):
    sums.fold()
    update_rows(MisCell, MisCell.office_code == DIVISION, MisCell.measure == "due", n=7)

    wrong = sums.check()

    assert {(one.office_code, one.measure, one.counted, one.kept) for one in wrong} == {
        (DIVISION, "due", 1, 7)
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_the_sums_are_right_after_any_walk(complainant: Any, seed: int):
    chance, at = Random(seed), clock.now()
    numbers = [complaint_no_from(FIRST + n) for n in range(6)]
    for number in numbers:
        execute("UPDATE disputed_bill SET is_open = false")
        factories.a_service_request(complainant, number)
    sums.rebuild()
    for _ in range(150):
        at += timedelta(hours=chance.randrange(1, 40))
        with clock.frozen_at(at):
            try_a_step(chance, complainant, chance.choice(numbers))
            if chance.random() < 0.05:
                change_an_amount(chance)
        if chance.random() < 0.1:
            sums.fold()
            assert sums.check() == []

    assert sums.check() == []
    lists_agree(clock.local_date(at))
    medians_agree(clock.local_date(at))
    sums.fold()
    assert sums.check() == []
    lists_agree(clock.local_date(at))
    medians_agree(clock.local_date(at))


def change_an_amount(chance: Random) -> None:
    """Give all bills another amount, and have the worker compute what the requests dispute, as after an import."""
    execute("UPDATE bill SET amount_paise = amount_paise + :more", more=chance.randrange(1, 90_000))
    execute("UPDATE service_request SET triage_due = true")
    update_triage()


def medians_agree(today: date) -> None:
    """Assert that the medians of an office are those of its timelines, and its money that of its requests."""
    with reading() as session:
        found = overview(MisQuery(DIVISION, "*", today.replace(day=1), today), reference(), today)
        decided = session.execute(
            sa.select(Event.at, ServiceRequest.registered_at)
            .join(ServiceRequest, ServiceRequest.id == Event.service_request_id)
            .where(Event.action == "approve")
        ).all()
        open_ones = session.execute(
            sa.select(ServiceRequest.disputed_paise).where(ServiceRequest.status.in_(BEFORE_RESOLVED))
        ).scalars()
        days = [
            (local_day(at) - local_day(since)).days
            for at, since in decided
            if local_day(at) >= today.replace(day=1)
        ]
        assert found.medians[DIVISION].days == (median(days) if days else None)
        assert found.whole.in_dispute == sum(open_ones)


def lists_agree(today: date) -> None:
    """Assert that the MIS counts equal the lists behind them, and the counts of To-Do, in every office."""
    first = today - timedelta(days=40)
    with reading():
        for office in (each.code for each in factories.offices()):
            figures = overview(MisQuery(office, "*", first, today), reference(), today).whole
            for figure in FIGURES:
                lines = every_line(MisListQuery(figure, office, "*", first, today), today)
                assert lines == figures.of(figure), (office, figure)
            todo, counts = todo_counts(office, "", today), counts_of(office, today)
            assert (todo.open, todo.late, todo.escalated, todo.waiting) == (
                counts.open,
                counts.late,
                counts.escalated,
                counts.waiting,
            )


def every_line(behind: MisListQuery, today: date) -> int:
    """Return how many lines a list has over all its pages."""
    lines = lines_behind(behind, today)
    if len(lines) <= PAGE:
        return len(lines)
    return PAGE + every_line(replace(behind, after=lines[PAGE - 1].number), today)


def test_the_sums_follow_an_office_that_gets_another_parent(complainant: Any, tmp_path: Path):
    sums.fold()
    other = DIVISION.replace("-D1", "-D9")
    circle = DIVISION.rsplit("-", 1)[0]
    file = tmp_path / "offices.csv"
    file.write_text(
        "code,parent_code,level,name,name_hi,phone,email\n"
        f"{other},{circle},division,Nine,नौ,,\n{factories.OFFICE},{other},subdivision,Two,दो,,\n",
        encoding="utf-8",
    )

    outcome = import_extract(ImportOrder("offices", file))

    assert (outcome.new, outcome.changed) == (1, 1)
    assert (sum_of("pending:registered", DIVISION), sum_of("pending:registered", other)) == (0, 1)
    assert sums.check() == []


def try_a_step(chance: Random, home: factories.Household, number: str) -> None:
    """Try a random step by a random actor; most are refused."""
    office = chance.choice([factories.OFFICE, DIVISION])
    move = ActionRequest(chance.choice(list(Action)), "because", Resolution.REVISED, office, "C1", rating=3)
    officer = Actor(Role.EE, "E1", DIVISION)
    for actor in chance.sample([CLERK, SDO, officer, consumer_of(home), SYSTEM], 5):
        try:
            execute("UPDATE disputed_bill SET is_open = false")
            take_action(actor, number, move)
            return
        except RuleBroken:
            continue


TODAY = date(2026, 11, 24)


WHOLE = MisQuery("*", "*", date(2026, 11, 1), TODAY)


@pytest.fixture(params=["folded", "not folded"])
def seen(request: pytest.FixtureRequest, complainant: Any) -> Callable[..., MisOverview]:
    """Return a function for the figures, once with all changes added up and once without."""
    sums.rebuild()

    def look(query: MisQuery = WHOLE) -> MisOverview:
        if request.param == "folded":
            sums.fold()
        with reading():
            return overview(query, reference(), clock.local_date(clock.now()))

    return look


def test_lines_and_foot_agree_at_every_level(seen: Callable[..., MisOverview]):
    office_acts(CLERK, Action.TAKE_UP)
    parts = factories.OFFICE.split("-")

    for depth in range(len(parts) + 1):
        found = seen(replace(WHOLE, office_code="-".join(parts[:depth]) or "*"))

        assert found.whole.pending == 1
        assert [figures.pending for _, figures in found.below] == [1] * (depth < len(parts))
        assert found.own.pending == (depth == len(parts))


def test_what_is_resolved_late_is_not_in_time(seen: Callable[..., MisOverview], frozen_clock: Any):
    frozen_clock.advance(days=20)

    resolve()

    flow = seen(replace(WHOLE, last=TODAY + timedelta(days=20))).whole.flow
    assert (flow["resolved"], flow["resolved_in_time"]) == (1, 0)


def test_what_happened_before_the_period_is_not_shown(seen: Callable[..., MisOverview], frozen_clock: Any):
    resolve()
    frozen_clock.advance(days=1)

    assert (
        seen(replace(WHOLE, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=1))).whole.flow[
            "resolved"
        ]
        == 0
    )


def test_pending_requests_grow_older(seen: Callable[..., MisOverview], frozen_clock: Any):
    ages = []
    for days in (0, 7, 1, 7, 1, 14, 1):
        frozen_clock.advance(days=days)
        ages.append(seen().whole.ages.index(1))

    assert ages == [0, 0, 1, 1, 2, 2, 3]


def test_a_request_is_late_after_the_promised_day(seen: Callable[..., MisOverview], frozen_clock: Any):
    frozen_clock.advance(days=8)
    on_the_day = seen().whole.late
    frozen_clock.advance(days=1)

    assert (on_the_day, seen().whole.late) == (0, 1)


def test_only_the_chosen_kind_is_counted(seen: Callable[..., MisOverview]):
    assert seen(replace(WHOLE, kind="BILL_CORRECTION")).whole.pending == 1
    assert seen(replace(WHOLE, kind="ADDRESS_CORRECTION")).whole.pending == 0
    assert [(kind, figures.pending) for kind, figures in seen().kinds] == [("BILL_CORRECTION", 1)]


def test_the_months_gone_by_follow_from_what_happened(
    seen: Callable[..., MisOverview], frozen_clock: Any, complainant: Any
):
    frozen_clock.advance(days=31)
    resolve()
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.CONFIRM))
    frozen_clock.advance(days=31)

    assert [pending for _, pending in seen().months][-4:] == [0, 1, 0, 0]


def test_the_counts_of_an_office_are_those_of_its_list(seen: Callable[..., MisOverview], frozen_clock: Any):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.ASK, remark="Please send a photo.")
    frozen_clock.advance(days=30)
    with reading():
        counts = counts_of(DIVISION, TODAY)

    assert (counts.open, counts.late, counts.escalated, counts.waiting) == (1, 0, 0, 1)
