"""The sums of the MIS: always what a recount finds, folded or not, wherever requests go."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories
from tests.fixtures.officers import CLERK, DIVISION, NUMBER, SDO, consumer_of, office_acts, resolve
from wss import clock
from wss.db import reading, transaction
from wss.domain.errors import RuleBroken
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action, Resolution
from wss.models import MisCell, MisDelta
from wss.services import mis
from wss.services.handling import Move, take_action
from wss.services.lodging import Filled, lodge_request, new_form_token, save_draft

FIRST = 1_500_000_000


def sum_of(measure: str, office: str = "*", kind: str = "*") -> int:
    """A sum over all days, as it is kept after folding."""
    mis.fold()
    places = (MisCell.measure == measure, MisCell.office_code == office, MisCell.kind == kind)
    with reading() as session:
        return session.execute(
            sa.select(sa.func.coalesce(sa.func.sum(MisCell.n), 0)).where(*places)
        ).scalar_one()


def test_sums_that_were_never_made_are_made(complaining: Any):
    mis.fold()

    assert sum_of("pending:registered", factories.OFFICE) == 1
    assert mis.check() == []


def test_a_step_changes_the_sums_at_once(complaining: Any):
    mis.fold()

    office_acts(CLERK, Action.TAKE_UP)

    assert mis.check() == []
    assert sum_of("pending:in_review") == 1
    assert sum_of("pending:registered") == 0


def test_a_new_request_counts(complaining: Any):
    mis.fold()
    home = factories.a_household("1234567890")
    actor, answers = consumer_of(home), {"bill_no": [home.bill_no], "reason": "wrong_reading"}

    lodge_request(
        actor,
        save_draft(
            actor, home.account_no, Filled(new_form_token(), "BILL_CORRECTION", {}, answers)
        ).form_token,
    )

    assert mis.check() == []
    assert sum_of("registered", DIVISION, "BILL_CORRECTION") == 2


def test_a_request_that_goes_to_another_office_takes_its_past_along(complaining: Any):
    mis.fold()
    resolve()
    take_action(consumer_of(complaining), NUMBER, Move(Action.REFUSE, "Not solved."))
    mis.fold()
    office_acts(SDO, Action.TAKE_UP)

    office_acts(SDO, Action.FORWARD, office_code=DIVISION)

    assert mis.check() == []
    assert sum_of("refused", factories.OFFICE) == 0
    assert sum_of("refused", DIVISION) == 1


def test_a_resolution_in_time_stays_so_when_the_request_is_promised_anew(
    complaining: Any, standing_clock: Any
):
    mis.fold()
    standing_clock.advance(days=30)
    resolve()
    take_action(consumer_of(complaining), NUMBER, Move(Action.REFUSE, "Not solved."))

    assert mis.check() == []
    assert (sum_of("resolved"), sum_of("resolved_in_time")) == (1, 0)


def test_a_resolution_of_before_the_sums_is_judged_once(complaining: Any):
    resolve()
    with transaction() as session:
        session.execute(sa.text("UPDATE event SET details = '{}'"))

    mis.fold()

    assert sum_of("resolved_in_time") == 1
    assert mis.check() == []


def test_sums_that_come_to_nothing_are_dropped(complaining: Any):
    mis.fold()
    office_acts(CLERK, Action.TAKE_UP)
    mis.fold()

    with reading() as session:
        assert session.execute(sa.select(sa.func.count()).where(MisCell.n == 0)).scalar_one() == 0
        assert session.execute(sa.select(sa.func.count()).select_from(MisDelta)).scalar_one() == 0


def test_a_wrong_sum_is_found(complaining: Any):
    mis.fold()
    with transaction() as session:
        session.execute(
            sa.update(MisCell).where(MisCell.office_code == DIVISION, MisCell.measure == "due").values(n=7)
        )

    wrong = mis.check()

    assert {(one.office_code, one.measure, one.counted, one.kept) for one in wrong} == {
        (DIVISION, "due", 1, 7)
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_the_sums_are_right_after_any_walk(complaining: Any, seed: int):
    chance, at = Random(seed), clock.now()
    numbers = [complaint_no_from(FIRST + n) for n in range(6)]
    for number in numbers:
        with transaction() as session:
            session.execute(sa.text("UPDATE disputed_bill SET is_open = false"))
        factories.a_service_request(complaining, number)
    mis.rebuild()
    for _ in range(150):
        at += timedelta(hours=chance.randrange(1, 40))
        with clock.standing_at(at):
            try_a_step(chance, complaining, chance.choice(numbers))
        if chance.random() < 0.1:
            mis.fold()
            assert mis.check() == []

    assert mis.check() == []
    mis.fold()
    assert mis.check() == []


def try_a_step(chance: Random, home: factories.Household, number: str) -> None:
    """Any step by anybody; most are refused."""
    office = chance.choice([factories.OFFICE, DIVISION])
    move = Move(chance.choice(list(Action)), "because", Resolution.REVISED, office, "C1", rating=3)
    ee = type(SDO)(role=type(SDO.role).EE, id="E1", office_code=DIVISION)
    system = type(SDO)(role=type(SDO.role).SYSTEM, id="system")
    for actor in chance.sample([CLERK, SDO, ee, consumer_of(home), system], 5):
        try:
            with transaction() as session:
                session.execute(sa.text("UPDATE disputed_bill SET is_open = false"))
            take_action(actor, number, move)
            return
        except RuleBroken:
            continue
