"""The controls of what recovery rests on, how each is switched off, and the tests that must turn red."""

from datetime import timedelta
from typing import Any

import pytest

from tests.project import switches
from tests.project.switches import Control

RESTS = "tests/services/registration/test_recovery_changes.py"
PAGES = "tests/web/test_confirming_pages.py"


def nothing_undone(_put_back: Any) -> Any:
    return lambda _owner, _row, _what: None


def never_asked(patch: pytest.MonkeyPatch) -> None:
    """The pages are imported with the site only."""
    from wss.web.consumer import reauthentication

    switches.instead(f"{reauthentication.__name__}.not_confirmed", lambda _heading, **_then: None)(patch)


CONTROLS_OF_RECOVERY = (
    Control(
        12,
        "the consumer confirms who sits there",
        never_asked,
        f"{PAGES}::test_a_session_alone_is_asked_who_it_is_and_changes_nothing",
    ),
    Control(
        12,
        "a confirmation ends",
        switches.set_to("wss.web.consumer.reauthentication.STEPPED_UP_FOR", timedelta(hours=1)),
        f"{PAGES}::test_confirming_holds_for_five_minutes",
    ),
    Control(
        12,
        "old addresses undo a change",
        switches.changed("wss.services.registration.recovery_undo._put_back", nothing_undone),
        f"{RESTS}::test_the_link_brings_the_old_address_back_and_signs_everybody_out",
    ),
    Control(
        25,
        "a new address proves nothing for a day",
        switches.instead("wss.domain.ownership.recovers", lambda confirmed_at, _at: confirmed_at is not None),
        f"{RESTS}::test_a_new_address_recovers_nothing_before_a_day_after_it_was_confirmed",
    ),
    Control(
        25,
        "what others have begun ends with a change",
        switches.instead("wss.services.registration.recovery_changes.end_others", lambda *_whose: None),
        f"{RESTS}::test_what_another_browser_has_begun_dies_with_a_change",
    ),
    Control(
        12,
        "known browsers are forgotten with the sessions",
        switches.instead("wss.queries.consumers.forget_browsers_of", lambda _whose: None),
        "tests/services/login/test_known_browsers.py::test_a_browser_that_opened_the_link_to_the_phone_is_forgotten_too",
    ),
    Control(
        39,
        "both numbers after 90 days",
        switches.instead("wss.domain.ownership.is_dormant", lambda *_moments: False),
        f"{RESTS}::test_one_number_leads_to_nobody_where_nobody_signed_in_for_90_days",
    ),
    Control(
        39,
        "two weeks instead of a day after 90 days",
        switches.instead("wss.domain.ownership.is_dormant", lambda *_moments: False),
        f"{RESTS}::test_silence_for_a_day_changes_no_number_where_nobody_signed_in_for_90_days",
    ),
)
