"""Two workers add up changes in parallel and are killed at any moment: every sum stays exact."""

import os
import random
import time
from typing import Any

import sqlalchemy as sa

from tests.factories import Household, a_service_request
from tests.fixtures.complaint_handling import CLERK, SDO, consumer_of, office_acts
from tests.fixtures.worker_processes import kill, two_workers
from wss.db import reading, transaction
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action
from wss.models import DisputedBill, MisDelta
from wss.services.mis import sums
from wss.services.requests.actions import take_action
from wss.services.requests.transition_types import ActionRequest

KILLS = 400 if os.environ.get("WSS_SOAK") else 6
REQUESTS = 5
FIRST = 1_600_000_000
LONGEST_S = 0.05


def fold_a_little() -> None:
    """Fold in small batches, as a process that is killed does, so that kills fall into the work."""
    sums.BATCH = 3
    sums.fold()


def live_through(home: Household, numbers: list[str]) -> None:
    """Take requests through the whole life cycle, with a refused resolution."""
    for number in numbers:
        office_acts(CLERK, Action.TAKE_UP, number)
        office_acts(CLERK, Action.PROPOSE, number)
        office_acts(SDO, Action.APPROVE, number)
        take_action(consumer_of(home), number, ActionRequest(Action.REFUSE, "Not solved."))


def waiting() -> int:
    """Return how many changes are not folded."""
    with reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(MisDelta)).scalar_one()


def test_no_change_is_lost_or_added_twice_whenever_a_worker_is_killed(complainant: Household, database: Any):
    sums.rebuild()
    chance, kills, left = random.Random(11), 0, 0
    url = database.url.render_as_string(hide_password=False)
    # On a busy machine workers may be done before they are killed: then more are killed.
    while kills < KILLS or (not left and kills < 10 * KILLS):
        numbers = [complaint_no_from(FIRST + kills * REQUESTS + place) for place in range(REQUESTS)]
        kills += 1
        for number in numbers:
            with transaction() as session:
                session.execute(sa.update(DisputedBill).values(is_open=False))
                session.execute(sa.delete(DisputedBill))
            a_service_request(complainant, number)
        sums.rebuild()
        live_through(complainant, numbers)
        children = two_workers(url, fold_a_little)
        time.sleep(chance.uniform(0, LONGEST_S))
        kill(children)

        left += waiting() > 0
        assert sums.check() == []

    sums.fold()
    print(f"\n{kills} kills of two workers, {left} of them before they were done, every sum exact")
    assert waiting() == 0
    assert sums.check() == []
    assert left
