"""The controls against guessing, how each is switched off, and the tests that must turn red."""

from typing import Any

from tests.project import switches
from tests.project.switches import Control

GUESSING, PAGES, STEP_ONE = (
    "tests/services/login/test_guessing_limits.py",
    "tests/web/test_guessing_pages.py",
    "tests/services/registration/test_step_one.py",
)


def by_itself(_scopes_of: Any) -> Any:
    """Without the networks around a household."""
    return lambda subject: ((subject, 1),)


def never(_asked: Any) -> Any:
    """As if it never took a captcha."""
    return lambda *_counts: False


def unlimited(limit: str) -> switches.Switch:
    """For tests that make an allowance small themselves."""
    place = "wss.services.shared.rate_limits.fits"
    return switches.changed(place, lambda fits: lambda asked, subject: asked == limit or fits(asked, subject))


CONTROLS_OF_GUESSING = (
    Control(
        9,
        "wrong passwords over all networks",
        unlimited("sign_in_all"),
        f"{GUESSING}::test_guesses_from_many_networks_end_at_the_right_password_too",
    ),
    Control(
        9,
        "all names of a consumer share their guesses",
        unlimited("sign_in_names"),
        f"{GUESSING}::test_user_name_and_account_number_share_their_guesses",
    ),
    Control(
        59,
        "IPv6 by /56 and /48 too",
        switches.changed("wss.domain.networks.scopes_of", by_itself),
        f"{GUESSING}::test_a_48_has_sixteen_times_the_guesses_of_a_household",
    ),
    Control(
        9,
        "failures of the whole site",
        unlimited("site_failures"),
        f"{GUESSING}::test_far_too_many_failures_all_over_the_site_ask_everybody_for_a_captcha",
    ),
    Control(
        1,
        "captchas for what is tried much",
        switches.changed("wss.services.shared.captchas.is_tried_much", never),
        f"{STEP_ONE}::test_after_50_misses_from_everywhere_an_account_number_takes_a_captcha_and_no_more",
    ),
    Control(
        1,
        "user names asked for",
        switches.changed("wss.services.shared.captchas.is_tried_much", never),
        f"{PAGES}::test_after_five_user_names_step_two_asks_for_a_captcha",
    ),
)
