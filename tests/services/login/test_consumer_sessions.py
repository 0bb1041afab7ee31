"""Sessions of consumers: confirmed by password or OTP, and ended together with the known browsers."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import MOBILE, PASSWORD, Household, a_household, a_session, given
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    otp_sent_to,
    rows,
    token_in,
    wrong,
)
from tests.project.tree import ROOT, none_of
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.otp import requester_of
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import Consumer, SignedIn
from wss.services.login.known_phones import remember_browser, send_phone_links
from wss.services.login.reauthentication import (
    ReauthenticationOutcome,
    ask_confirm_code,
    confirm_by_code,
    confirm_by_password,
)
from wss.services.messages.otp_shares import known_as
from wss.services.my_data.anonymisation import erase
from wss.services.my_data.settings import change_settings, end_all_sessions, end_session
from wss.services.registration import mobile_change, recovery
from wss.services.registration.recovery_undo import free_number, undo

ENDS_SESSIONS = re.compile(r"\b(delete_other_sessions|delete\(SignedIn\))")


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a household whose consumer is logged in elsewhere."""
    home = a_household()
    given(a_session("lost", consumer_id=home.consumer.id))
    return home


def owner() -> Consumer:
    return rows(Consumer)[0]


def me() -> Actor:
    return Actor(Role.CONSUMER, str(owner().id))


def new_password(home: Household) -> None:
    recovery.begin_recovery(a_visitor(), recovery.PASSWORD, KnowledgeFacts(home.account_no, home.bill_no))
    recovery.set_password_by_code(a_visitor(), otp_sent_to(MOBILE, "password_otp"), "eleven green doors")


def mobile_comes(home: Household) -> None:
    mobile_change.begin_mobile_change(
        a_visitor(), KnowledgeFacts(home.account_no, home.bill_no), ANOTHER_MOBILE
    )
    mobile_change.prove_new_mobile(a_visitor(), otp_sent_to(ANOTHER_MOBILE, "new_mobile_otp"), "")


def stopped_mobile(home: Household) -> None:
    mobile_comes(home)
    mobile_change.stop_pending_mobile(token_in("mobile_coming"))


def new_mobile(home: Household) -> None:
    mobile_change.begin_mobile_change(
        a_visitor(), KnowledgeFacts(home.account_no, home.bill_no), ANOTHER_MOBILE
    )
    old = otp_sent_to(MOBILE, "old_mobile_otp")
    mobile_change.prove_new_mobile(a_visitor(), otp_sent_to(ANOTHER_MOBILE, "new_mobile_otp"), old)


def erased(_home: Household) -> None:
    with transaction() as session:
        erase(me(), session.get(Consumer, owner().id))


EVENTS: dict[str, Callable[[Household], Any]] = {
    "logged out everywhere": lambda _home: end_all_sessions(me()),
    "logged out there": lambda _home: end_session(me(), "lost"),
    "another e-mail": lambda _home: change_settings(
        me(), "hi", sms_alerts=True, email_alerts=False, email="new@example.in"
    ),
    "another password": new_password,
    "stopped mobile": stopped_mobile,
    "another mobile": new_mobile,
    "erased": erased,
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_known_browsers_are_forgotten_with(home: Household, event: Callable[[Household], Any]):
    event(home)

    assert owner().browsers_version == 1


@pytest.mark.parametrize("ends", [undo, free_number])
def test_a_change_that_is_undone_forgets_them_once_more(home: Household, ends: Callable[[str], Any]):
    new_mobile(home)

    assert ends(token_in("mobile_changed" if ends is undo else "number_in_use"))

    assert owner().browsers_version == 2


def test_a_browser_that_opened_the_link_to_the_phone_is_forgotten_too(home: Household):
    for number in range(7):
        asks = a_visitor(f"stranger {number}", f"10.7.0.{number}")
        recovery.begin_recovery(asks, recovery.SIGN_IN, KnowledgeFacts(home.account_no, home.bill_no))
    send_phone_links()
    remember_browser(a_visitor(), token_in("phone_link"))
    with reading():
        before = known_as(requester_of(a_visitor(), ""), MOBILE) is not None

    end_all_sessions(me())

    with reading():
        assert (before, known_as(requester_of(a_visitor(), ""), MOBILE)) == (True, None)
    assert len(messages("phone_link")) == 1


def test_sessions_of_consumers_are_ended_in_one_place():
    places = {
        "queries/sessions.py",
        "services/login/known_browsers.py",
        "queries/erasure.py",
        "queries/staff.py",
        "queries/extracts.py",
    }

    none_of(
        [
            str(path)
            for path in (ROOT / "wss").rglob("*.py")
            if str(path.relative_to(ROOT / "wss")) not in places
            and ENDS_SESSIONS.search(path.read_text(encoding="utf-8"))
        ]
    )


@pytest.fixture
def consumer_id(database: Any, frozen_clock: Any) -> int:
    """Provide a consumer who is logged in here and elsewhere."""
    home: Household = a_household()
    assert home.consumer is not None
    for session_hash in ("here", "elsewhere"):
        given(a_session(session_hash, consumer_id=home.consumer.id))
    return home.consumer.id


def confirmed() -> list[str]:
    return [row.id_hash for row in rows(SignedIn) if row.stepped_up_at is not None]


def by_password(consumer_id: int, session_hash: str, typed: str = PASSWORD) -> ReauthenticationOutcome:
    return confirm_by_password(a_visitor(session_hash), consumer_id, typed).outcome


def test_the_password_confirms_the_session_in_which_it_was_given_and_no_other(consumer_id: int):
    assert by_password(consumer_id, "here") is ReauthenticationOutcome.DONE
    assert confirmed() == ["here"]


def test_a_code_confirms_the_session_that_asked_for_it_and_no_other(consumer_id: int):
    ask_confirm_code(a_visitor("here"), consumer_id)
    ask_confirm_code(a_visitor("elsewhere"), consumer_id)
    code = otp_sent_to(MOBILE, "confirm_otp")

    assert confirm_by_code(a_visitor("elsewhere"), consumer_id, code).outcome is ReauthenticationOutcome.WRONG
    assert confirm_by_code(a_visitor("here"), consumer_id, code).outcome is ReauthenticationOutcome.DONE
    assert confirmed() == ["here"]


def test_a_wrong_or_used_code_confirms_nothing(consumer_id: int):
    ask_confirm_code(a_visitor("here"), consumer_id)
    code = otp_sent_to(MOBILE, "confirm_otp")

    first = confirm_by_code(a_visitor("here"), consumer_id, wrong(code)).outcome
    confirm_by_code(a_visitor("here"), consumer_id, code)
    again = confirm_by_code(a_visitor("elsewhere"), consumer_id, code).outcome

    assert (first, again, confirmed()) == (
        ReauthenticationOutcome.WRONG,
        ReauthenticationOutcome.LOST,
        ["here"],
    )


def test_wrong_passwords_stop_the_session_that_tried_them_and_not_another(consumer_id: int):
    tries = ALLOWANCES[Limit.PROVE_AGAIN].times
    outcomes = [by_password(consumer_id, "here", "wrong") for _ in range(tries + 1)]

    assert outcomes == [ReauthenticationOutcome.WRONG] * tries + [ReauthenticationOutcome.TOO_OFTEN]
    assert by_password(consumer_id, "here") is ReauthenticationOutcome.TOO_OFTEN
    assert by_password(consumer_id, "elsewhere") is ReauthenticationOutcome.DONE
