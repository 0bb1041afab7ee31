"""Codes that are not used: the worker raises an alarm, and browsers have to solve a captcha first."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_household, a_message
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    rows,
    solution,
    step_one,
    step_two,
)
from wss.clock import now
from wss.db import transaction
from wss.domain.captcha import CaptchaAnswer
from wss.domain.ownership import KnowledgeFacts
from wss.domain.sms_costs import is_pumping
from wss.models import AuditEntry, LimitCount, Otp
from wss.services.claims.claims import ClaimOutcome, begin_claim
from wss.services.messages.sms_abuse import check_code_use
from wss.services.operations import housekeeping
from wss.services.registration.mobile_change import MobileChangeOutcome, begin_mobile_change
from wss.services.registration.registration import StepOneOutcome, StepTwoOutcome


def codes(how_many: int, used: int = 0, state: str = "sent") -> None:
    """Insert codes that were sent a moment ago, some of which were used."""
    with transaction() as session:
        sent = [a_message(notice="sign_in_otp", state=state) for _ in range(how_many)]
        session.add_all(sent)
        session.flush()
        for number, message in enumerate(sent):
            session.add(
                Otp(
                    reference_no=f"{number:08d}",
                    purpose="sign_in",
                    mobile="9000000001",
                    subject=f"proof:{number} {message.id[:8]}",
                    counter=number,
                    message_id=message.id,
                    created_at=now(),
                    expires_at=now(),
                    used_at=now() if number < used else None,
                )
            )


@pytest.mark.parametrize(
    ("sent", "used", "pumped"),
    [(99, 0, False), (100, 19, True), (100, 20, False), (1000, 199, True), (1000, 200, False), (0, 0, False)],
)
def test_fewer_than_a_fifth_of_a_hundred_codes_is_pumping(sent: int, used: int, pumped: bool):
    assert is_pumping(sent, used) is pumped


def test_the_worker_notices_and_writes_it_down_once_an_hour(database: Any, frozen_clock: Any):
    codes(100, used=19)
    frozen_clock.advance(minutes=3)

    noticed = [check_code_use() for _minute in range(5)]

    assert noticed == [True] * 5
    [alarm] = rows(AuditEntry, AuditEntry.deed == "alarm")
    assert (alarm.subject, alarm.details) == ("limit:verify_rate", {"sent": 100, "used": 19})


@pytest.mark.parametrize(
    ("unused", "state", "minutes"),
    [
        (100, "sent", 2),  # still to be typed
        (100, "sent", 60),  # of another hour
        (100, "withheld", 3),  # cost nothing
        (100, "dead", 3),  # not delivered: the gateway's fault
        (99, "delivered", 3),
    ],
)
def test_what_says_nothing_raises_no_alarm(
    database: Any, frozen_clock: Any, unused: int, state: str, minutes: int
):
    codes(unused, state=state)
    frozen_clock.advance(minutes=minutes)

    assert not check_code_use()


def test_codes_that_were_replaced_by_newer_ones_still_count(database: Any, frozen_clock: Any, tmp_path: Any):
    home = a_household(registered=False)
    step_one(a_visitor(), home.account_no, home.bill_no)
    step_two(a_visitor())
    frozen_clock.advance(minutes=11)
    step_two(a_visitor())
    with transaction():
        housekeeping.codes.delete_expired_codes(now(), 1_000)

    assert len(messages("registration_otp")) == len(rows(Otp)) == 2


@pytest.fixture
def pumped(database: Any, frozen_clock: Any) -> Household:
    """Provide a household during an SMS pumping attack."""
    home = a_household(registered=False)
    codes(100)
    frozen_clock.advance(minutes=3)
    assert check_code_use()
    return home


def test_while_codes_are_pumped_no_one_gets_the_first_without_a_captcha(pumped: Household):
    facts = KnowledgeFacts(pumped.account_no, pumped.bill_no)

    refused = step_one(a_visitor(), pumped.account_no, pumped.bill_no, captcha=False).outcome
    changed = begin_mobile_change(a_visitor("another"), facts, ANOTHER_MOBILE).outcome
    claimed = begin_claim(a_visitor("a third"), facts, None).outcome

    assert (refused, changed, claimed) == (
        StepOneOutcome.WRONG_CAPTCHA,
        MobileChangeOutcome.WRONG_CAPTCHA,
        ClaimOutcome.WRONG_CAPTCHA,
    )
    assert messages("registration_otp", "new_mobile_otp", "claim_otp") == []


def test_who_solves_it_gets_theirs(pumped: Household):
    step_one(a_visitor(), pumped.account_no, pumped.bill_no)

    assert step_two(a_visitor()).outcome is StepTwoOutcome.OTP_SENT
    assert len(messages("registration_otp")) == 1


def test_one_captcha_buys_three_codes_then(pumped: Household):
    step_one(a_visitor(), pumped.account_no, pumped.bill_no)
    for number in range(5):
        step_two(a_visitor(), f"700710000{number}")

    assert len(messages("registration_otp")) == 3


def test_half_an_hour_after_the_last_alarm_all_is_as_before(pumped: Household, frozen_clock: Any):
    with transaction() as session:
        session.execute(sa.delete(Otp))
    frozen_clock.advance(minutes=29)
    before = step_one(a_visitor(), pumped.account_no, pumped.bill_no, captcha=False).outcome
    check_code_use()
    frozen_clock.advance(minutes=1)

    assert before is StepOneOutcome.WRONG_CAPTCHA
    assert (
        step_one(a_visitor(), pumped.account_no, pumped.bill_no, captcha=False).outcome
        is StepOneOutcome.STARTED
    )


def test_a_browsers_second_code_to_a_typed_number_needs_a_captcha(database: Any, frozen_clock: Any):
    home = a_household()
    facts, me = KnowledgeFacts(home.account_no, home.bill_no), a_visitor()
    first = begin_mobile_change(me, facts, ANOTHER_MOBILE).outcome
    frozen_clock.advance(minutes=2)
    second = begin_mobile_change(me, facts, "9026114478").outcome
    wrong = begin_mobile_change(me, facts, "9026114478", CaptchaAnswer(solution(me).captcha_id, "99")).outcome

    assert (first, second, wrong) == (
        MobileChangeOutcome.ASKED,
        MobileChangeOutcome.WRONG_CAPTCHA,
        MobileChangeOutcome.WRONG_CAPTCHA,
    )
    assert begin_mobile_change(me, facts, "9026114478", solution(me)).outcome is MobileChangeOutcome.ASKED


def test_counting_is_no_work_for_who_asks_for_codes(pumped: Household):
    # The flag is one row that only the worker writes.
    before = [(row.key, row.count) for row in rows(LimitCount)]

    assert check_code_use()
    assert [(row.key, row.count) for row in rows(LimitCount)] == before
