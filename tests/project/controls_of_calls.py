"""The controls of the help-desk and of the audit trail, how each is switched off, and the tests that must turn red."""

from datetime import timedelta
from typing import Any

from tests.project import switches
from tests.project.switches import Control

OPENING, VERIFYING, CALLING_IN, SENDING, ANSWERING, DISPUTING, AUDITING = (
    f"tests/services/test_{name}.py"
    for name in (
        "opening_calls",
        "verifying_callers",
        "calling_in",
        "links_of_calls",
        "answers_on_calls",
        "disputing",
        "auditing",
    )
)
ON_CALLS, DEAD_NUMBERS = (
    "tests/services/calls/test_open_requests.py",
    "tests/services/calls/test_dead_numbers.py",
)
SUPERVISOR, LOOKED_AT, DISPUTE_LINK, DOCUMENTS = (
    f"tests/web/test_{name}.py"
    for name in ("supervisor_page", "looked_at_on_a_call", "dispute_link", "documents_link")
)


def as_seen_from_here(counts_of: Any) -> Any:
    """Without what counts over all networks."""
    return lambda complaint_no, by: counts_of(complaint_no, by)[:2]


def without_consent(_agreed: Any) -> Any:
    from wss.services.calls._call import verified_call

    return verified_call


def without_proof(_verified: Any) -> Any:
    from wss.services.calls._call import going_call

    return going_call


def of_everybody(_checked: Any) -> Any:
    from wss.services.calls._call import CheckedFacts

    return lambda *_told: CheckedFacts(True)


def of_anybody(own: Any) -> Any:
    from wss.domain.actor import Actor, Role
    from wss.queries.supervision import taken_by

    return lambda _actor, call_id: own(Actor(Role.HELPDESK, taken_by(call_id) or ""), call_id)


CONTROLS_OF_CALLS = (
    Control(
        18,
        "a reason before a record",
        switches.instead("wss.services.calls.call_records._check_desk", lambda *_asked: None),
        f"{OPENING}::test_without_a_reason_no_record_is_opened",
    ),
    Control(
        18,
        "whole numbers only",
        switches.set_to("wss.domain.calls.SHORTEST_KEY", 0),
        f"{OPENING}::test_what_is_no_whole_number_opens_nothing",
    ),
    Control(
        18,
        "masked until proved",
        switches.set_to("wss.queries.calls.CallRow.is_verified", property(lambda _self: True)),
        f"{OPENING}::test_until_the_caller_is_verified_everything_is_masked",
    ),
    Control(
        18,
        "each opening written down",
        switches.set_to("wss.services.calls.call_records.record", lambda *_deed, **_details: None),
        f"{OPENING}::test_every_opening_is_written_down_with_reason_and_call",
    ),
    Control(
        18,
        "the alarm after fifty records",
        switches.set_to("wss.services.calls.call_records.RECORDS_A_DAY", 10**6),
        f"{OPENING}::test_the_record_after_the_last_of_the_day_is_opened_and_seen_by_the_supervisor",
    ),
    Control(
        18,
        "numbers tried one after the other",
        switches.without_limit("CALL_MISS"),
        f"{OPENING}::test_whoever_tries_number_after_number_is_stopped_and_seen",
    ),
    Control(
        18,
        "alarms reach the supervisor",
        switches.instead("wss.queries.supervision.alarms", lambda *_day: []),
        f"{SUPERVISOR}::test_alarms_say_who_and_how_many",
    ),
    Control(
        18,
        "the consumer reads why",
        switches.instead("wss.web.labels.calls.call_reason", lambda _code: ""),
        f"{LOOKED_AT}::test_an_opened_record_is_told_with_post_office_reason_and_time",
    ),
    Control(
        19,
        "three wrong answers close a call",
        switches.set_to("wss.services.calls._call.MAX_WRONG", 10**6),
        f"{VERIFYING}::test_three_wrong_codes_close_the_call_and_stay_counted",
    ),
    Control(
        19,
        "a code is for its call",
        switches.set_to("wss.queries.calls.CallRow.subject", property(lambda _self: "call")),
        f"{VERIFYING}::test_the_code_of_one_call_proves_nothing_on_another",
    ),
    Control(
        19,
        "not the employee's own number",
        switches.instead("wss.queries.calls.is_mobile_of_staff", lambda *_asked: False),
        f"{VERIFYING}::test_an_own_number_is_a_mobile_and_not_the_employees",
    ),
    Control(
        19,
        "names are not guessed",
        switches.without_limit("CALL_FACTS"),
        f"{VERIFYING}::test_an_employee_does_not_go_on_with_names_that_are_tried_and_others_do",
    ),
    Control(
        19,
        "registering begins for verified callers",
        switches.changed("wss.services.calls._call.verified_call", without_proof),
        f"{SENDING}::test_a_registration_is_begun_for_verified_callers_only",
    ),
    Control(
        19,
        "digits count with the website's",
        switches.changed("wss.services.requests.status_lookup.counts_of", as_seen_from_here),
        f"{ON_CALLS}::test_tries_count_together_with_those_of_the_website",
    ),
    Control(
        19,
        "answers of verified callers only",
        switches.changed("wss.services.calls._call.verified_call", without_proof),
        f"{ON_CALLS}::test_nobody_answers_who_has_proved_nothing",
    ),
    Control(
        19,
        "bill and name before the counter gets a request",
        switches.changed("wss.services.calls._call.check_facts", of_everybody),
        f"{DEAD_NUMBERS}::test_three_wrong_facts_close_the_call",
    ),
    Control(
        19,
        "a code of its own for an answer",
        switches.set_to("wss.services.calls.answers.try_code", lambda *_asked: _right()),
        f"{ANSWERING}::test_the_code_that_proves_the_caller_answers_nothing",
    ),
    Control(
        20,
        "consent before a request",
        switches.changed("wss.services.calls._call.agreed_call", without_consent),
        f"{CALLING_IN}::test_without_proof_and_consent_nothing_is_kept_or_registered",
    ),
    Control(
        20,
        "a call is its employee's",
        switches.changed("wss.queries.calls.held_call", of_anybody),
        f"{VERIFYING}::test_another_employees_call_cannot_be_gone_on_with",
    ),
    Control(
        20,
        "nothing on an expired call",
        switches.set_to("wss.queries.calls.CallRow.is_over", lambda _self, _at: False),
        f"{CALLING_IN}::test_on_an_expired_call_nothing_is_registered_and_the_form_stays",
    ),
    Control(
        20,
        "a dispute stops the request",
        switches.instead("wss.services.requests._transition_checks._check_frozen", lambda *_asked: None),
        f"{DISPUTING}::test_disputing_stops_the_request",
    ),
    Control(
        20,
        "the link to object ends",
        switches.set_to("wss.services.requests.request_links.DISPUTE_LINK_LIFE", timedelta(days=999)),
        f"{DISPUTING}::test_the_link_ends_after_ninety_days",
    ),
    Control(
        20,
        "the supervisor decides",
        switches.instead(
            "wss.services.requests.disputes._disputed", lambda actor, number, _why: _seen(number)
        ),
        f"{DISPUTING}::test_nobody_else_decides",
    ),
    Control(
        20,
        "nobody judges their own call",
        switches.instead("wss.queries.supervision.taken_by", lambda _call: None),
        f"{SUPERVISOR}::test_whoever_took_the_call_does_not_judge_it",
    ),
    Control(
        20,
        "the link for documents ends",
        switches.set_to("wss.services.requests.request_links.DOCUMENTS_LINK_LIFE", timedelta(days=999)),
        f"{DOCUMENTS}::test_it_works_again_for_a_week",
    ),
    Control(
        30,
        "a day's documents without an account",
        switches.set_to("wss.services.requests._documents.kept_on_request", lambda *_asked: (0, 0)),
        f"{DOCUMENTS}::test_the_days_limit_holds_with_and_without_a_registered_consumer",
    ),
    Control(
        54,
        "the trail's hashes",
        switches.instead("wss.domain.audit_chain.hashed", lambda *_entry: "0" * 64),
        f"{AUDITING}::test_whoever_gets_past_the_database_is_found_and_named",
    ),
    Control(
        54,
        "the trail's end",
        switches.set_to("wss.domain.audit_chain.Check.finish", lambda _self, _head: ()),
        f"{AUDITING}::test_whoever_gets_past_the_database_is_found_and_named",
    ),
)


def _right() -> Any:
    from wss.domain.otp import OtpOutcome, OtpResult

    return OtpResult(OtpOutcome.RIGHT)


def _seen(complaint_no: str) -> Any:
    from wss.clock import now
    from wss.domain.actor import SYSTEM
    from wss.queries.service_requests import visible_request

    return visible_request(SYSTEM, complaint_no, now())
