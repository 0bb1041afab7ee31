"""Rate limits on pages: shown at the field with the time to wait, in the reader's language, without any number."""

from typing import Any

import pytest
from flask import Flask

from tests.factories import MOBILE, Household, a_household, sign_in_staff
from tests.fixtures.helpdesk_calls import SUPERVISOR
from tests.fixtures.pages import Page
from tests.fixtures.registration import messages
from tests.fixtures.registration_pages import captcha_answer, give_details, name_connection, walk_to_otp
from tests.fixtures.site import Visitor
from tests.web.test_account_enumeration import same
from wss.db import transaction
from wss.domain.actor import SYSTEM
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.domain.sms_costs import ALARMS
from wss.services.shared import rate_limits
from wss.services.shared.audit import record
from wss.services.shared.sms_budget import ALL

# Of the same series, and masked in the same way.
UNKNOWN = MOBILE[:5] + "000" + MOBILE[-2:]


def shut(monkeypatch: pytest.MonkeyPatch, limit: Limit, *subjects: str) -> None:
    """Consume a rate limit completely."""
    within = ALLOWANCES[limit].within
    monkeypatch.setitem(ALLOWANCES, limit, Allowance(1, within))
    with transaction():
        for subject in subjects:
            rate_limits.consume(limit, subject)


def message_at(page: Page, field: str) -> str:
    found = page.find(f"{field}-e")
    assert found is not None
    return " ".join("".join(found.itertext()).split())


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Try again in 1 min."), ("hi", "1 मिनट बाद फिर कोशिश करें।")]
)
def test_a_second_code_within_a_minute_is_refused_with_the_time_to_wait(
    visitor: Visitor, home: Household, language: str, words: str
):
    visitor.client.set_cookie("wss_language", language)
    walk_to_otp(visitor, home)

    page = visitor.fill("/register/verify", form="/register/resend")

    assert page.status == 429 and words in message_at(page, "otp")
    assert page.headers["Retry-After"] == "60"


@pytest.mark.parametrize(("hours", "words"), [(0, "in 24 h"), (23, "in 60 min")])
def test_a_used_up_day_is_shown_at_the_number_with_the_time_to_wait(
    visitor: Visitor,
    home: Household,
    monkeypatch: pytest.MonkeyPatch,
    frozen_clock: Any,
    hours: int,
    words: str,
):
    shut(monkeypatch, Limit.OTP_SEND_BUDGET, ALL)
    frozen_clock.advance(hours=hours)
    visitor.client.set_cookie("wss_language", "en")
    name_connection(visitor, home.account_no, home.bill_no)

    page = give_details(visitor)

    assert page.status == 429 and words in message_at(page, "mobile")


@pytest.mark.parametrize(
    ("limit", "subject"), [(Limit.OTP_SEND_SERIES, MOBILE[:5]), (Limit.OTP_SEND_UNKNOWN, ALL)]
)
def test_while_only_known_numbers_get_codes_the_page_says_so_of_every_number(
    app: Flask, home: Household, monkeypatch: pytest.MonkeyPatch, limit: Limit, subject: str
):
    other = a_household("7950761922", registered=False, mobile_on_record="9026114477")
    shut(monkeypatch, limit, subject)
    one, another = Visitor(app.test_client()), Visitor(app.test_client())

    known = walk_to_otp(one, home, mobile=MOBILE)
    unknown = walk_to_otp(another, other, mobile=UNKNOWN)

    assert "हमारे रिकॉर्ड में हैं" in known.text and "25-11" in known.text
    same(known, unknown)
    assert {message.recipient: message.state for message in messages("registration_otp")} == {
        MOBILE: "waiting",
        UNKNOWN: "withheld",
    }


def test_while_all_get_theirs_the_page_says_nothing(visitor: Visitor, home: Household):
    assert "हमारे रिकॉर्ड में हैं" not in walk_to_otp(visitor, home).text


@pytest.mark.parametrize("path", ["/update-mobile", "/register/claim"])
def test_a_browsers_second_code_to_a_typed_number_needs_a_sum(visitor: Visitor, frozen_clock: Any, path: str):
    home = a_household()
    visitor.client.set_cookie("wss_language", "en")
    typed = {"account_no": home.account_no, "bill_no": home.bill_no}
    typed |= {"mobile": "9026114477"} if path == "/update-mobile" else {}
    first = visitor.fill(path, form=path, **typed)
    frozen_clock.advance(minutes=2)
    page = visitor.get(path)

    wrong = visitor.send(page, path, form=path, captcha="99", **typed)
    reloaded = visitor.send(wrong, path, form=path, reload_captcha="1")
    right = visitor.send(reloaded, path, form=path, captcha=captcha_answer(visitor, reloaded), **typed)

    assert (first.status, wrong.status, reloaded.status, right.status) == (303, 422, 200, 303)
    assert "Try this new sum" in message_at(wrong, "captcha")
    assert home.account_no in reloaded.html


@pytest.mark.parametrize(
    ("subject", "details", "english", "hindi"),
    [
        ("otp_send_budget", {}, "Today's OTP limit is used up", "आज के OTP की सीमा"),
        ("otp_send_unknown", {}, "Numbers on record still get theirs", "रिकॉर्ड वाले नंबरों पर"),
        ("otp_send_series", {"series": "70071"}, "Numbers beginning with 70071", "70071 से शुरू"),
        ("site_failures", {}, "Someone may be guessing", "कोई अंदाज़ा"),
        (
            "verify_rate",
            {"sent": 240, "used": 12},
            "Only 12 of the 240 OTPs of the last hour were used",
            "240",
        ),
    ],
)
def test_the_supervisor_reads_each_alarm_in_words(
    visitor: Visitor, home_on_record: Household, subject: str, details: Any, english: str, hindi: str
):
    assert f"limit:{subject}" in ALARMS
    with transaction():
        record(SYSTEM, "alarm", f"limit:{subject}", **details)
    sign_in_staff(visitor, SUPERVISOR.id)

    pages = []
    for language in ("en", "hi"):
        visitor.client.set_cookie("wss_language", language)
        pages.append(visitor.get("/helpdesk/supervisor").text)

    assert english in pages[0] and hindi in pages[1]
