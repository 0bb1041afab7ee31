"""Links that the help desk sends on a call: people do themselves what no employee may do for them."""

import ast
import inspect
from typing import Any

import pytest

from tests.factories import MOBILE, PASSWORD, Household, a_household, bill_correction, given, update_rows
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.helpdesk_calls import (
    HELPDESK,
    OWN_MOBILE,
    agreed,
    audited_actions,
    drafted,
    helpdesk_staff,
    opened,
    verified,
)
from tests.fixtures.registration import a_visitor, messages, otp_sent_to, owners_of, rows, step_two, token_in
from wss import passwords
from wss.db import transaction
from wss.domain.calls import CallExpired
from wss.domain.errors import Forbidden
from wss.domain.rate_limits import Limit
from wss.models import Connection, Consumer, LinkToken, Registration
from wss.queries import consumers, proofs
from wss.services.calls import (
    _call,
    answers,
    call_records,
    caller_links,
    dead_numbers,
    open_requests,
    submission,
    verification,
)
from wss.services.calls.caller_links import (
    LinkOutcome,
    register_consumer,
    send_documents_link,
    send_link,
    start_mobile_change,
)
from wss.services.calls.submission import register_for_caller
from wss.services.login import sessions
from wss.services.registration import ownership
from wss.services.registration.activation import ActivationOutcome, verify_code
from wss.services.registration.registration import begin_by_link
from wss.services.registration.step_results import StepTwoOutcome
from wss.services.shared import rate_limits


@pytest.fixture
def unregistered(database: Any, frozen_clock: Any) -> Household:
    """Provide an unregistered household with a mobile on record, and the help desk."""
    given(*bill_correction())
    household = a_household(registered=False)
    given(*helpdesk_staff())
    return household


def test_the_registration_link_is_sent_to_the_mobile_on_record_before_verification(unregistered: Household):
    assert send_link(HELPDESK, opened(unregistered)).outcome is LinkOutcome.SENT

    assert [(one.notice, one.recipient) for one in messages()] == [("registration_link", MOBILE)]
    assert audited_actions("registration_link") == [("H1", f"connection:{unregistered.account_no}")]


def test_to_a_number_of_the_callers_own_nothing_goes_before_it_is_proved(home_without_mobile: Household):
    assert send_link(HELPDESK, opened(home_without_mobile)).outcome is LinkOutcome.NO_MOBILE

    assert send_link(HELPDESK, verified(home_without_mobile)).outcome is LinkOutcome.SENT

    assert [one.recipient for one in messages("registration_link")] == [OWN_MOBILE]


def test_who_is_registered_needs_no_address_to_register(home_on_record: Household):
    assert send_link(HELPDESK, opened(home_on_record)).outcome is LinkOutcome.ALREADY_REGISTERED
    assert register_consumer(HELPDESK, verified(home_on_record)).outcome is LinkOutcome.ALREADY_REGISTERED
    assert messages("registration_link", "register_link") == []


def test_the_same_link_goes_to_the_same_mobile_three_times_a_day(unregistered: Household):
    outcomes = [send_link(HELPDESK, opened(unregistered)).outcome for _ in range(4)]

    assert outcomes == [LinkOutcome.SENT] * 3 + [LinkOutcome.TOO_OFTEN]


def test_a_mobile_gets_six_links_of_calls_a_day_whatever_strangers_browsers_have_sent(
    unregistered: Household,
):
    with transaction():
        for _ in range(6):
            rate_limits.consume(Limit.OTP_SEND_DAY, MOBILE)
        for _ in range(5):
            rate_limits.consume(Limit.CALL_LINK_DAY, MOBILE)

    sent = [send_link(HELPDESK, opened(unregistered)) for _ in range(2)]

    assert [one.outcome for one in sent] == [LinkOutcome.SENT, LinkOutcome.TOO_OFTEN]
    assert sent[1].retry_after == 24 * 3600


@pytest.mark.parametrize("step", [register_consumer, start_mobile_change])
def test_a_registration_or_change_of_mobile_is_begun_for_verified_callers_only(
    unregistered: Household, step: Any
):
    with pytest.raises(Forbidden):
        step(HELPDESK, opened(unregistered))

    assert rows(LinkToken) == []


def test_the_consumer_finishes_what_the_help_desk_began(unregistered: Household, frozen_clock: FrozenClock):
    register_consumer(HELPDESK, verified(unregistered))
    frozen_clock.advance(minutes=1)
    browser = a_visitor()

    assert begin_by_link(browser, token_in("register_link"))
    assert step_two(browser, password=PASSWORD).outcome is StepTwoOutcome.OTP_SENT

    assert verify_code(browser, otp_sent_to(MOBILE)).outcome is ActivationOutcome.ACTIVE
    assert len(owners_of(unregistered.account_no)) == 1


def test_with_another_number_than_the_one_on_record_the_registration_is_held(unregistered: Household):
    register_consumer(HELPDESK, verified(unregistered))
    browser = a_visitor()
    begin_by_link(browser, token_in("register_link"))
    step_two(browser, OWN_MOBILE)

    assert verify_code(browser, otp_sent_to(OWN_MOBILE)).outcome is ActivationOutcome.HELD
    assert [one.recipient for one in messages("not_me")] == [MOBILE]


def test_until_the_consumer_follows_the_link_nothing_is_registered(unregistered: Household):
    register_consumer(HELPDESK, verified(unregistered))

    assert (rows(Registration), rows(Consumer), owners_of(unregistered.account_no)) == ([], [], [])


def test_a_registration_link_works_once_for_a_day_and_until_a_registration(
    unregistered: Household, frozen_clock: FrozenClock
):
    register_consumer(HELPDESK, verified(unregistered))
    token = token_in("register_link")
    assert begin_by_link(a_visitor("first"), token)
    assert not begin_by_link(a_visitor("second"), token)

    frozen_clock.advance(minutes=2)
    register_consumer(HELPDESK, verified(unregistered))
    frozen_clock.advance(hours=24)
    assert not begin_by_link(a_visitor("third"), token_in("register_link"))


def test_only_the_newest_link_to_register_works(unregistered: Household, frozen_clock: FrozenClock):
    register_consumer(HELPDESK, verified(unregistered))
    former = token_in("register_link")
    frozen_clock.advance(minutes=2)
    register_consumer(HELPDESK, verified(unregistered))

    assert not begin_by_link(a_visitor(), former)
    assert begin_by_link(a_visitor(), token_in("register_link"))


def test_a_change_of_mobile_is_begun_by_the_address_and_by_nothing_else(home_on_record: Household):
    assert start_mobile_change(HELPDESK, verified(home_on_record)).outcome is LinkOutcome.SENT

    assert [one.recipient for one in messages("mobile_change_link")] == [MOBILE]
    [consumer] = rows(Consumer)
    assert (consumer.mobile, consumer.coming_mobile) == (MOBILE, None)


def test_who_is_not_registered_has_no_number_to_change(unregistered: Household):
    assert start_mobile_change(HELPDESK, verified(unregistered)).outcome is LinkOutcome.NOT_REGISTERED


def test_whatever_the_help_desk_does_no_mobile_and_no_password_changes(home_on_record: Household):
    def held() -> tuple[Any, ...]:
        [consumer], [connection] = rows(Consumer), rows(Connection)
        return consumer.password_hash, consumer.mobile, consumer.coming_mobile, connection.mobile_on_record

    before = held()
    call_id = agreed(home_on_record)
    register_for_caller(HELPDESK, call_id, drafted(home_on_record, call_id))
    for step in (send_link, register_consumer, start_mobile_change):
        step(HELPDESK, call_id)

    assert held() == before


SETTERS = (
    proofs.change_mobile,
    proofs.add_pending_mobile,
    consumers.set_password_hash,
    consumers.update_settings,
    consumers.lift_hold,
    consumers.add_consumer,
    ownership.begin_ownership,
    sessions.open_session,
    passwords,
)
STEPS = (call_records, verification, caller_links, answers, open_requests, dead_numbers, submission, _call)


@pytest.mark.parametrize("module", STEPS, ids=lambda module: module.__name__)
def test_no_step_of_a_call_can_reach_what_sets_a_mobile_or_a_password(module: Any):
    setters = {each.__name__.rpartition(".")[2] for each in SETTERS}
    tree = ast.parse(inspect.getsource(module))
    named = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert not (named | used) & setters


def test_documents_can_be_sent_for_a_request_of_this_call(home_on_record: Household):
    call_id = agreed(home_on_record)
    number = register_for_caller(HELPDESK, call_id, drafted(home_on_record, call_id))

    assert send_documents_link(HELPDESK, call_id, number).outcome is LinkOutcome.SENT

    [message] = messages("documents_link")
    assert (message.recipient, message.service_request_id is not None) == (MOBILE, True)
    assert "documents" in {link.purpose for link in rows(LinkToken)}


def test_on_an_expired_call_no_link_is_sent(unregistered: Household, frozen_clock: FrozenClock):
    call_id = verified(unregistered)
    frozen_clock.advance(minutes=30)

    for step in (send_link, register_consumer, start_mobile_change):
        with pytest.raises(CallExpired):
            step(HELPDESK, call_id)


def test_a_number_that_an_import_took_away_gets_no_link(unregistered: Household):
    call_id = verified(unregistered)
    update_rows(Connection, mobile_on_record=None)

    assert register_consumer(HELPDESK, call_id).outcome is LinkOutcome.NO_MOBILE
