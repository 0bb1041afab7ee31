"""Retention of callers' data: their number as long as the law asks, their answers as long as a draft."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import consumer_of
from tests.fixtures.helpdesk_calls import HELPDESK, OWN_MOBILE, agreed, calls, drafted
from tests.fixtures.registration import rows
from wss.db import transaction
from wss.domain.retention import RETENTION
from wss.gateways.documents import DocumentStore
from wss.models import Consumer, Draft, Ownership, ServiceRequest
from wss.services.calls.submission import register_for_caller
from wss.services.my_data.erasure import ErasureOutcome, request_erasure
from wss.services.operations.housekeeping import clean_up


@pytest.fixture
def store(app: Any) -> DocumentStore:
    """Return the store of documents."""
    found: DocumentStore = app.extensions["wss"].gateways.documents
    return found


def numbers_of_callers() -> tuple[str | None, str | None]:
    """Return the caller's own number as the call and as the request keep it."""
    [call], [request] = calls(), rows(ServiceRequest)
    return call.caller_mobile, request.contact_mobile


def lodged(household: Household) -> None:
    call_id = agreed(household)
    register_for_caller(HELPDESK, call_id, drafted(household, call_id))


def test_a_callers_own_number_is_emptied_a_year_after_the_call_and_the_request(
    home_without_mobile: Household, frozen_clock: FrozenClock, store: DocumentStore
):
    lodged(home_without_mobile)
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(status="closed", closing="confirmed"))
    frozen_clock.advance(days=RETENTION.days - 1)
    clean_up(store)
    assert numbers_of_callers() == (OWN_MOBILE, OWN_MOBILE)

    frozen_clock.advance(days=1)
    clean_up(store)

    assert numbers_of_callers() == (None, None)


def test_while_a_request_is_open_its_caller_can_be_notified(
    home_without_mobile: Household, frozen_clock: FrozenClock, store: DocumentStore
):
    lodged(home_without_mobile)
    frozen_clock.advance(days=RETENTION.days + 1)

    clean_up(store)

    assert numbers_of_callers() == (None, OWN_MOBILE)


def test_what_a_call_has_left_half_filled_in_goes_after_its_days(
    home_on_record: Household, frozen_clock: FrozenClock, store: DocumentStore
):
    drafted(home_on_record, agreed(home_on_record))
    frozen_clock.advance(days=30)

    clean_up(store)

    assert rows(Draft) == []


def test_an_erasure_includes_drafts_made_on_calls(
    home_on_record: Household, frozen_clock: FrozenClock, store: DocumentStore
):
    drafted(home_on_record, agreed(home_on_record))
    long_ago = frozen_clock.now - 2 * RETENTION
    with transaction() as session:
        session.execute(sa.update(Consumer).values(created_at=long_ago))
        session.execute(sa.update(Ownership).values(created_at=long_ago))

    outcome = request_erasure(consumer_of(home_on_record), store)

    assert outcome is ErasureOutcome.ERASED
    assert rows(Draft) == []
