"""Costs of SMS: the limits of numbers, browsers, series and the day, and who still gets codes when one is reached."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.factories import MOBILE, a_household
from tests.fixtures.message_servers import raising
from tests.fixtures.registration import counted_statements, messages, rows
from wss.db import transaction
from wss.domain.otp import OtpPurpose, OtpRequester, OtpSending
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.models import AuditEntry, Message, Otp
from wss.queries import limits as counts
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.otp import send_otp
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
    [
        "5224046677",
        "0522404667",
        "+12025550123",
        "2025550123",
        "441632960961",
        "1912",
        "57575",
        "900123456",
    ],
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
