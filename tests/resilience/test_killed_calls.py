"""A call is interrupted at any step, or two people continue it: nothing is lost, nothing is registered twice."""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection as Pipe
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_household, bill_correction, given
from tests.fixtures.helpdesk_calls import (
    COLLEAGUE,
    HELPDESK,
    agreed,
    audited_actions,
    calls,
    drafted,
    filled,
    helpdesk_staff,
    opened,
    otp_of,
    the_call,
    wrong,
)
from tests.fixtures.registration import messages, rows
from wss import clock, db
from wss.db import reading, transaction
from wss.domain.calls import CallExpired
from wss.models import AuditEntry, DisputedBill, Draft, Event, LimitCount, MisDelta, ServiceRequest
from wss.queries.call_drafts import call_draft
from wss.services.calls.submission import register_for_caller, save_call_draft
from wss.services.calls.verification import CallerProof, VerificationOutcome, give_consent, send_otp, verify

ROUNDS = 40 if os.environ.get("WSS_SOAK") else 1
LONGEST_S = 0.02
STEPS = ("opened", "code sent", "verified", "agreed", "told", "registered")
CROWD = 16


@pytest.fixture
def home(database: Any) -> Household:
    """Provide an unregistered household with a mobile on record, and the help desk."""
    given(*bill_correction())
    household = a_household(registered=False)
    given(*helpdesk_staff())
    return household


def forget_limits() -> None:
    """Reset the rate limits so that the next call can send a code at once."""
    with transaction() as session:
        session.execute(sa.delete(LimitCount))


def left(household: Household) -> str | None:
    """Return the token of the form that a call has left."""
    with reading():
        found = call_draft(household.account_no, clock.now())
    return found.form_token if found else None


def whole_call(household: Household, done: Callable[[str], None]) -> None:
    """Make a whole call from the first number to the complaint number, and report each step to `done`."""
    call_id = opened(household)
    done("opened")
    send_otp(HELPDESK, call_id)
    done("code sent")
    verify(HELPDESK, call_id, CallerProof(otp=otp_of("call_otp")))
    done("verified")
    give_consent(HELPDESK, call_id, "self", True)
    done("agreed")
    token = save_call_draft(HELPDESK, call_id, filled(household)).form_token
    done("told")
    register_for_caller(HELPDESK, call_id, token)
    done("registered")


def check_nothing_is_half_registered() -> None:
    """Assert that each request has all its related rows, or that none of them exists."""
    requests = rows(ServiceRequest)
    ids = [request.id for request in requests]
    assert [event.service_request_id for event in rows(Event)] == ids
    assert [bill.service_request_id for bill in rows(DisputedBill)] == ids
    assert [one.service_request_id for one in messages("request_registered_1912")] == ids
    assert len([entry for entry in rows(AuditEntry) if entry.deed == "register"]) == len(ids)
    assert bool(rows(MisDelta)) == bool(ids)
    assert [draft.lodged_at is not None for draft in rows(Draft)] in ([], [bool(ids)])


class HungUp(Exception):
    """Raised to break off the call."""


@pytest.mark.parametrize("last", STEPS)
def test_a_broken_call_leaves_its_input_to_the_next(home: Household, frozen_clock: Any, last: str):
    def hang_up(step: str) -> None:
        if step == last:
            raise HungUp

    with pytest.raises(HungUp):
        whole_call(home, hang_up)
    check_nothing_is_half_registered()
    frozen_clock.advance(minutes=31)
    call_id = agreed(home, COLLEAGUE)

    reported = left(home)
    assert (reported is not None) == (last == "told")
    if last != "registered":
        register_for_caller(COLLEAGUE, call_id, reported or drafted(home, call_id, COLLEAGUE))
    check_nothing_is_half_registered()
    assert len(rows(ServiceRequest)) == 1


def _call_until_killed(url: str, household: Household, said: Pipe) -> None:
    """What the killed process does."""
    db.configure(db.Database(url))
    whole_call(household, said.send)
    time.sleep(60)


def _kill_after(url: str, household: Household, step: str, a_moment_s: float) -> list[str]:
    """Let a process make a call, kill it a moment after this step, and return the steps that it had reported."""
    fork = multiprocessing.get_context("fork")
    reader, writer = fork.Pipe(duplex=False)
    process = fork.Process(target=_call_until_killed, args=(url, household, writer))
    process.start()
    writer.close()
    said = []
    while step not in said and reader.poll(30):
        said.append(reader.recv())
    time.sleep(a_moment_s)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    while reader.poll():
        try:
            said.append(reader.recv())
        except EOFError:
            break
    return said


@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_process_that_is_killed_during_a_call_leaves_it_whole(
    home: Household, database_url: str, step: str, round_: int
):
    said = _kill_after(database_url, home, step, random.Random(f"{step} {round_}").uniform(0, LONGEST_S))
    check_nothing_is_half_registered()
    forget_limits()

    if not rows(ServiceRequest):
        reported = left(home)
        assert reported is not None or "told" not in said
        call_id = agreed(home, COLLEAGUE)
        register_for_caller(COLLEAGUE, call_id, reported or drafted(home, call_id, COLLEAGUE))
    check_nothing_is_half_registered()
    assert len(rows(ServiceRequest)) == 1


def all_at_once(actions_of: list[Callable[[], Any]]) -> list[Any]:
    """Run these steps at the same moment and return their results."""
    gate = threading.Barrier(len(actions_of))

    def one(deed: Callable[[], Any]) -> Any:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(actions_of)) as people:
        return list(people.map(one, actions_of))


def test_two_who_lodge_the_same_form_get_one_complaint(home: Household):
    first = agreed(home)
    token = drafted(home, first)
    forget_limits()
    second = agreed(home, COLLEAGUE)

    numbers = all_at_once(
        [
            *([lambda: register_for_caller(HELPDESK, first, token)] * (CROWD // 2)),
            *([lambda: register_for_caller(COLLEAGUE, second, token)] * (CROWD // 2)),
        ]
    )

    assert len(set(numbers)) == 1
    assert len(rows(ServiceRequest)) == 1
    check_nothing_is_half_registered()


def test_of_many_wrong_codes_at_once_three_are_looked_at(home: Household):
    call_id = opened(home)
    send_otp(HELPDESK, call_id)
    code = otp_of("call_otp")

    def guess() -> VerificationOutcome | None:
        try:
            return verify(HELPDESK, call_id, CallerProof(otp=wrong(code))).outcome
        except CallExpired:
            return None

    outcomes = all_at_once([guess] * CROWD)

    assert sorted(filter(None, outcomes)) == [
        VerificationOutcome.CLOSED,
        VerificationOutcome.WRONG,
        VerificationOutcome.WRONG,
    ]
    assert (the_call(call_id).wrong_tries, len(audited_actions("call_closed"))) == (3, 1)


def test_of_many_who_open_records_at_once_each_counts(home: Household):
    all_at_once([lambda: opened(home)] * CROWD)

    assert len(calls()) == len(audited_actions("view")) == CROWD
