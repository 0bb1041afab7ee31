"""The controls at the door of staff, how each is switched off, and the tests that must then turn red."""

from datetime import timedelta

from tests.project import switches
from tests.project.switches import Control

SIGN_IN, PAGES, ROOMS = (
    "tests/services/login/test_staff_login.py",
    "tests/web/test_staff_login_pages.py",
    "tests/web/test_staff_access.py",
)

AT_WORK = "tests/services/requests/test_officer_views.py"
PENDING = "tests/services/reference/test_pending_changes.py"

CONTROLS_OF_STAFF = (
    Control(
        21,
        "one's own connection",
        switches.instead("wss.queries.officers.is_own_connection", lambda *_asked: False),
        f"{AT_WORK}::test_a_consumers_verified_number_counts_too",
    ),
    Control(
        21,
        "nobody picks from a pooled queue",
        switches.instead("wss.queries.officers.is_pooled", lambda _office: False),
        f"{AT_WORK}::test_a_clerk_of_a_pooled_office_cannot_pick",
    ),
    Control(
        16,
        "a whole number for who asked for it",
        switches.instead("wss.queries.audit.recorded_since", lambda *_asked: {}),
        f"{AT_WORK}::test_a_whole_number_is_seen_by_who_asked_for_it_and_not_for_long",
    ),
    Control(
        11,
        "a new cookie at each step of staff",
        switches.set_to("wss.web.cookie.CookieSession.renew", lambda *_asked: None),
        f"{PAGES}::test_the_cookie_is_new_after_each_step",
    ),
    Control(
        12,
        "a quarter of an hour without a click",
        switches.set_to("wss.web.access.STAFF_IDLE", timedelta(days=9)),
        f"{ROOMS}::test_after_a_quarter_of_an_hour_without_a_click_it_is_over",
    ),
    Control(
        23,
        "five wrong passwords of staff",
        switches.without_limit("STAFF_SIGN_IN"),
        f"{SIGN_IN}::test_five_wrong_passwords_from_one_network_stop_it_for_15_minutes",
    ),
    Control(
        23,
        "five wrong codes of staff",
        switches.without_limit("STAFF_CODE"),
        f"{SIGN_IN}::test_five_wrong_codes_stop_even_the_right_one_wherever_it_comes_from",
    ),
    Control(
        23,
        "the second factor",
        switches.set_to("wss.queries.staff.SignedInStaff.is_in", True),
        f"{ROOMS}::test_with_the_password_only_the_room_is_closed",
    ),
    Control(
        23,
        "an authenticator's code is right once",
        switches.instead("wss.queries.staff.use_step", lambda *_asked: True),
        f"{SIGN_IN}::test_a_code_is_right_once",
    ),
    Control(
        23,
        "half a minute off, no more",
        switches.set_to("wss.domain.second_factor.DRIFT", 2),
        f"{SIGN_IN}::test_a_telephones_clock_may_be_half_a_minute_off",
    ),
    Control(
        23,
        "a recovery code is right once",
        switches.instead("wss.queries.staff.use_recovery_code", lambda *_asked: True),
        f"{PAGES}::test_a_recovery_code_lets_in_once",
    ),
    Control(
        23,
        "sealed secrets",
        switches.set_to("wss.vault.seal", lambda text: text),
        f"{SIGN_IN}::test_the_secret_lies_sealed_in_the_database",
    ),
    Control(
        23,
        "a fresh code before what is weighty",
        switches.set_to("wss.web.access.STEPPED_UP_FOR", timedelta(days=9)),
        f"{ROOMS}::test_a_code_of_five_minutes_ago_is_not_enough",
    ),
    Control(
        23,
        "the password that was looked at",
        switches.instead("wss.queries.staff.holds_password", lambda *_asked: True),
        f"{SIGN_IN}::test_a_password_that_is_replaced_while_it_is_looked_at_lets_nobody_in",
    ),
    Control(
        55,
        "who has left is out",
        switches.changed("wss.queries.staff.signed_in_staff", switches.as_if_nobody_left),
        f"{ROOMS}::test_who_has_left_is_signed_out_at_the_next_click",
    ),
    Control(
        55,
        "post and office at this click",
        switches.changed("wss.queries.staff.signed_in_staff", switches.as_at_first_sight),
        f"{ROOMS}::test_another_post_counts_at_the_next_click",
    ),
    Control(
        55,
        "enrolling anew ends sessions",
        switches.instead("wss.queries.staff.delete_sessions_of_staff", lambda *_asked, **_but: None),
        f"{SIGN_IN}::test_enrolling_anew_ends_sessions_codes_and_the_password_of_before",
    ),
    Control(
        23,
        "a code that was recognised is spent",
        switches.without_limit("STAFF_CODE_SEEN"),
        f"{SIGN_IN}::test_a_code_that_was_recognised_is_not_taken_when_its_time_comes",
    ),
    Control(
        21,
        "no administrator changes their own row or another discom's",
        switches.instead("wss.domain.table_rights.row_faults", lambda *_asked: []),
        f"{PENDING}::test_a_row_that_is_ones_own_or_another_discoms_is_refused",
    ),
    Control(
        21,
        "a second administrator for what gives rights",
        switches.instead("wss.domain.table_rights.rows_that_give_rights", lambda *_asked: set()),
        f"{PENDING}::test_a_change_that_gives_rights_waits_until_a_second_administrator_confirms",
    ),
    Control(
        21,
        "a waiting change is decided once",
        switches.instead("wss.queries.pending_changes.settle_pending", lambda *_asked, **_how: True),
        f"{PENDING}::test_the_maker_withdraws_and_nobody_else",
    ),
    Control(
        55,
        "a transfer at the command line ends sessions",
        switches.instead("wss.queries.extracts._end_sessions_of_transferred", lambda *_asked: None),
        f"{PENDING}::test_a_transfer_by_the_command_line_ends_sessions_without_a_second_administrator",
    ),
    Control(
        55,
        "another role or office ends sessions",
        switches.instead("wss.services.reference.table_changes._end_sessions", lambda *_asked: None),
        f"{PENDING}::test_another_role_or_office_ends_sessions_and_their_step_up",
    ),
)
