"""Step two of registration and its end: who owns the connection, who gets a notice, and whom strangers cannot block."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import ACCOUNT_NO, MOBILE, PASSWORD, Household, a_consumer, a_household, given
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    otp_sent_to,
    owners_of,
    register_up_to_code,
    rows,
    step_two,
    token_in,
    values_of,
    wrong,
)
from wss import passwords
from wss.db import reading, transaction
from wss.domain.delivery import DeliveryState
from wss.models import AuditEntry, Connection, Consent, Consumer, Ownership
from wss.services.registration.activation import (
    ActivationOutcome,
    follow_activation_link,
    is_link_valid,
    verify_code,
)
from wss.services.registration.step_results import StepTwoOutcome


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide an unregistered connection with a mobile on record."""
    return a_household(registered=False)


def register(
    home: Household, mobile: str | None = MOBILE, session: str = "a browser", **details: Any
) -> ActivationOutcome:
    """Register with both numbers and the OTP."""
    visitor = a_visitor(session)
    register_up_to_code(visitor, home, mobile, **details)
    assert mobile is not None
    return verify_code(visitor, otp_sent_to(mobile)).outcome


def the_ownership() -> Ownership:
    [ownership] = rows(Ownership)
    return ownership


def test_the_mobile_on_record_makes_an_active_consumer_at_once(home: Household):
    assert register(home) is ActivationOutcome.ACTIVE

    [consumer] = rows(Consumer)
    assert (consumer.mobile, the_ownership().held_until) == (MOBILE, None)
    assert passwords.is_right(PASSWORD, consumer.password_hash)


def test_another_mobile_is_held_for_a_day(home: Household, frozen_clock: Any):
    assert register(home, ANOTHER_MOBILE) is ActivationOutcome.HELD

    assert the_ownership().held_until == frozen_clock.now + timedelta(hours=24)
    assert rows(Consumer)[0].mobile == ANOTHER_MOBILE


def test_with_no_mobile_on_record_a_new_one_is_active_at_once(database: Any):
    home = a_household(registered=False, mobile_on_record=None)

    assert register(home, ANOTHER_MOBILE) is ActivationOutcome.ACTIVE
    assert the_ownership().held_until is None


def test_registering_never_writes_to_the_connection(home: Household):
    register(home, ANOTHER_MOBILE)

    assert rows(Connection)[0].mobile_on_record == MOBILE


def test_a_wrong_otp_creates_no_consumer(home: Household):
    register_up_to_code(a_visitor(), home)

    assert verify_code(a_visitor(), wrong(otp_sent_to(MOBILE))).outcome is ActivationOutcome.WRONG
    assert rows(Consumer) == []


def test_another_browser_cannot_use_the_otp(home: Household):
    register_up_to_code(a_visitor(), home)

    assert verify_code(a_visitor("a thief"), otp_sent_to(MOBILE)).outcome is ActivationOutcome.LOST


def test_consents_are_kept_with_their_version_and_moment(home: Household, frozen_clock: Any):
    at = frozen_clock.now
    register_up_to_code(a_visitor(), home)
    frozen_clock.advance(minutes=3)
    verify_code(a_visitor(), otp_sent_to(MOBILE))

    kept = {(consent.subject, bool(consent.version), consent.given_at) for consent in rows(Consent)}
    assert kept == {("terms", True, at), ("privacy", True, at)}


def test_choices_of_alerts_and_language_are_kept(home: Household):
    visitor = a_visitor(language="en")
    register_up_to_code(visitor, home, email="pooja@example.in", sms_alerts=False, email_alerts=True)
    verify_code(visitor, otp_sent_to(MOBILE))

    [consumer] = rows(Consumer)
    assert (consumer.language, consumer.sms_alerts, consumer.email_alerts) == ("en", False, True)


def test_a_taken_user_name_is_refused_and_sends_nothing(home: Household):
    given(a_consumer(user_name="pooja"))
    assert register_up_to_code(a_visitor(), home, user_name="pooja").outcome is StepTwoOutcome.USER_NAME_TAKEN
    assert messages() == []


def test_a_user_name_taken_by_another_leaves_the_account_number_as_the_login(home: Household):
    register_up_to_code(a_visitor(), home, user_name="pooja")
    given(a_consumer(user_name="pooja"))

    assert verify_code(a_visitor(), otp_sent_to(MOBILE)).outcome is ActivationOutcome.ACTIVE
    assert rows(Consumer)[-1].user_name is None


def test_the_newcomer_is_notified_and_the_registration_audited(home: Household):
    register(home)

    assert [(m.notice, m.recipient) for m in messages("registered_consumer")] == [
        ("registered_consumer", MOBILE)
    ]
    [entry] = rows(AuditEntry)
    assert (entry.deed, entry.subject) == ("register", f"connection:{ACCOUNT_NO}")


def test_mobile_may_stay_empty_only_where_none_is_on_record(home: Household):
    answer = register_up_to_code(a_visitor(), home, None, email="pooja@example.in")

    assert answer.outcome is StepTwoOutcome.MOBILE_REQUIRED


def test_with_neither_mobile_nor_email_there_is_no_way_to_prove_it(database: Any):
    home = a_household(registered=False, mobile_on_record=None)
    assert register_up_to_code(a_visitor(), home, None).outcome is StepTwoOutcome.ADDRESS_REQUIRED


@pytest.mark.parametrize(
    ("on_record", "goes_to"), [(None, "typed@example.in"), ("record@example.in", "record@example.in")]
)
def test_the_link_activates_and_goes_to_the_email_on_record_if_there_is_one(
    database: Any, on_record: str | None, goes_to: str
):
    home = a_household(registered=False, mobile_on_record=None, email_on_record=on_record)
    answer = register_up_to_code(a_visitor(), home, None, email="typed@example.in")

    assert answer.outcome is StepTwoOutcome.LINK_SENT
    assert [m.recipient for m in messages("activation")] == [goes_to]
    assert rows(Consumer) == []
    assert follow_activation_link(token_in("activation")).outcome is ActivationOutcome.ACTIVE
    assert owners_of(home.account_no) != []


def test_an_email_that_the_link_did_not_go_to_is_not_verified(database: Any):
    home = a_household(registered=False, mobile_on_record=None, email_on_record="record@example.in")
    register_up_to_code(a_visitor(), home, None, email="typed@example.in")
    follow_activation_link(token_in("activation"))

    [consumer] = rows(Consumer)
    assert (consumer.email, consumer.email_verified_at) == ("typed@example.in", None)
    assert messages("confirm_email")[0].recipient == "typed@example.in"


def test_a_link_sent_before_the_mobile_was_typed_verifies_no_mobile(database: Any):
    home = a_household(registered=False, mobile_on_record=None)
    register_up_to_code(a_visitor(), home, None, email="pooja@example.in")
    step_two(a_visitor(), ANOTHER_MOBILE, email="pooja@example.in")

    follow_activation_link(token_in("activation"))

    assert [c for c in rows(Consumer) if c.mobile == ANOTHER_MOBILE] == []


def test_a_link_that_went_to_one_address_verifies_no_other(database: Any):
    home = a_household(registered=False, mobile_on_record=None)
    register_up_to_code(a_visitor(), home, None, email="first@example.in")
    first = token_in("activation")
    step_two(a_visitor(), None, email="second@example.in")

    follow_activation_link(first)

    assert [c for c in rows(Consumer) if c.email == "second@example.in" and c.email_verified_at] == []


def test_with_mobile_and_email_the_otp_activates_and_the_link_confirms(home: Household):
    register(home, email="pooja@example.in")
    [before] = rows(Consumer)

    follow_activation_link(token_in("confirm_email"))

    [after] = rows(Consumer)
    assert (before.email_verified_at, after.email_verified_at is not None) == (None, True)


def test_an_activation_link_expires_after_a_day(database: Any, frozen_clock: Any):
    home = a_household(registered=False, mobile_on_record=None)
    register_up_to_code(a_visitor(), home, None, email="pooja@example.in")
    token = token_in("activation")

    frozen_clock.advance(hours=24)

    assert follow_activation_link(token).outcome is ActivationOutcome.LOST


def test_two_registrations_that_end_at_the_same_time_leave_one_owner(home: Household):
    first, second = a_visitor("first"), a_visitor("second")
    for visitor, mobile in ((first, ANOTHER_MOBILE), (second, "9026114478")):
        register_up_to_code(visitor, home, mobile)

    ends = [
        verify_code(first, otp_sent_to(ANOTHER_MOBILE)).outcome,
        verify_code(second, otp_sent_to("9026114478")).outcome,
    ]

    assert ends == [ActivationOutcome.HELD, ActivationOutcome.TAKEN]
    assert len(owners_of(home.account_no)) == 1


def test_the_database_itself_refuses_a_second_owner(home: Household):
    register(home)
    second = given(a_consumer(mobile=ANOTHER_MOBILE))

    with pytest.raises(Exception, match=r"(?i)unique"), transaction() as session:
        session.add(
            Ownership(consumer_id=second.id, account_no=home.account_no, created_at=second.created_at)
        )


OWNER, MAIL_BOX = "the owner's browser", "owner@example.in"


@pytest.fixture
def home_by_letter(database: Any, frozen_clock: Any) -> Household:
    """Provide a connection without a mobile, with an e-mail address on record."""
    return a_household(registered=False, mobile_on_record=None, email_on_record=MAIL_BOX)


def register_by_letter(home_by_letter: Household, browser: str, name: str) -> None:
    visitor = a_visitor(browser)
    register_up_to_code(visitor, home_by_letter, None, user_name=name)


def use_up(home_by_letter: Household, clock: Any) -> str:
    """Let two strangers consume the day's limit of e-mails by starting again; return the newest link sent."""
    for number in range(6):
        register_by_letter(home_by_letter, f"stranger {number % 2}", f"stranger{number}")
        clock.advance(seconds=1)
    return token_in("activation")


def test_the_owner_registers_by_a_letter_that_a_stranger_asked_for(
    home_by_letter: Household, frozen_clock: Any
):
    arrived = use_up(home_by_letter, frozen_clock)
    register_by_letter(home_by_letter, OWNER, "owner")
    assert [letter.state for letter in messages("activation")][-1] == DeliveryState.WITHHELD

    ended = follow_activation_link(arrived, OWNER)

    assert (ended.outcome, [one.user_name for one in rows(Consumer)]) == (ActivationOutcome.ACTIVE, ["owner"])


def test_a_letter_whose_registration_is_gone_still_helps_the_owner_until_the_count_ends(
    home_by_letter: Household, frozen_clock: Any
):
    use_up(home_by_letter, frozen_clock)
    first = values_of(messages("activation")[0])["path"].rpartition("/")[2]
    frozen_clock.advance(hours=23, minutes=59)
    register_by_letter(home_by_letter, OWNER, "owner")

    with reading():
        assert is_link_valid(first, "activate", OWNER)
    assert follow_activation_link(first, OWNER).outcome is ActivationOutcome.ACTIVE


def test_a_letter_to_another_mail_box_activates_nothing_here(home_by_letter: Household):
    other = a_household(
        "7950761922", registered=False, mobile_on_record=None, email_on_record="thief@example.in"
    )
    register_by_letter(other, "another browser", "thief")
    link = token_in("activation")
    register_by_letter(home_by_letter, "the thief's browser", "thief2")

    follow_activation_link(link, "the thief's browser")

    assert [one.email for one in rows(Consumer)] == ["thief@example.in"]
