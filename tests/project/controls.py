"""The controls that keep threats out, how each is switched off, and the tests that must then turn red."""

from datetime import UTC, datetime, timedelta

from tests.project import switches
from tests.project.controls_of_calls import CONTROLS_OF_CALLS
from tests.project.controls_of_extracts import CONTROLS_OF_EXTRACTS
from tests.project.controls_of_files import CONTROLS_OF_FILES
from tests.project.controls_of_gateways import CONTROLS_OF_GATEWAYS
from tests.project.controls_of_guessing import CONTROLS_OF_GUESSING
from tests.project.controls_of_letters import CONTROLS_OF_LETTERS
from tests.project.controls_of_recovery import CONTROLS_OF_RECOVERY
from tests.project.controls_of_revisions import CONTROLS_OF_REVISIONS
from tests.project.controls_of_spending import CONTROLS_OF_SPENDING
from tests.project.controls_of_staff import CONTROLS_OF_STAFF
from tests.project.switches import Control

STEP_ONE, SIGNING_IN, OTP = (
    f"tests/services/test_{n}.py" for n in ("step_one", "signing_in", "one_time_passwords")
)
HOLDS, LINKS, OUTBOX, ESCALATING = (
    f"tests/services/test_{n}.py" for n in ("holds", "links", "outbox", "escalating")
)
HANDLING, LODGING, CHANGED = (
    f"tests/services/test_{n}.py" for n in ("handling", "lodging", "numbers_that_changed")
)
DOOR, FORGED, FOLLOWING = (
    f"tests/web/test_{n}.py" for n in ("signing_in_pages", "forged_forms", "following_pages")
)
MIS, ONE_NUMBER, WAITING, WITHOUT, HEADERS, HOSTS = (
    f"tests/web/test_{n}.py"
    for n in [
        "mis_pages",
        "one_number",
        "waiting_for_a_code",
        "without_a_connection",
        "headers",
        "hosts_and_networks",
    ]
)
ROUTES = "tests/project/test_routes.py"

CONTROLS = (
    Control(
        1,
        "five misses an account",
        switches.without_limit("STEP_ONE_ACCOUNT"),
        f"{STEP_ONE}::test_five_misses_within_an_hour_close_an_account_number_even_to_the_right_bill",
    ),
    Control(
        1,
        "withheld messages",
        switches.changed("wss.services.messages.notices.queue_notice", switches.nothing_for_the_withheld),
        f"{STEP_ONE}::test_known_and_unknown_numbers_are_the_same_work_and_the_same_answer",
    ),
    Control(
        1,
        "what became of a stranger's code",
        switches.told_to_everybody,
        f"{WAITING}::test_a_stranger_sees_the_same_whether_or_not_there_is_a_connection_and_whatever_became_of_its_sms",
    ),
    Control(
        1,
        "a stranger's code is no evidence",
        switches.set_to("wss.queries.deliveries.ASKED_BY_STRANGERS", frozenset()),
        f"{WAITING}::test_what_tells_nothing_about_sms_or_too_much_about_a_stranger_is_no_evidence",
    ),
    Control(
        2, "the last three bills", switches.any_bill, f"{STEP_ONE}::test_the_fourth_last_bill_is_refused"
    ),
    Control(
        2,
        "the day of waiting",
        switches.changed("wss.domain.ownership.proof_by", switches.always_active),
        "tests/services/registration/test_step_two.py::test_another_mobile_is_held_for_a_day",
    ),
    Control(
        2,
        "nothing seen while held",
        switches.changed("wss.queries.connections.visible_connection", switches.held_ones_too),
        f"{HOLDS}::test_who_is_held_signs_in_and_sees_nothing",
    ),
    Control(
        2,
        "one page while held",
        switches.changed("wss.queries.sessions.signed_in_consumer", switches.never_held),
        f"{DOOR}::test_who_is_held_sees_one_page_only",
    ),
    Control(
        2,
        "a copy of nothing while held",
        switches.instead("wss.queries.consumers.holds_of", lambda *_asked: []),
        f"{WITHOUT}::test_a_copy_taken_during_the_waiting_time_holds_nothing_of_the_connection",
    ),
    Control(
        2,
        "deeds of others while held",
        switches.changed("wss.queries.access._while_owned", switches.from_the_first_moment),
        f"{WITHOUT}::test_what_others_do_with_the_connection_during_the_waiting_time_is_not_told",
    ),
    Control(
        4,
        "five wrong codes",
        switches.changed("wss.queries.codes.count_tries", lambda _count: lambda otp_ids: set(otp_ids)),
        f"{OTP}::test_five_wrong_tries_stop_even_the_right_code",
    ),
    Control(
        4,
        "a code is right once",
        switches.instead("wss.queries.codes.use_otp", lambda *_asked: 1),
        f"{OTP}::test_the_right_code_is_right_once",
    ),
    Control(
        4,
        "a code is for its mobile",
        switches.changed("wss.queries.codes._of", switches.of_any_mobile),
        f"{OTP}::test_a_code_is_bound_to_its_purpose_its_subject_and_its_mobile",
    ),
    Control(
        6,
        "six codes a day",
        switches.without_limit("OTP_SEND_DAY"),
        f"{OTP}::test_a_mobile_gets_six_codes_a_day_from_whomever",
    ),
    Control(
        7,
        "a captcha is used up",
        switches.changed("wss.queries.captchas.use_captcha", switches.again_and_again),
        f"{SIGNING_IN}::test_a_captcha_is_used_up_by_its_first_answer",
    ),
    Control(
        7,
        "a captcha is for its browser",
        switches.changed("wss.queries.captchas.use_captcha", switches.any_session),
        f"{SIGNING_IN}::test_a_captcha_is_for_the_browser_that_was_shown_it",
    ),
    Control(
        7,
        "a sum beside a bill number alone",
        switches.set_to("wss.services.registration.recovery.answer_captcha", lambda *_asked: True),
        f"{ONE_NUMBER}::test_without_the_sum_nothing_is_sent",
    ),
    Control(
        10,
        "five wrong passwords",
        switches.without_limit("SIGN_IN_ACCOUNT"),
        f"{SIGNING_IN}::test_five_wrong_passwords_from_one_network_stop_it_for_15_minutes",
    ),
    Control(
        11,
        "a new cookie at sign-in",
        switches.set_to("wss.web.cookie.CookieSession.renew", lambda *_asked: None),
        f"{DOOR}::test_the_cookie_is_new_at_sign_in_and_the_planted_one_is_worth_nothing",
    ),
    Control(
        12,
        "half an hour without a click",
        switches.set_to("wss.web.access.IDLE", timedelta(days=9)),
        f"{DOOR}::test_half_an_hour_without_a_click_ends_the_session",
    ),
    Control(
        12,
        "sessions end with the registration",
        switches.instead("wss.queries.sessions.delete_other_sessions", lambda *_whose: 0),
        f"{HOLDS}::test_the_link_ends_the_registration_its_sessions_and_tells_who_began_it",
    ),
    Control(
        13,
        "tokens of forms",
        switches.set_to("flask_wtf.csrf.CSRFProtect.protect", lambda _self: None),
        f"{FORGED}::test_a_token_from_before_signing_in_is_none_after_it",
    ),
    Control(
        13,
        "where a form comes from",
        switches.blind_to_where_from,
        f"{FORGED}::test_a_browser_that_says_it_comes_from_elsewhere_is_refused_even_with_the_token",
    ),
    Control(
        14,
        "what a page may load",
        switches.instead("wss.web.headers.content_security_policy", lambda _hash: "default-src *"),
        f"{HEADERS}::test_every_answer_runs_nothing_foreign",
    ),
    Control(
        16,
        "requests of one's own",
        switches.requests_of_anybody,
        f"{HANDLING}::test_a_former_owner_can_do_nothing",
    ),
    Control(
        17,
        "rooms closed unless opened",
        switches.changed("wss.web.access.room_of", switches.any_room),
        f"{ROUTES}::test_a_room_that_nobody_entered_in_the_table_is_closed",
    ),
    Control(
        17,
        "the guard",
        switches.set_to("wss.web.access._guard", lambda: None),
        f"{ROUTES}::test_nobody_signed_out_gets_into_a_private_room",
    ),
    Control(
        21,
        "two pairs of eyes",
        switches.changed("wss.services.requests._transition_checks.check_move", switches.own_proposals_too),
        f"{HANDLING}::test_nobody_approves_their_own_proposal",
    ),
    Control(
        22,
        "the version that was seen",
        switches.changed("wss.services.requests.actions.take_action", switches.whatever_was_seen),
        f"{HANDLING}::test_a_stale_page_moves_nothing",
    ),
    Control(
        24,
        "a hash for nobody",
        switches.changed(
            "wss.passwords.is_right",
            lambda check: lambda typed, kept: kept is not None and check(typed, kept),
        ),
        f"{SIGNING_IN}::test_a_password_is_hashed_with_nobody_there",
    ),
    Control(
        25,
        "a link works once",
        switches.changed("wss.queries.codes.use_token", switches.not_used_up),
        f"{LINKS}::test_a_link_works_once",
    ),
    Control(
        25,
        "a link has one purpose",
        switches.changed("wss.queries.codes.use_token", switches.any_purpose),
        f"{LINKS}::test_a_link_works_for_its_own_purpose_only_and_a_wrong_one_does_not_use_it_up",
    ),
    Control(
        26,
        "names of the site",
        switches.set_to("werkzeug.sansio.utils.host_is_trusted", lambda *_asked: True),
        f"{HOSTS}::test_the_site_answers_to_its_own_names_only",
    ),
    Control(
        27,
        "pages to go on to",
        switches.instead("wss.web.next_page.safe_next", lambda wish: wish),
        f"{DOOR}::test_no_wish_leads_away_from_the_site",
    ),
    Control(
        28,
        "a form is claimed once",
        switches.instead("wss.queries.drafts.claim_draft", lambda *_asked: 1),
        f"{LODGING}::test_pressing_twice_gives_the_same_complaint",
    ),
    Control(
        32,
        "documents made anew",
        switches.changed("wss.services.requests.draft_documents.shelf_of", switches.kept_as_sent),
        f"{FOLLOWING}::test_a_document_is_kept_without_what_the_camera_wrote",
    ),
    Control(
        33,
        "the scanner's word",
        switches.set_to("wss.domain.uploads.ScanState.is_served", property(lambda _self: True)),
        f"{FOLLOWING}::test_a_document_that_is_not_cleared_is_withheld",
    ),
    Control(
        34,
        "names are only labels",
        switches.instead("wss.domain.uploads.label", lambda name: name),
        f"{FOLLOWING}::test_a_name_of_a_document_is_only_a_label",
    ),
    Control(
        36,
        "secrets emptied once sent",
        switches.instead("wss.services.messages.outbox.is_emptied_once_sent", lambda *_of, **_what: False),
        f"{OUTBOX}::test_a_code_or_link_is_emptied_once_sent",
    ),
    Control(
        36, "texts are sealed", switches.readable, f"{OUTBOX}::test_texts_are_not_readable_in_the_database"
    ),
    Control(
        37,
        "no frames",
        switches.set_to("wss.web.headers._ALWAYS", {}),
        f"{HEADERS}::test_every_answer_refuses_to_be_framed_and_guessed_at",
    ),
    Control(
        38,
        "nothing kept",
        switches.set_to("wss.web.headers._KEEP_NOTHING", "private"),
        f"{DOOR}::test_pages_behind_the_door_are_kept_by_no_browser",
    ),
    Control(
        39,
        "numbers that changed",
        switches.instead("wss.services.registration.recovery._is_still_verified", lambda _proof: True),
        f"{CHANGED}::test_a_code_to_the_former_number_opens_no_session",
    ),
    Control(
        16,
        "figures of one's own offices",
        switches.instead("wss.web.mis.filters.is_within", lambda _office, _me: True),
        f"{MIS}::test_an_office_that_is_not_below_is_not_there",
    ),
    Control(
        40,
        "no formulas in files",
        switches.instead("wss.domain.spreadsheets.harmless", str),
        f"{MIS}::test_a_csv_file_shows_no_formula_and_is_written_down",
    ),
    Control(
        40,
        "files after a fresh code",
        switches.instead("wss.web.access.needs_step_up", lambda *_back: None),
        f"{MIS}::test_a_file_needs_a_fresh_code",
    ),
    Control(
        29,
        "compare and set",
        switches.instead("wss.queries.service_requests.move_if", lambda *_move: 1),
        f"{HANDLING}::test_what_was_moved_since_it_was_read_is_not_moved_again",
    ),
    Control(
        29,
        "nothing goes up before its time",
        switches.instead(
            "wss.services.requests._holder.due_of", lambda *_asked: datetime(2020, 1, 1, tzinfo=UTC)
        ),
        f"{ESCALATING}::test_it_is_not_moved_up_before_its_time",
    ),
    Control(
        29,
        "one message for several requests",
        switches.instead("wss.queries.escalations.is_told_since", lambda *_asked: False),
        f"{ESCALATING}::test_of_several_requests_of_one_consumer_one_message_tells",
    ),
    Control(
        29,
        "a frozen request stays",
        switches.instead("wss.domain.escalation.goes", lambda *_status, frozen: True),
        f"{ESCALATING}::test_a_frozen_request_stays_where_it_is",
    ),
    Control(
        41,
        "public addresses only",
        switches.instead("wss.gateways.posting._is_public", lambda _address: True),
        "tests/gateways/test_billing.py::test_a_name_that_also_means_a_private_address_is_refused",
    ),
    Control(
        59,
        "networks by household",
        switches.instead("wss.domain.networks.network_key", lambda address: address),
        "tests/domain/test_throttle.py::test_whoever_changes_the_last_half_of_an_ipv6_address_stays_the_same_network",
    ),
    Control(
        60,
        "values are never read",
        switches.changed("wss.gateways.message_texts._filled", switches.read_again),
        "tests/gateways/test_wording.py::test_a_value_is_put_in_as_it_is_and_never_read",
    ),
    Control(
        63,
        "wrong codes stay counted",
        switches.changed("wss.services.messages.otp.try_otp", switches.wrong_ones_given_back),
        f"{OTP}::test_six_wrong_tries_leave_five_spent",
    ),
    *CONTROLS_OF_STAFF,
    *CONTROLS_OF_CALLS,
    *CONTROLS_OF_EXTRACTS,
    *CONTROLS_OF_LETTERS,
    *CONTROLS_OF_FILES,
    *CONTROLS_OF_GATEWAYS,
    *CONTROLS_OF_RECOVERY,
    *CONTROLS_OF_REVISIONS,
    *CONTROLS_OF_SPENDING,
    *CONTROLS_OF_GUESSING,
)
