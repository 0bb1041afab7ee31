"""Calls that consumers ask 1912 for: who may ask, who takes one, what ends it, and what is kept of it."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.factories import (
    ACCOUNT_NO_RURAL,
    MOBILE,
    Household,
    a_connection,
    a_consumer,
    a_service_request,
    an_ownership,
    given,
    update_rows,
)
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import NUMBER, consumer_of
from tests.fixtures.helpdesk_calls import COLLEAGUE, HELPDESK, audited_actions
from tests.fixtures.registration import rows
from tests.fixtures.threads import call_at_once
from wss import clock
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.call_backs import CallBackTerms
from wss.domain.errors import Forbidden, NotFound
from wss.gateways.documents import FolderStore
from wss.models import CallBack, Consumer, Ownership
from wss.queries.call_backs import call_back_figures, call_back_of_call, waiting_call_backs
from wss.services.calls.call_back_requests import ask_call, ask_call_about_request, cancel_call
from wss.services.calls.call_backs import record_call_back, take_call_back
from wss.services.calls.call_records import end_call
from wss.services.my_data import anonymisation
from wss.services.my_data.export import write_export
from wss.services.operations.housekeeping import clean_up

TERMS = CallBackTerms(48, "")


def ask(household: Household, terms: CallBackTerms = TERMS) -> str:
    """Ask for a call as the household's consumer, and return the outcome."""
    return ask_call(consumer_of(household), household.account_no, "bill", terms).outcome.value


def ask_as_another_consumer() -> None:
    """Ask for a call as a consumer of another household."""
    given(a_connection(ACCOUNT_NO_RURAL))
    second = given(a_consumer(mobile="9812345678"))
    given(an_ownership(second, ACCOUNT_NO_RURAL))
    ask_call(Actor(Role.CONSUMER, str(second.id)), ACCOUNT_NO_RURAL, "other", TERMS)


def the_call_back() -> CallBack:
    """Return the last request for a call."""
    return rows(CallBack)[-1]


def waiting() -> int:
    """Return how many requests the help desk sees."""
    with reading():
        return len(waiting_call_backs(clock.now()))


def take(actor: Actor = HELPDESK) -> int:
    """Take the last request, and return the call."""
    return take_call_back(actor, the_call_back().id).call_id


def miss() -> str:
    """Take the last request and reach no one."""
    return record_call_back(HELPDESK, take(), is_reached=False)


def test_a_second_wish_is_the_first_one(home_on_record: Household):
    assert [ask(home_on_record), ask(home_on_record)] == ["asked", "already"]
    assert len(rows(CallBack)) == 1


def test_of_a_crowd_of_wishes_one_is_kept(home_on_record: Household):
    outcomes = call_at_once(lambda _n: ask(home_on_record), range(4))

    assert sorted(outcomes) == ["already", "already", "already", "asked"]


def test_only_a_verified_mobile_is_called(home_on_record: Household):
    update_rows(Consumer, mobile=None)

    assert ask(home_on_record) == "no_mobile"


def test_a_site_that_does_not_call_back_keeps_no_wish(home_on_record: Household):
    assert ask(home_on_record, replace(TERMS, waits_hours=0)) == "not_offered"
    assert rows(CallBack) == []


def test_other_peoples_connections_and_complaints_do_not_exist(home_on_record: Household):
    given(a_connection(ACCOUNT_NO_RURAL))
    stranger = Actor(Role.CONSUMER, str(given(a_consumer(mobile="9812345678")).id))
    a_service_request(home_on_record, NUMBER)

    for wish in (
        lambda: ask_call(stranger, home_on_record.account_no, "bill", TERMS),
        lambda: ask_call_about_request(stranger, NUMBER, TERMS),
    ):
        with pytest.raises(NotFound):
            wish()


def test_a_fourth_wish_of_a_day_is_refused(home_on_record: Household):
    for _ in range(3):
        ask(home_on_record)
        cancel_call(consumer_of(home_on_record))

    assert ask(home_on_record) == "too_often"


def test_a_call_without_a_reason_is_no_wish(home_on_record: Household):
    with pytest.raises(Forbidden):
        ask_call(consumer_of(home_on_record), home_on_record.account_no, "registration", TERMS)


def test_the_list_is_the_oldest_first_and_shows_no_number(
    home_on_record: Household, frozen_clock: FrozenClock
):
    ask(home_on_record)
    frozen_clock.advance(minutes=5)
    ask_as_another_consumer()

    with reading():
        listed = waiting_call_backs(clock.now())

    assert [one.masked_mobile[-2:] for one in listed] == [MOBILE[-2:], "78"]
    assert MOBILE not in str(listed)


def test_of_two_employees_one_gets_the_call(home_on_record: Household, frozen_clock: FrozenClock):
    # Only this thread has the frozen time.
    frozen_clock.release()
    ask(home_on_record)
    number = the_call_back().id

    taken = call_at_once(lambda actor: take_call_back(actor, number), [HELPDESK, COLLEAGUE])

    assert sorted(each.outcome.value for each in taken) == ["gone", "taken"]


def test_taking_opens_the_record_and_is_written_down(home_on_record: Household):
    a_service_request(home_on_record, NUMBER)
    ask_call_about_request(consumer_of(home_on_record), NUMBER, TERMS)

    call_id = take()

    with reading():
        calling = call_back_of_call(call_id, clock.now())
    assert calling is not None and (calling.mobile, calling.complaint_no) == (MOBILE, NUMBER)
    assert audited_actions("call_back_taken") == [("H1", f"consumer:{the_call_back().consumer_id}")]


def test_an_employee_settles_one_call_before_the_next(home_on_record: Household):
    ask(home_on_record)
    call_id = take()

    again = take_call_back(HELPDESK, the_call_back().id)

    assert (again.outcome.value, again.call_id) == ("busy", call_id)


def test_an_employee_who_takes_two_at_once_gets_one(home_on_record: Household, frozen_clock: FrozenClock):
    frozen_clock.release()
    ask(home_on_record)
    ask_as_another_consumer()

    taken = call_at_once(lambda row: take_call_back(HELPDESK, row.id), rows(CallBack))

    assert sorted(each.outcome.value for each in taken) == ["busy", "taken"]


def test_officers_take_no_calls(home_on_record: Household):
    ask(home_on_record)

    with pytest.raises(NotFound):
        take(Actor(Role.SDO, "S1"))


def test_a_consumer_who_was_reached_waits_no_more(home_on_record: Household):
    ask(home_on_record)

    outcome = record_call_back(HELPDESK, take(), is_reached=True)

    assert (outcome, the_call_back().outcome, waiting()) == ("reached", "reached", 0)


def test_after_a_miss_the_others_are_called_first(home_on_record: Household, frozen_clock: FrozenClock):
    ask(home_on_record)
    miss()
    before = waiting()

    frozen_clock.advance(minutes=30)

    assert (before, waiting()) == (0, 1)


def test_the_third_miss_is_the_last(home_on_record: Household, frozen_clock: FrozenClock):
    ask(home_on_record)
    outcomes = []
    for _ in range(3):
        outcomes.append(miss())
        frozen_clock.advance(minutes=30)

    assert (outcomes, waiting()) == (["", "", "unreached"], 0)


def test_no_result_follows_a_cancelled_call(home_on_record: Household):
    ask(home_on_record)
    call_id = take()
    cancel_call(consumer_of(home_on_record))

    with pytest.raises(Forbidden):
        record_call_back(HELPDESK, call_id, is_reached=True)


def test_a_call_that_ends_without_a_result_comes_back(home_on_record: Household):
    ask(home_on_record)

    end_call(HELPDESK, take())

    assert (waiting(), the_call_back().attempts) == (1, 0)


def test_an_idle_employee_keeps_no_call(home_on_record: Household, frozen_clock: FrozenClock, tmp_path: Path):
    ask(home_on_record)
    take()

    frozen_clock.advance(minutes=31)
    clean_up(FolderStore(tmp_path))

    assert waiting() == 1


def test_a_wish_ends_after_its_hours(home_on_record: Household, frozen_clock: FrozenClock, tmp_path: Path):
    ask(home_on_record)
    frozen_clock.advance(hours=48)
    late = waiting()

    clean_up(FolderStore(tmp_path))

    assert (late, the_call_back().outcome, ask(home_on_record)) == (0, "expired", "asked")


def test_a_former_owner_is_not_called_about_the_connection(home_on_record: Household):
    ask(home_on_record)
    update_rows(Ownership, ended_at=clock.now(), ended_because="claimed")

    assert (waiting(), take_call_back(HELPDESK, the_call_back().id).outcome.value) == (0, "gone")


def test_the_supervisor_sees_how_many_wait_and_what_became_of_the_others(
    home_on_record: Household, frozen_clock: FrozenClock
):
    ask(home_on_record)
    cancel_call(consumer_of(home_on_record))
    frozen_clock.advance(minutes=1)
    ask(home_on_record)

    with reading():
        figures = call_back_figures(clock.day_began(clock.now()), clock.now(), clock.now())

    assert (figures.waiting, figures.oldest_at, figures.outcomes) == (1, clock.now(), {"cancelled": 1})


def test_the_copy_of_all_data_has_the_calls_without_the_number_to_say(
    home_on_record: Household, tmp_path: Path
):
    ask(home_on_record)
    file = BytesIO()
    write_export(consumer_of(home_on_record), file, FolderStore(tmp_path))

    [row] = json.loads(ZipFile(file).read("call_backs.json"))
    assert row["call_reason"] == "bill" and "code" not in row


def test_an_erased_consumer_is_not_called_and_later_nothing_is_kept(home_on_record: Household):
    ask(home_on_record)
    assert home_on_record.consumer is not None
    with transaction():
        anonymisation.erase(consumer_of(home_on_record), home_on_record.consumer)
    ended = the_call_back().outcome
    with transaction():
        anonymisation.anonymise(home_on_record.consumer.id)

    assert (ended, rows(CallBack)) == ("closed", [])
