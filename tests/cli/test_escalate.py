"""`flask --app app escalate --once` and the worker both escalate what is due."""

from typing import Any

import pytest

from tests.factories import Household, escalation_rows, given
from tests.fixtures.complaint_handling import the_request
from wss.cli.worker import tidy
from wss.db import transaction
from wss.queries.reference import bump_reference_version
from wss.services.operations.worker_duties import DutyRunner
from wss.services.requests.escalation import recalculate_clocks


@pytest.fixture
def overdue(complainant: Household, frozen_clock: Any) -> Household:
    given(*escalation_rows())
    with transaction():
        bump_reference_version()
    recalculate_clocks()
    frozen_clock.advance(days=8)
    return complainant


def test_once_moves_up_what_is_due_and_ends(overdue: Household, app: Any):
    ended = app.test_cli_runner().invoke(args=["escalate", "--once"])

    assert (ended.exit_code, ended.output) == (0, "Requests escalated: 1\n")
    assert the_request().holder_role == "sdo"


def test_the_worker_does_so_once_a_minute(overdue: Household, app: Any):
    tidy(DutyRunner(), app.extensions["wss"].gateways, close_on_silence=False)

    assert the_request().holder_role == "sdo"
