"""A request on behalf of a caller: with consent, registered once in the consumer's name, with a notice."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import (
    ACCOUNT_NO_RURAL,
    MOBILE,
    Household,
    a_consumer,
    a_household,
    a_service_request,
    an_ownership,
    given,
    update_rows,
)
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import (
    CLERK,
    NUMBER,
    ask,
    consumer_of,
    office_acts,
    path_of,
    resolve,
    staff_of_the_office,
)
from tests.fixtures.helpdesk_calls import (
    COLLEAGUE,
    DISCOM,
    HELPDESK,
    OWN_MOBILE,
    agreed,
    audited_actions,
    calls,
    drafted,
    filled,
    opened,
    verified,
)
from tests.fixtures.registration import messages, rows, values_of
from wss import clock
from wss.db import reading, transaction
from wss.domain.calls import CONSENT_VERSION, CallExpired
from wss.domain.draft_row import DraftRow
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import Action
from wss.domain.retention import RETENTION
from wss.gateways.documents import DocumentStore
from wss.models import Connection, Consumer, DisputedBill, Draft, Event, LinkToken, Ownership, ServiceRequest
from wss.queries.call_drafts import call_draft
from wss.queries.calls import own_call, record_of
from wss.queries.drafts import current_draft
from wss.queries.service_requests import visible_request
from wss.queries.tracking import tracked
from wss.services.calls.submission import register_for_caller, save_call_draft
from wss.services.my_data.erasure import ErasureOutcome, request_erasure
from wss.services.operations.housekeeping import clean_up
from wss.services.requests.actions import answer_by_link
from wss.services.requests.creation import BillTaken
from wss.services.requests.form_drafts import DraftIncomplete, FilledForm, new_form_token
from wss.services.requests.officer_views import reveal_mobile, revealed_mobile
from wss.services.requests.submission import save_draft
from wss.services.requests.transition_types import ActionRequest


def draft_of(household: Household) -> DraftRow | None:
    with reading():
        return call_draft(household.account_no, clock.now())


def lodged(household: Household) -> ServiceRequest:
    """Lodge a request for a caller and return it."""
    call_id = agreed(household)
    register_for_caller(HELPDESK, call_id, drafted(household, call_id))
    [request] = rows(ServiceRequest)
    return request


def test_a_request_is_the_consumers_and_names_its_call(home_on_record: Household):
    request = lodged(home_on_record)

    assert home_on_record.consumer is not None
    assert (request.consumer_id, request.channel, request.contact_mobile) == (
        home_on_record.consumer.id,
        "1912",
        None,
    )
    assert request.call_id is not None
    assert audited_actions("register") == [("H1", f"request:{request.complaint_no}")]


def test_the_timeline_begins_with_the_caller_and_the_consent(
    home_on_record: Household, frozen_clock: FrozenClock
):
    request = lodged(home_on_record)

    [event] = rows(Event)
    assert (event.role, event.employee_id, event.office_code) == ("helpdesk", "H1", DISCOM)
    details = {name: event.details[name] for name in ("call", "relation", "consent_version", "consent_at")}
    assert details == {
        "call": request.call_id,
        "relation": "family",
        "consent_version": CONSENT_VERSION,
        "consent_at": frozen_clock.now.isoformat(),
    }


def test_the_consumer_gets_the_number_with_a_link_to_look_and_one_to_object(home_on_record: Household):
    request = lodged(home_on_record)

    [message] = [one for one in messages() if one.service_request_id is not None]
    values = values_of(message)
    assert (message.notice, message.recipient, message.event_number) == ("request_registered_1912", MOBILE, 1)
    assert re.fullmatch(r"/t/[A-Z2-7]{10}", values["track_path"])
    assert values["dispute_path"].startswith("/dispute/")
    purposes = {(link.purpose, link.subject) for link in rows(LinkToken)}
    assert purposes == {("track", f"request:{request.id}"), ("dispute", f"request:{request.id}")}


def test_without_a_known_number_the_caller_is_notified_for_this_request_only(home_without_mobile: Household):
    request = lodged(home_without_mobile)

    assert (request.consumer_id, request.contact_mobile) == (None, OWN_MOBILE)
    assert [one.recipient for one in messages("request_registered_1912")] == [OWN_MOBILE]
    [connection] = rows(Connection)
    assert connection.mobile_on_record is None


def test_later_messages_go_to_that_number_until_one_is_on_record(home_without_mobile: Household):
    staff_of_the_office()
    request = lodged(home_without_mobile)
    ask(request.complaint_no)
    with transaction() as session:
        session.execute(sa.update(Connection).values(mobile_on_record=MOBILE))
        session.execute(sa.update(ServiceRequest).values(status="in_review", version=9))

    office_acts(CLERK, Action.ASK, request.complaint_no)

    assert {one.recipient for one in messages("question")} == {OWN_MOBILE, MOBILE}


def test_the_callers_number_opens_tracking_and_is_what_an_officer_reveals(home_without_mobile: Household):
    staff_of_the_office()
    request = lodged(home_without_mobile)
    reveal_mobile(CLERK, request.complaint_no, "check_caller")

    with reading():
        found = tracked(request.complaint_no)
        seen = visible_request(CLERK, request.complaint_no, clock.now())
        assert revealed_mobile(CLERK, seen) == OWN_MOBILE

    assert found is not None
    assert found[1] == OWN_MOBILE


def test_pressing_twice_gives_the_same_complaint(home_on_record: Household):
    call_id = agreed(home_on_record)
    token = drafted(home_on_record, call_id)

    numbers = {register_for_caller(HELPDESK, call_id, token) for _ in range(2)}

    assert numbers == {"10000000016"}
    assert len(rows(ServiceRequest)) == len(messages("request_registered_1912")) == 1


def test_a_form_that_is_registered_answers_its_number_when_it_is_sent_again(home_on_record: Household):
    call_id = agreed(home_on_record)
    token = drafted(home_on_record, call_id)
    number = register_for_caller(HELPDESK, call_id, token)

    assert save_call_draft(HELPDESK, call_id, filled(home_on_record, token)).complaint_no == number


@pytest.mark.parametrize("how_far", [opened, verified])
def test_without_proof_and_consent_nothing_is_kept_or_registered(
    home_on_record: Household, frozen_clock: FrozenClock, how_far: Any
):
    elsewhere = agreed(home_on_record, COLLEAGUE)
    token = drafted(home_on_record, elsewhere, COLLEAGUE)
    # Two codes of the same moment could be confused.
    frozen_clock.advance(minutes=2)
    call_id = how_far(home_on_record)

    with pytest.raises(Forbidden):
        save_call_draft(HELPDESK, call_id, filled(home_on_record))
    with pytest.raises(Forbidden):
        register_for_caller(HELPDESK, call_id, token)

    assert (len(rows(Draft)), rows(ServiceRequest)) == (1, [])


def test_on_an_expired_call_nothing_is_registered_and_the_form_stays(
    home_on_record: Household, frozen_clock: FrozenClock
):
    call_id = agreed(home_on_record)
    token = drafted(home_on_record, call_id)
    frozen_clock.advance(minutes=30)

    with pytest.raises(CallExpired):
        register_for_caller(HELPDESK, call_id, token)

    assert (rows(ServiceRequest), draft_of(home_on_record) is not None) == ([], True)


def test_another_employees_call_registers_nothing(home_on_record: Household):
    call_id = agreed(home_on_record)
    token = drafted(home_on_record, call_id)

    for actor in (COLLEAGUE, CLERK, consumer_of(home_on_record)):
        with pytest.raises(NotFound):
            register_for_caller(actor, call_id, token)


def test_a_form_that_was_changed_since_it_was_read_out_is_outdated(
    home_on_record: Household, frozen_clock: FrozenClock
):
    call_id = agreed(home_on_record)
    token = drafted(home_on_record, call_id)
    read_out = draft_of(home_on_record)
    assert read_out is not None
    frozen_clock.advance(seconds=5)
    save_call_draft(HELPDESK, call_id, filled(home_on_record, token, reading_kwh=1070))

    with pytest.raises(Outdated):
        register_for_caller(HELPDESK, call_id, token, read_out.state)


def test_a_form_that_is_not_whole_is_not_registered(home_on_record: Household):
    call_id = agreed(home_on_record)
    half = FilledForm(new_form_token(), "BILL_CORRECTION", {"remarks": ["The meter"]}, None)
    token = save_call_draft(HELPDESK, call_id, half).form_token

    with pytest.raises(DraftIncomplete):
        register_for_caller(HELPDESK, call_id, token)

    assert draft_of(home_on_record) is not None


def test_a_bill_of_another_connection_cannot_be_disputed(home_on_record: Household):
    neighbour = a_household(ACCOUNT_NO_RURAL, registered=False)

    with pytest.raises(NotFound):
        save_call_draft(HELPDESK, agreed(home_on_record), filled(neighbour))


def test_a_bill_that_is_in_an_open_request_registers_nothing(home_on_record: Household):
    call_id = agreed(home_on_record)
    token = drafted(home_on_record, call_id)
    a_service_request(home_on_record, NUMBER)

    with pytest.raises(BillTaken):
        register_for_caller(HELPDESK, call_id, token)

    assert (len(rows(ServiceRequest)), draft_of(home_on_record) is not None) == (1, True)


def test_the_next_call_about_the_connection_finds_what_a_broken_off_one_left(
    home_on_record: Household, frozen_clock: FrozenClock
):
    token = drafted(home_on_record, agreed(home_on_record))
    frozen_clock.advance(minutes=31)

    call_id = agreed(home_on_record, COLLEAGUE)

    left = draft_of(home_on_record)
    assert left is not None
    assert (left.form_token, left.kind) == (token, "BILL_CORRECTION")
    assert register_for_caller(COLLEAGUE, call_id, token, left.state) == "10000000016"
    [request] = rows(ServiceRequest)
    assert (request.call_id, draft_of(home_on_record)) == (call_id, None)


def test_a_draft_left_is_offered_only_once_the_caller_is_verified(
    home_on_record: Household, frozen_clock: FrozenClock
):
    drafted(home_on_record, agreed(home_on_record))
    frozen_clock.advance(minutes=31)

    def draft_kind(call_id: int) -> str | None:
        with reading():
            shown = record_of(own_call(COLLEAGUE, call_id), clock.now())
        assert shown is not None
        return shown.draft_kind

    assert draft_kind(opened(home_on_record, COLLEAGUE)) is None
    assert draft_kind(verified(home_on_record, COLLEAGUE)) == "BILL_CORRECTION"


def test_a_former_owners_draft_is_not_offered_to_the_next(
    home_on_record: Household, frozen_clock: FrozenClock
):
    token = drafted(home_on_record, agreed(home_on_record))
    frozen_clock.advance(days=1)
    update_rows(Ownership, ended_at=clock.now(), ended_because="claimed")
    given(an_ownership(given(a_consumer()), home_on_record.account_no, created_at=clock.now()))
    call_id = agreed(home_on_record, COLLEAGUE)

    assert draft_of(home_on_record) is None
    with pytest.raises(NotFound):
        register_for_caller(COLLEAGUE, call_id, token)


def test_a_consumer_and_the_help_desk_keep_their_forms_apart(home_on_record: Household):
    call_id = agreed(home_on_record)
    token = drafted(home_on_record, call_id)
    assert home_on_record.consumer is not None

    with reading():
        assert current_draft(home_on_record.account_no, home_on_record.consumer.id, clock.now()) is None
    with pytest.raises(NotFound):
        save_draft(consumer_of(home_on_record), home_on_record.account_no, filled(home_on_record, token))
    own = save_draft(consumer_of(home_on_record), home_on_record.account_no, filled(home_on_record))
    with pytest.raises(NotFound):
        register_for_caller(HELPDESK, call_id, own.form_token)


def test_a_form_of_one_connection_is_not_registered_on_a_call_about_another(home_on_record: Household):
    token = drafted(home_on_record, agreed(home_on_record))
    neighbour = a_household(ACCOUNT_NO_RURAL, registered=False, mobile_on_record=OWN_MOBILE)
    call_id = agreed(neighbour, COLLEAGUE)

    with pytest.raises(NotFound):
        register_for_caller(COLLEAGUE, call_id, token)
    with pytest.raises(NotFound):
        save_call_draft(COLLEAGUE, call_id, filled(neighbour, token))


def test_a_number_that_an_import_took_away_since_leaves_nothing_registered(home_on_record: Household):
    unregistered = a_household(ACCOUNT_NO_RURAL, registered=False, mobile_on_record=OWN_MOBILE)
    call_id = agreed(unregistered)
    token = drafted(unregistered, call_id)
    update_rows(Connection, mobile_on_record=None)

    with pytest.raises(Forbidden):
        register_for_caller(HELPDESK, call_id, token)

    assert (rows(ServiceRequest), rows(DisputedBill)) == ([], [])


def test_a_request_after_a_third_refusal_notifies_the_same_caller(home_without_mobile: Household):
    staff_of_the_office()
    request = lodged(home_without_mobile)
    resolve(request.complaint_no)
    update_rows(ServiceRequest, reopened_times=2)
    answer_by_link(
        path_of("resolved").removeprefix("/confirm/"), ActionRequest(Action.REFUSE, "Still wrong.")
    )

    following = max(rows(ServiceRequest), key=lambda one: one.id)

    assert (following.id != request.id, following.contact_mobile) == (True, OWN_MOBILE)


@pytest.fixture
def store(app: Any) -> DocumentStore:
    """Return the store of documents."""
    found: DocumentStore = app.extensions["wss"].gateways.documents
    return found


def numbers_of_callers() -> tuple[str | None, str | None]:
    """Return the caller's own number as the call and as the request keep it."""
    [call], [request] = calls(), rows(ServiceRequest)
    return call.caller_mobile, request.contact_mobile


def test_a_callers_own_number_is_emptied_a_year_after_the_call_and_the_request(
    home_without_mobile: Household, frozen_clock: FrozenClock, store: DocumentStore
):
    lodged(home_without_mobile)
    update_rows(ServiceRequest, status="closed", closing="confirmed")
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
