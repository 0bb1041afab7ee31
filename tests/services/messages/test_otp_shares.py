"""Shares of the codes to a mobile: strangers cannot consume those reserved for its owner's phone and for calls."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_household
from tests.fixtures.helpdesk_calls import HELPDESK, opened
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    counted_statements,
    messages,
    otp_sent_to,
    register_up_to_code,
    rows,
    step_one,
    step_two,
    token_in,
    values_of,
    wrong,
)
from wss.db import transaction
from wss.domain.ownership import KnowledgeFacts
from wss.domain.visitor import Visitor
from wss.models import Consumer, Otp, Registration
from wss.queries.consumers import confirm_email
from wss.services.calls.verification import VerificationOutcome, send_otp
from wss.services.login.known_phones import remember_browser, send_phone_links
from wss.services.registration.activation import ActivationOutcome, send_hold_code, verify_code
from wss.services.registration.mobile_change import begin_mobile_change
from wss.services.registration.recovery import (
    PASSWORD,
    SIGN_IN,
    RecoveryOutcome,
    begin_recovery,
    log_in_by_code,
    resend_code,
    set_password_by_link,
)

A_MINUTE, A_QUARTER = 61, 15 * 60


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    return a_household()


def facts(home: Household) -> KnowledgeFacts:
    return KnowledgeFacts(home.account_no, home.bill_no)


def sent(notice: str = "sign_in_otp", mobile: str = MOBILE) -> int:
    """Return how many messages of a notice have been queued to the mobile."""
    return len([one for one in messages(notice) if one.recipient == mobile and one.state == "waiting"])


@pytest.fixture
def strangers(home: Household, frozen_clock: Any) -> Callable[[int, int], None]:
    """Return a function in which other browsers ask for codes with the owner's facts."""

    fresh = iter(range(10**6))

    def ask(times: int, seconds_between: int = 5 * 60) -> None:
        for number in (next(fresh) for _ in range(times)):
            begin_recovery(a_visitor(f"stranger {number}", f"10.7.0.{number}"), SIGN_IN, facts(home))
            frozen_clock.advance(seconds=seconds_between)

    return ask


def signed_in_before(home: Household) -> Visitor:
    assert home.consumer is not None
    return a_visitor("own phone", trusted={home.consumer.id: "own"})


def test_a_browser_that_has_signed_in_before_gets_three_more_when_strangers_have_taken_six(
    home: Household, strangers: Any, frozen_clock: Any
):
    strangers(10)
    assert sent() == 6
    for _ in range(4):
        begin_recovery(signed_in_before(home), SIGN_IN, facts(home))
        frozen_clock.advance(seconds=A_QUARTER)

    assert sent() == 9


def test_one_known_browser_leaves_the_owners_other_one_its_codes(
    home: Household, strangers: Any, frozen_clock: Any
):
    assert home.consumer is not None
    strangers(6)
    for _ in range(6):
        begin_recovery(a_visitor("of the cafe", trusted={home.consumer.id: "cafe"}), SIGN_IN, facts(home))
        frozen_clock.advance(seconds=A_QUARTER)
    begin_recovery(signed_in_before(home), SIGN_IN, facts(home))

    assert sent() == 6 + 3 + 1


def test_a_browser_that_has_signed_in_elsewhere_is_a_stranger(home: Household, strangers: Any):
    strangers(6)
    begin_recovery(a_visitor("neighbour", trusted={10**6: "own"}), SIGN_IN, facts(home))

    assert sent() == 6


def test_one_unknown_browser_gets_three_of_the_six(home: Household, frozen_clock: Any):
    for _ in range(6):
        assert begin_recovery(a_visitor(), SIGN_IN, facts(home)).outcome is RecoveryOutcome.DONE
        frozen_clock.advance(seconds=A_QUARTER)

    assert sent() == 3


def test_calls_have_their_own_codes_when_strangers_have_taken_six(
    home_on_record: Household, frozen_clock: Any
):
    for number in range(6):
        begin_recovery(a_visitor(f"stranger {number}"), SIGN_IN, facts(home_on_record))
        frozen_clock.advance(minutes=10)

    assert sent() == 6
    assert send_otp(HELPDESK, opened(home_on_record)).outcome is VerificationOutcome.CODE_SENT


def test_one_call_gets_three_codes_and_the_next_one_its_own(home_on_record: Household, frozen_clock: Any):
    call_id = opened(home_on_record)
    outcomes = []
    for number in range(5):
        outcomes.append(send_otp(HELPDESK, call_id if number < 4 else opened(home_on_record)).outcome)
        frozen_clock.advance(seconds=A_MINUTE)

    assert outcomes == [VerificationOutcome.CODE_SENT] * 3 + [
        VerificationOutcome.TOO_OFTEN,
        VerificationOutcome.CODE_SENT,
    ]


def test_a_code_that_was_withheld_leaves_the_one_that_came_right(home: Household, frozen_clock: Any):
    begin_recovery(a_visitor(), SIGN_IN, facts(home))
    otp = otp_sent_to(MOBILE, "sign_in_otp")
    frozen_clock.advance(seconds=A_MINUTE)
    begin_recovery(a_visitor("a stranger"), SIGN_IN, facts(home))
    resend_code(a_visitor(), SIGN_IN)
    begin_recovery(a_visitor("a stranger"), SIGN_IN, facts(home))

    assert log_in_by_code(a_visitor(), otp).outcome is RecoveryOutcome.DONE


def test_a_withheld_code_stops_after_five_wrong_tries_as_one_that_was_sent(home: Household, strangers: Any):
    def tries(bill_no: str, browser: str) -> list[RecoveryOutcome]:
        begin_recovery(a_visitor(browser), SIGN_IN, KnowledgeFacts(home.account_no, bill_no))
        return [log_in_by_code(a_visitor(browser), "123456").outcome for _ in range(7)]

    strangers(6)

    assert tries(home.bill_no, "right facts") == tries("NOSUCHBILL", "wrong facts")


@pytest.mark.parametrize("purpose", [SIGN_IN, PASSWORD])
def test_right_facts_are_the_same_work_as_wrong_ones_though_strangers_have_used_up_the_codes(
    home: Household, strangers: Any, purpose: str
):
    strangers(6)
    works, answers = [], []
    for number, bill_no in enumerate((home.bill_no, "NOSUCHBILL")):
        for _ in range(2):
            with counted_statements() as work:
                answers.append(
                    begin_recovery(
                        a_visitor(f"guesser {number}"), purpose, KnowledgeFacts(home.account_no, bill_no)
                    )
                )
            works.append(work)

    assert works[:2] == works[2:]
    assert answers[:2] == answers[2:]


def test_once_codes_are_withheld_the_mobile_gets_one_link_a_day(strangers: Any, frozen_clock: Any):
    for _ in range(3):
        strangers(4, 1)
        send_phone_links()
    assert sent("phone_link") == 1
    frozen_clock.advance(hours=24)
    strangers(2, 1)
    send_phone_links()

    assert sent("phone_link") == 2


def test_a_code_that_was_withheld_proves_nothing(home: Household, strangers: Any):
    strangers(6)
    before = {one.id for one in messages("sign_in_otp")}
    begin_recovery(a_visitor("guesser"), SIGN_IN, facts(home))
    [withheld] = [one for one in messages("sign_in_otp") if one.id not in before]

    guessed = log_in_by_code(a_visitor("guesser"), values_of(withheld)["otp"])

    assert guessed.outcome is RecoveryOutcome.WRONG


def test_no_one_gets_a_link_where_the_facts_were_wrong(home: Household):
    for number in range(8):
        begin_recovery(a_visitor(f"guesser {number}"), SIGN_IN, KnowledgeFacts(home.account_no, "NOSUCHBILL"))

    assert send_phone_links() == 0


def test_the_owner_on_a_new_phone_opens_the_link_and_gets_a_code_at_once(home: Household, strangers: Any):
    strangers(6)
    begin_recovery(a_visitor("new phone"), SIGN_IN, facts(home))
    send_phone_links()

    assert remember_browser(a_visitor("new phone"), token_in("phone_link"))
    assert resend_code(a_visitor("new phone"), SIGN_IN).ok  # type: ignore[union-attr]
    otp = otp_sent_to(MOBILE, "sign_in_otp")
    assert log_in_by_code(a_visitor("new phone"), otp).outcome is RecoveryOutcome.DONE


def test_the_link_is_for_one_browser_once_and_signs_no_one_in(home: Household, strangers: Any):
    strangers(7)
    send_phone_links()
    code = token_in("phone_link")

    assert remember_browser(a_visitor("new phone"), code.lower())
    assert not remember_browser(a_visitor("a stranger"), code)
    begin_recovery(a_visitor("a stranger"), SIGN_IN, facts(home))
    assert sent() == 6


def test_the_link_of_one_mobile_helps_with_no_other(home: Household, strangers: Any):
    strangers(7)
    send_phone_links()
    remember_browser(a_visitor("new phone"), token_in("phone_link"))
    before = sent("new_mobile_otp", ANOTHER_MOBILE)
    for number in range(6):
        begin_mobile_change(
            a_visitor("new phone"), KnowledgeFacts(home.account_no, f"NOSUCHBILL{number}"), ANOTHER_MOBILE
        )

    assert sent("new_mobile_otp", ANOTHER_MOBILE) - before <= 1


@pytest.fixture
def home_with_email(home: Household) -> Household:
    """Provide the household with a confirmed e-mail address."""
    assert home.consumer is not None
    with transaction() as session:
        session.get_one(Consumer, home.consumer.id).email = "pooja@example.in"
    with transaction():
        confirm_email(home.consumer.id, "pooja@example.in", home.consumer.created_at)
    return home


def test_a_refused_ask_for_a_new_password_sends_no_link_and_leaves_the_former_one(home_with_email: Household):
    begin_recovery(a_visitor(), PASSWORD, facts(home_with_email))
    former = token_in("reset_link")

    refused = begin_recovery(a_visitor(), PASSWORD, facts(home_with_email))

    assert refused.outcome is RecoveryOutcome.TOO_OFTEN and len(messages("reset_link")) == 1
    ended = set_password_by_link(former, home_with_email.bill_no, "a quite new password")
    assert ended.outcome is RecoveryOutcome.DONE


def test_letters_with_a_reset_link_are_six_a_day_and_three_for_each_browser_that_is_known(
    home_with_email: Household,
):
    def ask(browser: str, trusted: str = "") -> None:
        known = {home_with_email.consumer.id: trusted} if trusted else {}
        begin_recovery(a_visitor(browser, trusted=known), PASSWORD, facts(home_with_email))

    for number in range(8):
        ask(f"stranger {number}")
    assert [letter.state for letter in messages("reset_link")].count("waiting") == 6

    for number in range(5):
        ask(f"cafe {number}", "cafe")
    ask("known", "own")

    assert [letter.state for letter in messages("reset_link")].count("waiting") == 6 + 3 + 1


def test_a_refused_step_two_leaves_the_code_and_the_details_as_they_were(database: Any, frozen_clock: Any):
    home = a_household(registered=False)
    step_one(a_visitor(), home.account_no, home.bill_no)
    for number in range(20):
        step_two(a_visitor(), f"90000000{number:02}")
    step_two(a_visitor(), MOBILE)

    [registration] = rows(Registration)
    assert registration.mobile == "9000000019"


def test_who_squats_on_a_connection_does_not_keep_its_owner_from_registering(
    database: Any, frozen_clock: Any
):
    home = a_household(registered=False)
    for number in range(12):
        # Each with the number on record, which is not theirs.
        register_up_to_code(a_visitor(f"squatter {number}"), home, MOBILE)
        verify_code(a_visitor(f"squatter {number}"), wrong(otp_sent_to(MOBILE)))
        frozen_clock.advance(seconds=A_MINUTE)
    register_up_to_code(a_visitor("owner"), home, MOBILE)
    send_phone_links()
    remember_browser(a_visitor("owner"), token_in("phone_link"))
    step_two(a_visitor("owner"), MOBILE)

    assert verify_code(a_visitor("owner"), otp_sent_to(MOBILE)).outcome is ActivationOutcome.ACTIVE


def test_who_holds_a_connection_takes_three_of_the_six_whichever_browsers_they_use(
    database: Any, frozen_clock: Any
):
    home = a_household(registered=False)
    register_up_to_code(a_visitor(), home, ANOTHER_MOBILE)
    held = verify_code(a_visitor(), otp_sent_to(ANOTHER_MOBILE))
    for number in range(6):
        send_hold_code(a_visitor(f"browser {number}"), held.consumer_id)
        frozen_clock.advance(seconds=A_QUARTER)

    assert sent("hold_otp") == 3


def test_earlier_codes_belong_to_no_browser(home: Household):
    begin_recovery(a_visitor(), SIGN_IN, facts(home))
    with transaction() as session:
        session.query(Otp).update({"asker": ""})

    assert log_in_by_code(a_visitor(), otp_sent_to(MOBILE, "sign_in_otp")).outcome is RecoveryOutcome.WRONG
