"""Costs of SMS: limits of numbers, browsers, series and the day; unused codes raise an alarm and require captchas."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.factories import MOBILE, Household, a_household, a_message
from tests.fixtures.message_servers import raising
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    counted_statements,
    messages,
    register_up_to_code,
    rows,
    solution,
    step_one,
    step_two,
)
from wss.clock import now
from wss.db import transaction
from wss.domain.captcha import CaptchaAnswer
from wss.domain.otp import OtpPurpose, OtpRequester, OtpSending
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.domain.sms_costs import is_pumping
from wss.models import AuditEntry, LimitCount, Message, Otp
from wss.queries import limits as counts
from wss.services.claims.claims import ClaimOutcome, begin_claim
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.otp import send_otp
from wss.services.messages.sms_abuse import check_code_use
from wss.services.operations import housekeeping
from wss.services.registration.mobile_change import MobileChangeOutcome, begin_mobile_change
from wss.services.registration.step_results import StepOneOutcome, StepTwoOutcome
from wss.services.shared import rate_limits

Ask = Callable[..., OtpSending]
SERIES = "70071"


@pytest.fixture
def ask(database: Any, frozen_clock: Any) -> Ask:
    """Return a function that asks for a code to a number, each time from another browser and network."""
    asked = iter(range(10**6))

    def ask(mobile: str | None, **who: str) -> OtpSending:
        number = next(asked)
        asker = {"address": f"10.0.{number // 250}.{number % 250}", "key": f"browser {number}"} | who
        with transaction():
            return send_otp(
                OtpPurpose("registration", f"registration:{number}", mobile or ""),
                "registration_otp",
                Recipient("hi", mobile),
                OtpRequester(typed=mobile or "typed 1", **asker),
            )

    return ask


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that lowers limits so that tests can reach them."""

    def allow(**times: int) -> None:
        for name, many in times.items():
            within = ALLOWANCES[Limit[name]].within
            monkeypatch.setitem(ALLOWANCES, Limit[name], Allowance(many, within))

    return allow


def numbers(series: str, how_many: int) -> list[str]:
    return [f"{series}{number:05d}" for number in range(how_many)]


def sent_to() -> list[str]:
    """Return the recipients of the queued messages."""
    return sorted(message.recipient for message in messages() if message.state == "waiting")


def alarms() -> list[tuple[str, dict[str, Any]]]:
    return [(one.subject, one.details) for one in rows(AuditEntry, AuditEntry.deed == "alarm")]


def test_a_series_of_unknown_numbers_gets_so_many_codes_a_day(ask: Ask, allow: Any, frozen_clock: Any):
    allow(OTP_SEND_SERIES=4)
    allowed = [ask(mobile).ok for mobile in numbers(SERIES, 6)]

    assert allowed == [True] * 6
    assert sent_to() == numbers(SERIES, 4)
    assert alarms() == [("limit:otp_send_series", {"series": SERIES})]
    frozen_clock.advance(hours=23, minutes=59)
    assert ask(f"{SERIES}99998").ok and len(sent_to()) == 4
    frozen_clock.advance(minutes=1)
    assert ask(f"{SERIES}99999").ok and len(sent_to()) == 5


def test_other_series_and_numbers_on_record_get_theirs_when_one_series_is_used_up(ask: Ask, allow: Any):
    home = a_household(registered=False)
    allow(OTP_SEND_SERIES=4)
    of_the_series = numbers(MOBILE[:5], 6)
    assert home.connection.mobile_on_record == MOBILE and MOBILE not in of_the_series
    for mobile in of_the_series:
        ask(mobile)

    ask(MOBILE)
    ask("8127700001")

    assert sent_to() == sorted([*of_the_series[:4], MOBILE, "8127700001"])


def test_known_numbers_keep_a_reserve_of_the_day(ask: Ask, allow: Any):
    home = a_household()
    assert home.consumer is not None and home.consumer.mobile == MOBILE
    allow(OTP_SEND_UNKNOWN=3, OTP_SEND_BUDGET=4)
    unknown = [f"70{series:03d}00000" for series in range(5)]

    allowed = [ask(mobile).ok for mobile in unknown]
    allowed.append(ask(MOBILE).ok)

    assert allowed == [True] * 6
    assert sent_to() == sorted([*unknown[:3], MOBILE])
    assert alarms() == [("limit:otp_send_unknown", {})]


def test_a_consumed_day_is_shown_to_everyone_with_the_time_to_wait(ask: Ask, allow: Any, frozen_clock: Any):
    a_household()
    allow(OTP_SEND_BUDGET=2)
    for mobile in numbers(SERIES, 2):
        ask(mobile)
    frozen_clock.advance(hours=1)

    refused = [ask(mobile) for mobile in (MOBILE, "8127700001", None)]

    assert refused == [OtpSending(False, 23 * 3600)] * 3
    assert alarms() == [("limit:otp_send_budget", {})]


def test_withheld_messages_consume_no_budget(ask: Ask, allow: Any):
    allow(OTP_SEND_UNKNOWN=2, OTP_SEND_BUDGET=2, OTP_SEND_SERIES=1)
    for _ in range(5):
        ask(None)
    for mobile in numbers(SERIES, 5):
        ask(mobile)

    ask("8127700001")

    assert sent_to() == sorted([f"{SERIES}00000", "8127700001"])


@pytest.mark.parametrize("shut", ["", "OTP_SEND_SERIES", "OTP_SEND_UNKNOWN"])
def test_a_known_number_is_the_same_work_as_an_unknown_one(ask: Ask, allow: Any, shut: str):
    a_household()
    unknown = f"{MOBILE[:5]}00001"
    if shut:
        allow(**{shut: 1})
        # Two requests: the second one records the alarm.
        ask(f"{MOBILE[:5]}00002")
        ask(f"{MOBILE[:5]}00003")

    works = []
    for mobile in (MOBILE, unknown):
        with counted_statements() as work:
            assert ask(mobile).ok
        works.append(work)

    assert works[0] == works[1]


def test_employees_get_an_error_rather_than_wait(ask: Ask, allow: Any):
    allow(OTP_SEND_SERIES=1)
    ask(f"{SERIES}00001", employee="H1")

    refused = ask(f"{SERIES}00002", employee="H1")

    assert refused == OtpSending(False, 24 * 3600)


@pytest.mark.parametrize(
    ("times", "who"),
    [(20, {"key": "one browser"}), (300, {"address": "10.9.9.9"})],
    ids=["device", "address"],
)
def test_a_browser_and_a_network_have_so_many_codes_an_hour(
    ask: Ask, frozen_clock: Any, times: int, who: dict[str, str]
):
    allowed = [ask(f"{60000 + number}00000", **who).ok for number in range(times + 1)]
    frozen_clock.advance(minutes=59, seconds=59)
    just_before = ask("9990000001", **who)
    frozen_clock.advance(seconds=1)

    assert allowed == [True] * times + [False]
    assert just_before == OtpSending(False, 1)
    assert ask("9990000002", **who).ok


@pytest.mark.parametrize("ended", [False, True])
def test_what_was_not_counted_is_not_allowed_even_at_the_windows_edge(
    database: Any, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch, ended: bool
):
    with transaction():
        assert rate_limits.consume(Limit.OTP_SEND_GAP, MOBILE).allowed
    counted = counts.consume

    def count_late(*asked: Any) -> Any:
        found = counted(*asked)
        frozen_clock.advance(minutes=1 if ended else 0)
        return found

    monkeypatch.setattr(counts, "consume", count_late)
    with transaction():
        again = rate_limits.consume(Limit.OTP_SEND_GAP, MOBILE)

    assert not again.allowed and again.retry_after == (1 if ended else 60)


def test_without_the_limiter_nothing_is_sent(ask: Ask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counts, "consume", raising(OperationalError("", {}, Exception("no such table"))))
    with pytest.raises(OperationalError):
        ask(MOBILE)

    assert (rows(Message), rows(Otp)) == ([], [])


@pytest.mark.parametrize(
    "number",
    ["5224046677", "0522404667", "+12025550123", "2025550123", "441632960961", "1912", "57575", "900123456"],
)
def test_nothing_ever_goes_to_what_is_no_indian_mobile(database: Any, frozen_clock: Any, number: str):
    # As an extract may have put it on record.
    with transaction():
        for notice in ("registered_consumer", "registration_otp"):
            queue_notice(notice, Recipient("hi", number), {})

    assert {message.state for message in messages()} == {"withheld"}


def test_messages_to_oneself_end_for_the_day_and_warnings_do_not(database: Any, frozen_clock: Any):
    a_day = 50
    with transaction():
        for _ in range(a_day + 1):
            queue_notice("request_registered", Recipient("hi", MOBILE), {})
        queue_notice("mobile_coming", Recipient("hi", MOBILE), {})

    states = [(message.notice, message.state, message.reason) for message in messages()]
    assert states.count(("request_registered", "waiting", "")) == a_day
    assert states.count(("request_registered", "withheld", "too_many_a_day")) == 1
    assert states.count(("mobile_coming", "waiting", "")) == 1


CHANGES = ["withdrawn", "closed", "reopened", "erasure_asked", "request_registered_1912"]


@pytest.mark.parametrize("notice", CHANGES)
def test_what_is_done_to_a_request_or_login_is_told_whatever_else_was_sent(
    database: Any, frozen_clock: Any, notice: str
):
    with transaction():
        for _ in range(51):
            queue_notice("request_registered", Recipient("hi", MOBILE), {})
        queue_notice(notice, Recipient("hi", MOBILE), {})

    assert [message.state for message in messages(notice)] == ["waiting"]


def test_what_is_done_to_requests_ends_for_the_day_too(database: Any, frozen_clock: Any):
    with transaction():
        for _ in range(51):
            queue_notice("withdrawn", Recipient("hi", MOBILE), {})

    assert [message.state for message in messages()].count("withheld") == 1


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
    register_up_to_code(a_visitor(), home)
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
