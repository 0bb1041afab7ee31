"""Rows that strangers cause are limited in number, and deleted within days."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import (
    MOBILE,
    Household,
    a_household,
    a_message,
    a_service_request,
    bill_correction,
    given,
)
from tests.fixtures.message_servers import RecordingSender, gateways_with
from tests.fixtures.query_plans import plans_of
from tests.fixtures.registration import ANOTHER_MOBILE, a_visitor, messages, rows, solved
from wss.clock import now
from wss.db import Base, reading, transaction
from wss.domain.delivery import DeliveryState
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.domain.retention import MESSAGES_OF_CONSUMERS, MESSAGES_OF_STRANGERS, TABLES, RowCause
from wss.models import Message, Registration
from wss.queries import captchas, codes, limits, outbox, proofs, registrations
from wss.services.operations import housekeeping
from wss.services.operations.housekeeping import run_housekeeping
from wss.services.registration.mobile_change import begin_mobile_change
from wss.services.registration.recovery import PASSWORD, SIGN_IN, begin_recovery
from wss.services.registration.registration import StepOneInput, StepOneOutcome
from wss.services.registration.registration import name_connection as begin_registering

NOWHERE = "7950769999"


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    return a_household()


def clean(folder: Path) -> None:
    run_housekeeping(gateways_with(RecordingSender(), folder))


def full_tables(cause: RowCause) -> set[str]:
    """Return the tables of this cause that contain rows."""
    with reading() as session:
        return {
            name
            for name, table in Base.metadata.tables.items()
            if name in TABLES and TABLES[name].cause is cause
            if session.execute(sa.select(sa.func.count()).select_from(table)).scalar()
        }


def test_every_table_says_what_becomes_of_its_rows():
    assert set(Base.metadata.tables) == set(TABLES)


def test_what_a_stranger_has_caused_is_gone_after_some_days(database: Any, frozen_clock: Any, tmp_path: Path):
    me = a_visitor()
    begin_registering(me, StepOneInput(NOWHERE))
    begin_recovery(me, PASSWORD, KnowledgeFacts(NOWHERE, "B1"))
    begin_recovery(me, SIGN_IN, KnowledgeFacts(NOWHERE, "B1"))
    begin_mobile_change(me, KnowledgeFacts(NOWHERE, "B1"), ANOTHER_MOBILE)
    solved(me)
    before = full_tables(RowCause.STRANGER)
    # No worker has sent anything in this time: the queued messages have expired by themselves.
    frozen_clock.advance(minutes=30)
    clean(tmp_path)
    frozen_clock.advance(minutes=MESSAGES_OF_STRANGERS / timedelta(minutes=1))
    clean(tmp_path)

    left = full_tables(RowCause.STRANGER)
    assert (before >= {"registration", "proof", "otp", "captcha", "limit_count", "message"}, left) == (
        True,
        set(),
    )


def test_a_message_to_a_consumer_outlives_those_to_strangers(
    home: Household, frozen_clock: Any, tmp_path: Path
):
    assert home.consumer is not None
    given(a_message(consumer_id=home.consumer.id, state=DeliveryState.SENT, created_at=now()))
    given(a_message(consumer_id=None, state=DeliveryState.SENT, created_at=now()))
    frozen_clock.advance(minutes=MESSAGES_OF_STRANGERS / timedelta(minutes=1))
    clean(tmp_path)

    assert [message.consumer_id for message in messages()] == [home.consumer.id]


def test_a_message_that_is_still_to_be_sent_stays(home: Household, frozen_clock: Any, tmp_path: Path):
    given(a_message(consumer_id=None, state=DeliveryState.WAITING, created_at=now(), expires_at=None))
    frozen_clock.advance(minutes=MESSAGES_OF_STRANGERS / timedelta(minutes=1))
    clean(tmp_path)

    assert len(rows(Message)) == 1


def test_after_a_year_a_message_of_a_request_names_no_one_and_any_other_is_gone(
    home: Household, frozen_clock: Any, tmp_path: Path
):
    given(*bill_correction())
    request = a_service_request(home)
    whose = home.consumer.id if home.consumer else None
    for about in (request.id, None):
        given(
            a_message(
                consumer_id=whose,
                service_request_id=about,
                recipient=MOBILE,
                state=DeliveryState.DELIVERED,
                created_at=now(),
            )
        )
    frozen_clock.advance(minutes=MESSAGES_OF_CONSUMERS / timedelta(minutes=1))
    clean(tmp_path)

    [left] = rows(Message)
    assert (left.service_request_id, left.recipient, left.text_sealed, left.state) == (
        request.id,
        "",
        "",
        DeliveryState.DELIVERED,
    )


def test_more_rows_than_one_statement_deletes_are_deleted_all_the_same(
    home: Household, frozen_clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    given(
        *(a_message(consumer_id=None, state=DeliveryState.WITHHELD, created_at=now()) for _each in range(5))
    )
    frozen_clock.advance(minutes=MESSAGES_OF_STRANGERS / timedelta(minutes=1))
    clean(tmp_path)

    assert rows(Message) == []


@pytest.mark.parametrize(
    ("limit", "browser", "network"),
    [(Limit.BEGIN_ADDRESS, "browser {}", "10.0.0.1"), (Limit.BEGIN_BROWSER, "one browser", "10.0.{}.1")],
)
def test_no_one_begins_registrations_without_end(
    database: Any,
    frozen_clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    limit: Limit,
    browser: str,
    network: str,
):
    times = 3
    monkeypatch.setitem(ALLOWANCES, limit, type(ALLOWANCES[limit])(times, ALLOWANCES[limit].within))
    outcomes = [
        begin_registering(a_visitor(browser.format(n), network.format(n)), StepOneInput(NOWHERE)).outcome
        for n in range(times + 1)
    ]

    assert outcomes == [StepOneOutcome.STARTED] * times + [StepOneOutcome.TOO_OFTEN]
    assert len(rows(Registration)) <= times


@pytest.mark.parametrize(
    "table", ["message", "captcha", "registration", "proof", "otp", "link_token", "limit_count"]
)
def test_deleting_expired_rows_scans_no_whole_table(
    home: Household, frozen_clock: Any, tmp_path: Path, table: str
):
    # PostgreSQL's planner has its own tests; the indexes are the same.
    given(a_message(consumer_id=None, state=DeliveryState.SENT, created_at=now()))
    with transaction():
        plans = plans_of(table, lambda: delete_all(now()))

    assert plans and not any(f"SCAN {table}" in plan and "INDEX" not in plan for plan in plans)


def delete_all(at: Any) -> None:
    """Run each of the statements that delete rows of strangers."""
    for delete in (
        captchas.delete_expired_captchas,
        codes.delete_expired_codes,
        codes.delete_expired_links,
        limits.delete_expired_limits,
        registrations.delete_expired_registrations,
        proofs.delete_expired_proofs,
        outbox.delete_messages_of_strangers,
        outbox.forget_messages,
    ):
        delete(at, 10)
