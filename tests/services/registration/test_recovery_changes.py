"""Changes of recovery addresses: the old ones are notified and can undo them; new ones prove nothing for a day."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import (
    MOBILE,
    Household,
    a_consumer,
    a_household,
    a_session,
    an_ownership,
    given,
    update_rows,
)
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    otp_sent_to,
    owners_of,
    rows,
    solved,
    token_in,
    try_sign_in,
    values_of,
)
from wss import passwords
from wss.clock import now
from wss.db import reading, transaction
from wss.domain import rate_limits
from wss.domain.actor import Actor, Role
from wss.domain.captcha import CaptchaAnswer
from wss.domain.delivery import DeliveryState
from wss.domain.ownership import DORMANT_AFTER, UNDO_LIFE, KnowledgeFacts, RecoveryBasis
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.models import Consumer, Replaced, SignedIn
from wss.queries.former_addresses import delete_replaced
from wss.services.claims.claims import begin_claim, prove_claim
from wss.services.login.consumer_login import LoginOutcome
from wss.services.my_data.settings import change_settings
from wss.services.registration import mobile_change, recovery
from wss.services.registration.activation import follow_activation_link
from wss.services.registration.added_connections import AddedConnectionOutcome, begin_join, prove_join
from wss.services.registration.mobile_change import MobileChangeOutcome
from wss.services.registration.recovery import SIGN_IN, RecoveryOutcome, begin_recovery, send_user_name
from wss.services.registration.recovery_undo import free_number, undo

OLD, NEW = "pooja@example.in", "thief@example.in"
NEW_PASSWORD = "eleven green doors"
A_DAY = timedelta(days=1)


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a household whose consumer confirmed an e-mail address long ago."""
    home = a_household()
    become(email=OLD, email_verified_at=now() - 30 * A_DAY)
    return home


def become(**facts: Any) -> None:
    update_rows(Consumer, **facts)


def owner() -> Consumer:
    [consumer] = rows(Consumer)
    return consumer


def facts_of(home: Household) -> KnowledgeFacts:
    return KnowledgeFacts(home.account_no, home.bill_no)


def give_email(email: str | None = NEW, session_hash: str = "") -> bool:
    actor = Actor(Role.CONSUMER, str(owner().id))
    alerts: Any = {"sms_alerts": True, "email_alerts": False, "session_hash": session_hash}
    return change_settings(actor, "hi", email=email, **alerts).allowed


def set_password(home: Household) -> RecoveryOutcome:
    begin_recovery(a_visitor(), recovery.PASSWORD, facts_of(home))
    code = otp_sent_to(MOBILE, "password_otp")
    return recovery.set_password_by_code(a_visitor(), code, NEW_PASSWORD).outcome


def change_mobile(home: Household, *, with_the_old: bool) -> MobileChangeOutcome:
    mobile_change.begin_mobile_change(a_visitor(), facts_of(home), ANOTHER_MOBILE)
    old = otp_sent_to(MOBILE, "old_mobile_otp") if with_the_old else ""
    code = otp_sent_to(ANOTHER_MOBILE, "new_mobile_otp")
    return mobile_change.prove_new_mobile(a_visitor(), code, old).outcome


def notified_recipients(notice: str) -> set[str]:
    return {message.recipient for message in messages(notice) if message.state == "waiting"}


def reset_links(home: Household) -> list[str]:
    """Where the link of "forgot password" is really sent."""
    begin_recovery(a_visitor(), recovery.PASSWORD, facts_of(home))
    return [message.recipient for message in messages("reset_link") if message.state == "waiting"]


def sign_in_here(session_hash: str) -> None:
    given(a_session(session_hash, consumer_id=owner().id))


def test_the_old_address_and_the_mobile_are_notified_of_a_new_address(home: Household):
    give_email()

    assert notified_recipients("email_changed") == {OLD, MOBILE}
    assert notified_recipients("confirm_email") == {NEW}


def test_the_link_restores_the_old_address_and_ends_all_sessions(home: Household):
    give_email(session_hash="thief")
    sign_in_here("thief")
    follow_activation_link(token_in("confirm_email"))

    assert undo(token_in("email_changed")) is RecoveryBasis.EMAIL
    assert (owner().email, rows(SignedIn)) == (OLD, [])
    assert notified_recipients("change_undone") == {NEW, MOBILE}


def test_the_first_link_undoes_all_that_came_after_and_works_once(home: Household):
    give_email("one@thief.example.in")
    first = token_in("email_changed")
    follow_activation_link(token_in("confirm_email"))
    give_email("two@thief.example.in")
    second = token_in("email_changed")

    assert [undo(token) for token in (first, second, first)] == [RecoveryBasis.EMAIL, None, None]
    assert owner().email == OLD


def test_an_address_that_was_put_back_recovers_nothing_for_a_day(home: Household):
    give_email()
    undo(token_in("email_changed"))

    assert reset_links(home) == []


def test_a_new_address_recovers_nothing_before_a_day_after_it_was_confirmed(
    home: Household, frozen_clock: Any
):
    give_email()
    frozen_clock.advance(hours=23)
    before = reset_links(home)
    follow_activation_link(token_in("confirm_email"))
    frozen_clock.advance(hours=23)
    confirmed = reset_links(home)
    frozen_clock.advance(hours=1)

    assert (before, confirmed, reset_links(home)) == ([], [], [NEW])


def test_a_link_to_an_address_confirmed_since_sets_no_password(home: Household):
    begin_recovery(a_visitor(), recovery.PASSWORD, facts_of(home))
    become(email_verified_at=now())

    answer = recovery.set_password_by_link(token_in("reset_link"), home.bill_no, NEW_PASSWORD)

    assert answer.outcome is RecoveryOutcome.LOST


@pytest.mark.parametrize("change", ["email", "password", "mobile"])
def test_what_another_browser_has_begun_dies_with_a_change(home: Household, change: str, frozen_clock: Any):
    begin_recovery(a_visitor("thief"), recovery.SIGN_IN, facts_of(home))
    code = otp_sent_to(MOBILE, "sign_in_otp")
    frozen_clock.advance(minutes=2)
    done = {
        "email": give_email,
        "password": lambda: set_password(home),
        "mobile": lambda: change_mobile(home, with_the_old=True),
    }[change]()
    become(mobile=MOBILE)

    assert done
    assert recovery.log_in_by_code(a_visitor("thief"), code).outcome is RecoveryOutcome.WRONG


def test_a_new_address_ends_every_session_but_the_one_that_gave_it(home: Household):
    for session_hash in ("here", "elsewhere"):
        sign_in_here(session_hash)

    give_email(session_hash="here")

    assert [row.id_hash for row in rows(SignedIn)] == ["here"]


def test_five_addresses_a_day_are_enough(home: Household):
    taken = [give_email(f"number{number}@example.in") for number in range(6)]

    assert taken == [True] * 5 + [False]
    assert owner().email == "number4@example.in"


def test_a_new_password_is_notified_and_its_link_disables_it(home: Household):
    assert set_password(home) is RecoveryOutcome.DONE
    assert notified_recipients("password_changed") == {OLD, MOBILE}
    try_sign_in(a_visitor("thief"), home.account_no, NEW_PASSWORD)

    assert undo(token_in("password_changed")) is RecoveryBasis.PASSWORD
    assert try_sign_in(a_visitor("thief"), home.account_no, NEW_PASSWORD).outcome is LoginOutcome.WRONG
    assert (rows(SignedIn), passwords.is_right("", owner().password_hash)) == ([], False)


def test_a_new_mobile_is_notified_to_the_old_addresses_which_can_undo_it(home: Household):
    assert change_mobile(home, with_the_old=True) is MobileChangeOutcome.CHANGED
    assert notified_recipients("mobile_changed") == {OLD, MOBILE}

    assert undo(token_in("mobile_changed")) is RecoveryBasis.MOBILE
    assert owner().mobile == MOBILE


def test_a_number_that_is_not_that_consumers_can_be_taken_off(home: Household):
    change_mobile(home, with_the_old=True)
    assert notified_recipients("number_in_use") == {ANOTHER_MOBILE}

    assert free_number(token_in("number_in_use"))
    assert owner().mobile is None


def test_an_added_connection_is_notified_and_can_be_removed(home: Household):
    second = a_household("7950761955", registered=False)
    begin_join(a_visitor(), owner().id, facts_of(second))
    assert (
        prove_join(a_visitor(), owner().id, otp_sent_to(MOBILE, "join_otp")).outcome
        is AddedConnectionOutcome.ADDED
    )
    assert notified_recipients("connection_added") == {OLD, MOBILE}

    assert undo(token_in("connection_added")) is RecoveryBasis.CONNECTION
    assert (owners_of(second.account_no), owners_of(home.account_no)) == ([], [owner().id])


def test_a_link_that_undoes_ends_after_a_week_and_what_it_knew_goes(home: Household, frozen_clock: Any):
    give_email()
    frozen_clock.advance(days=UNDO_LIFE.days)
    with transaction():
        delete_replaced(now() - UNDO_LIFE)

    assert undo(token_in("email_changed")) is None
    assert (owner().email, rows(Replaced)) == (NEW, [])


@pytest.mark.parametrize(("unused", "reached"), [(DORMANT_AFTER, False), (DORMANT_AFTER - A_DAY, True)])
def test_one_number_leads_to_no_one_after_90_days_without_a_login(
    home: Household, unused: timedelta, reached: bool
):
    become(signed_in_at=now() - unused)

    for purpose in (recovery.SIGN_IN, recovery.PASSWORD):
        me = a_visitor(purpose)
        recovery.begin_recovery(me, purpose, KnowledgeFacts("", home.bill_no), _captcha(me))

    assert bool(notified_recipients("sign_in_otp") and notified_recipients("reset_link")) is reached


def test_both_numbers_lead_in_after_90_days_and_count_as_signing_in(home: Household):
    become(signed_in_at=now() - DORMANT_AFTER)
    begin_recovery(a_visitor(), recovery.SIGN_IN, facts_of(home))

    back = recovery.log_in_by_code(a_visitor(), otp_sent_to(MOBILE, "sign_in_otp"))

    assert (back.outcome, owner().signed_in_at) == (RecoveryOutcome.DONE, now())


def test_a_day_without_an_objection_changes_no_number_after_90_days_without_a_login(
    home: Household, frozen_clock: Any
):
    become(signed_in_at=now() - DORMANT_AFTER)
    assert change_mobile(home, with_the_old=False) is MobileChangeOutcome.COMING

    frozen_clock.advance(days=13)
    changed_before = mobile_change.change_due_mobiles()
    frozen_clock.advance(days=1)

    assert (changed_before, mobile_change.change_due_mobiles()) == (0, 1)


def test_a_number_pending_for_two_weeks_is_notified_every_three_days(home: Household, frozen_clock: Any):
    become(signed_in_at=now() - DORMANT_AFTER)
    change_mobile(home, with_the_old=False)
    assert notified_recipients("mobile_coming_late") == {MOBILE, OLD}

    reminded = []
    for _ in range(4):
        frozen_clock.advance(days=3)
        reminded += [mobile_change.remind_of_coming_mobiles(), mobile_change.remind_of_coming_mobiles()]

    assert reminded == [1, 0] * 4
    assert mobile_change.stop_pending_mobile(token_in("mobile_coming_late"))
    assert owner().coming_mobile is None


def test_the_number_on_record_is_notified_if_the_verified_one_may_be_another_persons(home: Household):
    become(signed_in_at=now() - DORMANT_AFTER, mobile="9026114499")

    mobile_change.begin_mobile_change(a_visitor(), facts_of(home), ANOTHER_MOBILE)
    mobile_change.prove_new_mobile(a_visitor(), otp_sent_to(ANOTHER_MOBILE, "new_mobile_otp"), "")

    assert notified_recipients("mobile_coming_late") == {MOBILE, "9026114499", OLD}


def test_who_has_the_old_number_by_now_can_take_it_off_while_the_new_one_waits(home: Household):
    become(signed_in_at=now() - DORMANT_AFTER)
    change_mobile(home, with_the_old=False)
    [sent] = [message for message in messages("mobile_coming_late") if message.recipient == MOBILE]

    assert free_number(values_of(sent)["path"].rpartition("/")[2])
    assert (owner().mobile, owner().coming_mobile) == (None, ANOTHER_MOBILE)


def test_who_signs_in_is_not_taken_for_dormant(home: Household):
    become(signed_in_at=now() - DORMANT_AFTER)

    try_sign_in(a_visitor(), home.account_no)

    assert owner().signed_in_at == now()


def test_a_consumer_who_lost_a_connection_is_notified_by_e_mail_too(home: Household):
    consumer = given(a_consumer(mobile="9026114499", email="loser@example.in", email_verified_at=now()))
    second = a_household("7950761955", registered=False, mobile_on_record=ANOTHER_MOBILE)
    given(an_ownership(consumer, second.account_no))
    _claim(second)

    assert notified_recipients("connection_claimed") == {"9026114499", "loser@example.in"}


def _claim(home: Household) -> None:
    begin_claim(a_visitor("owner"), facts_of(home), None)
    prove_claim(a_visitor("owner"), otp_sent_to(ANOTHER_MOBILE, "claim_otp"), NEW_PASSWORD)


def _captcha(me: Any) -> Any:
    return CaptchaAnswer(**solved(me))


TIMES = ALLOWANCES[Limit.MOBILE_COMING].times


@pytest.fixture
def home_without_email(database: Any, frozen_clock: Any) -> Household:
    return a_household()


def give_number(home_without_email: Household, turn: int, *, old: str = "") -> MobileChangeOutcome:
    """Give a stranger's next own number, from a browser of its own."""
    visitor, number = a_visitor(f"browser {turn}", f"10.9.8.{turn}"), f"90261144{turn:02}"
    mobile_change.begin_mobile_change(
        visitor, KnowledgeFacts(home_without_email.account_no, home_without_email.bill_no), number
    )
    return mobile_change.prove_new_mobile(visitor, otp_sent_to(number, "new_mobile_otp"), old).outcome


def links() -> list[str]:
    return [values_of(message)["path"].rpartition("/")[2] for message in messages("mobile_coming")]


def test_a_stranger_has_so_few_numbers_wait_that_the_owner_is_not_flooded(
    home_without_email: Household,
) -> None:
    answers = [give_number(home_without_email, turn) for turn in range(TIMES + 5)]

    assert answers == [MobileChangeOutcome.COMING] * TIMES + [MobileChangeOutcome.TOO_OFTEN] * 5
    assert len([one for one in messages("mobile_coming") if one.recipient == MOBILE]) == TIMES


def test_the_link_of_the_first_message_stops_whichever_number_waits(home_without_email: Household) -> None:
    for turn in range(TIMES):
        give_number(home_without_email, turn)

    assert mobile_change.stop_pending_mobile(links()[0])
    with reading() as session:
        assert session.query(Consumer).one().coming_mobile is None


def test_the_old_numbers_otp_changes_it_although_too_many_have_waited(
    home_without_email: Household, frozen_clock: Any
) -> None:
    for turn in range(TIMES + 1):
        give_number(home_without_email, turn)
    frozen_clock.advance(minutes=16)
    owner = a_visitor(
        "the owner", trusted={home_without_email.consumer.id if home_without_email.consumer else 0: "own"}
    )
    mobile_change.begin_mobile_change(
        owner, KnowledgeFacts(home_without_email.account_no, home_without_email.bill_no), "9026114499"
    )
    code, old = otp_sent_to("9026114499", "new_mobile_otp"), otp_sent_to(MOBILE, "old_mobile_otp")

    assert mobile_change.prove_new_mobile(owner, code, old).outcome is MobileChangeOutcome.CHANGED


@pytest.fixture
def facts(database: Any, frozen_clock: Any) -> KnowledgeFacts:
    """Provide account and bill number of a registered household."""
    home = a_household()
    return KnowledgeFacts(home.account_no, home.bill_no)


def test_the_name_goes_to_the_verified_mobile(facts: KnowledgeFacts):
    answer = send_user_name(a_visitor(), facts)

    [message] = messages("user_name")
    assert answer.outcome is RecoveryOutcome.DONE
    assert (message.recipient, message.state) == (MOBILE, DeliveryState.WAITING)
    assert values_of(message)["user_name"] == facts.account_no


def test_a_wrong_bill_is_answered_alike_and_nothing_goes_out(facts: KnowledgeFacts):
    answer = send_user_name(a_visitor(), KnowledgeFacts(facts.account_no, "NOSUCH"))

    assert answer.outcome is RecoveryOutcome.DONE
    assert [message.state for message in messages("user_name")] == [DeliveryState.WITHHELD]


def test_a_mobile_gets_it_once_a_minute_for_all_askers(facts: KnowledgeFacts):
    for number in range(3):
        send_user_name(a_visitor(f"browser {number}", f"10.0.0.{number}"), facts)

    assert [message.state for message in messages("user_name")].count(DeliveryState.WAITING) == 1


def test_the_user_name_counts_among_the_six_messages_that_a_mobile_gets_a_day(
    facts: KnowledgeFacts, frozen_clock: Any
):
    for number in range(8):
        me = a_visitor(f"browser {number}", f"10.0.0.{number}")
        if number % 2:
            send_user_name(me, facts)
        else:
            begin_recovery(me, SIGN_IN, facts)
        frozen_clock.advance(minutes=20)

    assert [message.state for message in messages()] == [DeliveryState.WAITING] * 6 + [
        DeliveryState.WITHHELD
    ] * 2


def test_a_network_that_asks_for_too_many_has_to_wait(facts: KnowledgeFacts, monkeypatch: pytest.MonkeyPatch):
    hour = rate_limits.ALLOWANCES[Limit.OTP_SEND_ADDRESS].within
    monkeypatch.setitem(rate_limits.ALLOWANCES, Limit.OTP_SEND_ADDRESS, Allowance(1, hour))

    outcomes = [send_user_name(a_visitor(f"browser {number}"), facts).outcome for number in range(2)]

    assert outcomes == [RecoveryOutcome.DONE, RecoveryOutcome.TOO_OFTEN]
