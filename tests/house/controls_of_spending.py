"""The controls of what SMS cost, how each is switched off, and the tests that must turn red."""

from typing import Any

from tests.house import switches
from tests.house.switches import Control

SPENDING, PUMPING = (f"tests/services/test_{name}.py" for name in ("spending", "pumping"))
USER_NAME, LINKS = "tests/services/test_user_name.py", "tests/services/test_links_of_calls.py"


def never_reached(limit: str) -> switches.Switch:
    """For tests that make an allowance small themselves."""
    place = "wss.services.steps.limits.fits"
    return switches.changed(place, lambda fits: lambda asked, subject: asked == limit or fits(asked, subject))


def nothing_is_asked(_ask: Any) -> Any:
    from wss.services.steps.spending import Asked

    return lambda _counted_as, mobile, *_limits: Asked(withhold=mobile is None)


def told_in_the_open(ask_budget: Any) -> Any:
    from wss.domain.otp import Sent
    from wss.services.steps.spending import Asked

    def ask(people: Any, counted_as: Any, mobile: Any) -> Any:
        asked = ask_budget(people, counted_as, mobile)
        is_kept = mobile and asked.withhold and not people.withhold
        return Asked(Sent(False, 60)) if is_kept else asked

    return ask


def open_at_the_edge(spend: Any) -> Any:
    from wss.services.steps.limits import standing

    return lambda limit, subject: (
        counted if (counted := spend(limit, subject)).allowed else standing(limit, subject)
    )


CONTROLS_OF_SPENDING = (
    Control(
        5,
        "a day's budget",
        never_reached("otp_send_budget"),
        "tests/services/test_otp_budget.py::test_no_more_codes_go_out_than_the_day_allows",
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
        switches.instead("wss.domain.spending.series_of", lambda mobile: mobile),
        f"{SPENDING}::test_a_series_of_unknown_numbers_gets_so_many_codes_a_day",
    ),
    Control(
        5,
        "a reserve for numbers known to us",
        switches.instead("wss.queries.spending.is_known_mobile", lambda _mobile: False),
        f"{SPENDING}::test_numbers_that_stand_with_us_keep_a_reserve_of_the_day",
    ),
    Control(
        5,
        "nothing told of who is known",
        switches.changed("wss.services.steps.spending.ask_budget", told_in_the_open),
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
        switches.instead("wss.domain.spending.is_pumping", lambda *_counts: False),
        f"{PUMPING}::test_the_worker_notices_and_writes_it_down_once_an_hour",
    ),
    Control(
        5,
        "a sum before the first code",
        switches.instead("wss.services.steps.spending.is_tight", lambda: False),
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
        "links of calls count as all SMS",
        switches.changed("wss.services.steps.spending.ask", nothing_is_asked),
        f"{LINKS}::test_links_count_among_the_six_messages_that_a_mobile_gets_a_day",
    ),
    Control(
        6,
        "the user name counts as all SMS",
        switches.changed("wss.services.steps.spending.ask", nothing_is_asked),
        f"{USER_NAME}::test_the_user_name_counts_among_the_six_messages_that_a_mobile_gets_a_day",
    ),
    Control(
        22,
        "closed at the window's edge",
        switches.changed("wss.services.steps.limits.spend", open_at_the_edge),
        f"{SPENDING}::test_what_was_not_counted_is_not_allowed_even_at_the_windows_edge",
    ),
)
