"""The controls of what SMS cost, how each is switched off, and the tests that must turn red."""

from typing import Any

from tests.project import switches
from tests.project.switches import Control

SPENDING, PUMPING = (f"tests/services/test_{name}.py" for name in ("spending", "pumping"))
LIMITS = "tests/services/requests/test_daily_limits.py"
CODES, SHARES = (f"tests/services/test_{name}.py" for name in ("one_time_passwords", "shares_of_codes"))
USER_NAME, LINKS = (
    "tests/services/registration/test_user_name_recovery.py",
    "tests/services/calls/test_caller_links.py",
)


def never_reached(limit: str) -> switches.Switch:
    """For tests that make an allowance small themselves."""
    place = "wss.services.shared.rate_limits.fits"
    return switches.changed(place, lambda fits: lambda asked, subject: asked == limit or fits(asked, subject))


def always_shared(_take: Any) -> Any:
    from wss.services.messages.otp_shares import OtpShare

    return lambda _asker, _mobile: OtpShare(is_granted=True)


def told_in_the_open(ask_budget: Any) -> Any:
    from wss.domain.otp import OtpSending
    from wss.services.shared.sms_budget import BudgetCheck

    def ask(asker: Any, mobile: Any, *, withhold: bool = False) -> Any:
        asked = ask_budget(asker, mobile, withhold=withhold)
        is_kept = mobile and asked.withhold and not withhold
        return BudgetCheck(OtpSending(False, 60)) if is_kept else asked

    return ask


def tried_by_anybody(try_otp: Any) -> Any:
    import dataclasses

    return lambda unlocks, asker, typed: try_otp(unlocks, dataclasses.replace(asker, key="browser"), typed)


def ending_all(add_otp: Any) -> Any:
    from wss.db import session
    from wss.models import Otp

    def add(otp: Any) -> None:
        session().query(Otp).filter_by(subject=otp.subject).update({"expires_at": otp.created_at})
        add_otp(otp)

    return add


def open_at_the_edge(spend: Any) -> Any:
    from wss.services.shared.rate_limits import standing

    return lambda limit, subject: (
        counted if (counted := spend(limit, subject)).allowed else standing(limit, subject)
    )


CONTROLS_OF_SPENDING = (
    Control(
        4,
        "a code is tried by its asker alone",
        switches.changed("wss.services.messages.otp.try_otp", tried_by_anybody),
        f"{CODES}::test_a_code_is_right_only_in_the_browser_that_asked",
    ),
    Control(
        4,
        "a withheld code ends none that was sent",
        switches.changed("wss.queries.codes.add_otp", ending_all),
        f"{SHARES}::test_a_code_that_was_withheld_leaves_the_one_that_came_right",
    ),
    Control(
        6,
        "a part of a mobile's codes for one browser",
        switches.without_limit("OTP_SEND_PART"),
        f"{SHARES}::test_one_unknown_browser_gets_three_of_the_six",
    ),
    Control(
        10,
        "codes kept for known browsers",
        switches.instead("wss.services.messages.otp_shares.known_as", lambda *_asked: None),
        f"{SHARES}::test_a_browser_that_has_signed_in_before_gets_three_more_when_strangers_have_taken_six",
    ),
    Control(
        10,
        "known only where the same consumer has signed in",
        switches.instead(
            "wss.services.messages.otp_shares.known_as", lambda asker, _mobile: "x" if asker.trusted else None
        ),
        f"{SHARES}::test_a_browser_that_has_signed_in_elsewhere_is_a_stranger",
    ),
    Control(
        10,
        "a part of what is kept for known browsers",
        switches.without_limit("OTP_SEND_KNOWN_PART"),
        f"{SHARES}::test_one_known_browser_leaves_the_owners_other_one_its_codes",
    ),
    Control(
        6,
        "one link a day to a mobile",
        switches.without_limit("PHONE_LINK"),
        f"{SHARES}::test_once_codes_are_withheld_the_mobile_gets_one_link_a_day",
    ),
    Control(
        5,
        "a day's budget",
        never_reached("otp_send_budget"),
        "tests/services/messages/test_otp_budget.py::test_no_more_codes_go_out_than_the_day_allows",
    ),
    Control(
        5,
        "a share for numbers unknown to us",
        never_reached("otp_send_unknown"),
        f"{SPENDING}::test_numbers_that_stand_with_us_keep_a_reserve_of_the_day",
    ),
    Control(
        5,
        "a day of a series",
        switches.instead("wss.domain.sms_costs.series_of", lambda mobile: mobile),
        f"{SPENDING}::test_a_series_of_unknown_numbers_gets_so_many_codes_a_day",
    ),
    Control(
        5,
        "a reserve for numbers known to us",
        switches.instead("wss.queries.sms_costs.is_known_mobile", lambda _mobile: False),
        f"{SPENDING}::test_numbers_that_stand_with_us_keep_a_reserve_of_the_day",
    ),
    Control(
        5,
        "nothing told of who is known",
        switches.changed("wss.services.shared.sms_budget.ask_budget", told_in_the_open),
        "tests/web/test_scarce_codes.py::test_while_only_known_numbers_get_codes_the_page_says_so_of_every_number",
    ),
    Control(
        5,
        "a browser's codes",
        switches.without_limit("OTP_SEND_DEVICE"),
        f"{SPENDING}::test_a_browser_and_a_network_have_so_many_codes_an_hour",
    ),
    Control(
        5,
        "a network's codes",
        switches.without_limit("OTP_SEND_ADDRESS"),
        f"{SPENDING}::test_a_browser_and_a_network_have_so_many_codes_an_hour",
    ),
    Control(
        5,
        "codes that are not used",
        switches.instead("wss.domain.sms_costs.is_pumping", lambda *_counts: False),
        f"{PUMPING}::test_the_worker_notices_and_writes_it_down_once_an_hour",
    ),
    Control(
        5,
        "a sum before the first code",
        switches.instead("wss.services.shared.sms_budget.is_tight", lambda: False),
        f"{PUMPING}::test_while_codes_are_pumped_nobody_gets_the_first_without_a_captcha",
    ),
    Control(
        5,
        "a sum before the second code",
        switches.without_limit("OTP_SEND_FREE"),
        f"{PUMPING}::test_a_browsers_second_code_to_a_typed_number_needs_a_captcha",
    ),
    Control(
        5,
        "three codes a sum",
        switches.without_limit("OTP_SEND_DEVICE_TIGHT"),
        f"{PUMPING}::test_one_captcha_buys_three_codes_then",
    ),
    Control(
        5,
        "Indian mobiles only",
        switches.instead("wss.domain.identifiers.is_mobile", lambda _number: True),
        f"{SPENDING}::test_nothing_ever_goes_to_what_is_no_indian_mobile",
    ),
    Control(
        6,
        "what people tell themselves",
        switches.without_limit("NOTICE_DAY"),
        f"{SPENDING}::test_what_people_tell_themselves_ends_for_the_day_and_warnings_do_not",
    ),
    Control(
        6,
        "what is done to requests",
        switches.without_limit("NOTICE_CHANGE"),
        f"{SPENDING}::test_what_is_done_to_requests_ends_for_the_day_too",
    ),
    Control(
        5,
        "requests registered for a connection in a day",
        switches.without_limit("REGISTER_CONNECTION"),
        f"{LIMITS}::test_registering_and_withdrawing_ends_for_the_day_and_connection",
    ),
    Control(
        6,
        "six links of calls a day",
        switches.without_limit("CALL_LINK_DAY"),
        f"{LINKS}::test_a_mobile_gets_six_links_of_calls_a_day_whatever_strangers_browsers_have_sent",
    ),
    Control(
        6,
        "the user name counts as all SMS",
        switches.changed("wss.services.messages.otp_shares.take_share", always_shared),
        f"{USER_NAME}::test_the_user_name_counts_among_the_six_messages_that_a_mobile_gets_a_day",
    ),
    Control(
        22,
        "closed at the window's edge",
        switches.changed("wss.services.shared.rate_limits.spend", open_at_the_edge),
        f"{SPENDING}::test_what_was_not_counted_is_not_allowed_even_at_the_windows_edge",
    ),
)
