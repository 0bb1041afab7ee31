"""The demo data: loaded by one command, complete, and the same for the same seed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from wss import clock
from wss.cli import demo_loading
from wss.cli.demo_loading import PASSWORD, demo_logins, load_demo
from wss.clock import now
from wss.db import reading, transaction
from wss.demo.disputed_cases import CASES
from wss.demo.scenarios import SCENARIOS
from wss.demo.written_cases import WRITTEN_CASES
from wss.domain.actor import SYSTEM
from wss.domain.errors import NotFound
from wss.domain.lifecycle import OPEN, Status
from wss.domain.visitor import Visitor
from wss.models import Connection, DisputedBill, Event, Message, ServiceRequest
from wss.passwords import is_right
from wss.queries.consumers import consumer_by_login
from wss.queries.demo import tour_consumers
from wss.queries.service_requests import visible_request
from wss.queries.sessions import signed_in_consumer
from wss.services.login.consumer_login import session_hash
from wss.services.login.demo_login import log_in_demo_consumer, log_in_demo_employee
from wss.services.operations.demo_clock import follow_demo_clock, move_demo_clock
from wss.services.requests.escalation import recalculate_clocks
from wss.services.revisions.suggestions import suggestion_for

REGISTERED = (ServiceRequest.registered_at, ServiceRequest.status)


def all_of(*columns):
    with reading() as session:
        return session.execute(select(*columns).order_by(*columns)).all()


@pytest.fixture
def small(database):
    load_demo(connections=8, requests=2 * len(SCENARIOS), seed=1)


def test_both_demo_consumers_have_requests_in_every_status(small):
    for login in ("urban", "rural"):
        with reading() as session:
            owner = consumer_by_login(login)
            statuses = session.execute(
                select(ServiceRequest.status).where(ServiceRequest.consumer_id == owner.id).distinct()
            ).scalars()
            assert set(statuses) == {status.value for status in Status}
            assert is_right(PASSWORD, owner.password_hash)


def test_the_terminal_shows_logins_and_a_connection_to_register(small):
    lines = demo_logins()

    assert PASSWORD in lines[0]
    assert [line.split(",")[0].strip() for line in lines[1:3]] == ["urban", "rural"]
    assert len(lines) == 6


def test_nothing_of_the_past_is_sent_and_complaint_numbers_follow_the_dates_of_registration(small):
    requests = all_of(ServiceRequest.complaint_no, ServiceRequest.registered_at, ServiceRequest.form_token)
    dates = [at for _, at, form in requests if not form.startswith("follows")]

    assert {state for (state,) in all_of(Message.state)} == {"delivered"}
    assert dates == sorted(dates)


def test_a_loaded_database_is_not_loaded_again(app):
    runner = app.test_cli_runner()
    arguments = ["demo", "load", "--connections", "8", "--requests", "2"]

    assert runner.invoke(args=arguments).exit_code == 0
    assert "The database already contains demo data" in runner.invoke(args=arguments).stderr


def test_an_installation_without_demo_data_offers_no_logins(database):
    assert demo_logins() == []


@pytest.fixture
def many(database, monkeypatch):
    """Two requests played, the others written at once."""
    monkeypatch.setattr(demo_loading, "SIMULATED_AT_MOST", 2)
    load_demo(connections=40, requests=900, seed=2)


def test_many_requests_are_written_as_if_they_had_been_played(many):
    """One test of all facts, because loading takes longer than looking at them."""
    with reading() as session:
        newest = (
            select(Event.service_request_id, func.max(Event.number).label("number"))
            .group_by(Event.service_request_id)
            .subquery()
        )
        of_newest = (Event.service_request_id == ServiceRequest.id) & (Event.number == newest.c.number)
        histories_with_another_end = session.execute(
            select(func.count())
            .select_from(ServiceRequest)
            .join(newest, newest.c.service_request_id == ServiceRequest.id)
            .join(Event, of_newest)
            .where((Event.status != ServiceRequest.status) | (Event.number != ServiceRequest.version))
        ).scalar_one()
    numbers = [number for (number,) in all_of(ServiceRequest.complaint_no)]
    ages = [((now() - at).days, status in OPEN) for at, status in all_of(*REGISTERED)]
    disputed = [bill for bill, is_open in all_of(DisputedBill.bill_no, DisputedBill.is_open) if is_open]

    assert {
        "histories that end otherwise than their request": histories_with_another_end,
        "every number is another": len(set(numbers)) == len(numbers) >= 900,
        "open requests are of the last weeks": 0 < max(days for days, is_open in ages if is_open) < 60,
        "they are spread over more than a year": {days // 30 for days, _ in ages} >= set(range(13)),
        "a bill has one open request at most": len(set(disputed)) == len(disputed) > 0,
    } == {
        "histories that end otherwise than their request": 0,
        "every number is another": True,
        "open requests are of the last weeks": True,
        "they are spread over more than a year": True,
        "a bill has one open request at most": True,
    }


@pytest.mark.parametrize("history", ["small", "many"], ids=["played", "written at once"])
def test_the_clocks_of_demo_requests_are_those_of_others(database, request, history):
    request.getfixturevalue(history)
    made_up = all_of(ServiceRequest.id, ServiceRequest.escalate_at)
    with transaction() as session:
        session.execute(update(ServiceRequest).values(clock_rules=-1))

    assert recalculate_clocks() > 0
    assert all_of(ServiceRequest.id, ServiceRequest.escalate_at) == made_up


@pytest.mark.parametrize("days", [0, 100])
def test_the_disputed_cases_of_the_demo_have_the_verdict_that_they_show(database, frozen_clock, days):
    frozen_clock.advance(days=days)
    load_demo(connections=8, requests=2, seed=1)

    with reading():
        numbers = [number for (number,) in all_of(ServiceRequest.complaint_no)][-len(CASES) :]
        found = [suggestion_for(visible_request(SYSTEM, number, now())).verdict for number in numbers]

    assert found == [case.verdict for case in CASES]


def test_the_written_cases_are_in_every_state_that_a_page_shows(small):
    meters = [case.meter.meter_no for case in WRITTEN_CASES]
    statement = (
        select(Connection.meter_no, ServiceRequest.status)
        .join(ServiceRequest, ServiceRequest.account_no == Connection.account_no)
        .where(Connection.meter_no.in_(meters))
    )
    with reading() as session:
        found = {meter_no: status for meter_no, status in session.execute(statement)}

    assert found.keys() == set(meters)
    assert set(found.values()) == {status.value for status in Status} - {"withdrawn"}


def test_the_clock_of_the_demo_moves_with_its_sessions_for_every_process(small, request):
    request.addfinalizer(lambda: clock.move_ahead(timedelta()))
    browser = Visitor("browser", "127.0.0.1", "hi")
    with reading():
        person = tour_consumers(["seema"])[0]
    session_id = log_in_demo_consumer(browser, int(person.key))

    move_demo_clock(timedelta(days=3))
    clock.move_ahead(timedelta())
    follow_demo_clock()

    with reading():
        in_use = signed_in_consumer(session_hash(session_id), now(), now() - timedelta(minutes=1))
    assert in_use.user_name == "seema"
    assert now() - datetime.now(UTC) > timedelta(days=2)


def test_without_demo_data_no_one_logs_in_without_a_password_and_no_clock_moves(database):
    with pytest.raises(NotFound):
        log_in_demo_employee(Visitor("browser", "127.0.0.1", "hi"), "E20005")
    with pytest.raises(NotFound):
        move_demo_clock(timedelta(days=3))
