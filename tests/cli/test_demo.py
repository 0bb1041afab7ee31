"""The demo data: loaded by one command, complete, and the same for the same seed."""

import pytest
from sqlalchemy import func, select, update

from wss.cli import demo
from wss.cli.demo import PASSWORD, demo_logins, load_demo
from wss.clock import now
from wss.db import reading, transaction
from wss.demo.scenarios import SCENARIOS
from wss.domain.lifecycle import OPEN, Status
from wss.models import DisputedBill, Event, Message, ServiceRequest
from wss.passwords import is_right
from wss.queries.consumers import consumer_by_login
from wss.services.requests.escalation import recalculate_clocks

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


def test_nothing_of_the_past_is_sent_after_loading(small):
    assert {state for (state,) in all_of(Message.state)} == {"delivered"}


def test_complaint_numbers_follow_the_dates_of_registration(small):
    requests = all_of(ServiceRequest.complaint_no, ServiceRequest.registered_at, ServiceRequest.form_token)

    dates = [at for _, at, form in requests if not form.startswith("follows")]
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
    monkeypatch.setattr(demo, "SIMULATED_AT_MOST", 2)
    load_demo(connections=40, requests=900, seed=2)


def test_many_requests_are_written_with_their_histories(many):
    with reading() as session:
        requests = session.execute(select(func.count()).select_from(ServiceRequest)).scalar_one()
        newest = (
            select(Event.service_request_id, func.max(Event.number).label("number"))
            .group_by(Event.service_request_id)
            .subquery()
        )
        wrong = session.execute(
            select(func.count())
            .select_from(ServiceRequest)
            .join(newest, newest.c.service_request_id == ServiceRequest.id)
            .join(Event, (Event.service_request_id == ServiceRequest.id) & (Event.number == newest.c.number))
            .where((Event.status != ServiceRequest.status) | (Event.number != ServiceRequest.version))
        ).scalar_one()
    assert requests >= 900
    assert wrong == 0


def test_complaint_numbers_of_many_differ(many):
    numbers = [number for (number,) in all_of(ServiceRequest.complaint_no)]
    assert len(set(numbers)) == len(numbers) >= 900


def test_of_many_requests_only_those_of_the_last_weeks_are_open(many):
    days_of_open = [(now() - at).days for at, status in all_of(*REGISTERED) if status in OPEN]

    assert days_of_open
    assert max(days_of_open) < 60


def test_many_requests_are_spread_over_more_than_a_year(many):
    months_ago = {(now() - at).days // 30 for at, _ in all_of(*REGISTERED)}

    assert months_ago >= set(range(13))


def test_a_bill_has_one_open_request_at_most(many):
    open_disputes = [
        bill_no for bill_no, is_open in all_of(DisputedBill.bill_no, DisputedBill.is_open) if is_open
    ]

    assert len(set(open_disputes)) == len(open_disputes) > 0


def clocks_stay_when_recomputed():
    of = (ServiceRequest.id, ServiceRequest.escalate_at)
    made_up = all_of(*of)
    with transaction() as session:
        session.execute(update(ServiceRequest).values(clock_rules=-1))
    ticking = recalculate_clocks()
    return ticking > 0 and all_of(*of) == made_up


def test_the_clocks_of_requests_that_were_played_go_as_those_of_others(small):
    assert clocks_stay_when_recomputed()


def test_the_clocks_of_many_requests_go_as_those_of_others(many):
    assert clocks_stay_when_recomputed()
