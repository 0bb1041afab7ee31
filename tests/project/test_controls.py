"""Mutation checks: tests fail without the controls that they are about.

`make soak` mutates much more code, at random.
"""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

import tests.services.login.test_staff_login as staff_login_tests
import tests.services.messages.test_otp as otp_tests
import tests.services.requests.test_submission as submission_tests
import tests.services.requests.test_transitions as transition_tests
import tests.services.shared.test_links as link_tests
import tests.web.test_forged_forms as forged_form_tests
import tests.web.test_staff_access as staff_access_tests
from tests.project import test_routes as route_tests
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.queries.codes import live_subject
from wss.queries.consumers import locked_if_active
from wss.queries.staff import SignedInStaff
from wss.services.messages import otp
from wss.services.requests import _draft_submission, transition
from wss.services.shared import links
from wss.web import access
from wss.web.access_table import AccessRule

pytestmark = [pytest.mark.sqlite_only("the rules themselves are tested on both"), pytest.mark.extends_app]
send, attempt = otp_tests.send, otp_tests.attempt
transition_household, submission_household = transition_tests.household, submission_tests.household
enrolled = staff_login_tests.enrolled
signed_in, sdo_endpoint = forged_form_tests.signed_in, staff_access_tests.sdo_endpoint


def failure() -> AbstractContextManager[Any]:
    """Expect the failure of an ordinary test whose control is missing."""
    return pytest.raises((AssertionError, pytest.fail.Exception, IntegrityError))


def test_five_wrong_codes_end_a_code(send: Any, attempt: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(otp, "count_attempts", set)

    with failure():
        otp_tests.test_five_wrong_tries_stop_even_the_right_code(send, attempt)


def test_a_code_is_used_once(send: Any, attempt: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(otp, "use_otp", lambda *_: 1)

    with failure():
        otp_tests.test_the_right_code_is_right_once(send, attempt)


def test_a_link_is_used_once(database: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(links, "use_token", live_subject)

    with failure():
        link_tests.test_a_link_works_once(database)


def test_a_proposal_needs_a_second_person(transition_household: Any, monkeypatch: pytest.MonkeyPatch):
    check = transition.check_move
    monkeypatch.setattr(
        transition, "check_move", lambda who, seen, *how: check(who, replace(seen, proposed_by=None), *how)
    )

    with failure():
        transition_tests.test_no_one_approves_their_own_proposal(transition_household)


def test_an_outdated_page_changes_nothing(transition_household: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transition, "check_version", lambda *_: None)

    with failure():
        transition_tests.test_a_stale_page_moves_nothing(transition_household)


def test_a_request_is_changed_by_one_of_two_at_once(
    transition_household: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transition, "move_if", lambda *_: 1)

    with failure():
        transition_tests.test_what_was_moved_since_it_was_read_is_not_moved_again(transition_household)


def test_a_form_is_submitted_once(submission_household: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        _draft_submission, "claim_of_draft", lambda _draft, owner, _at: locked_if_active(owner)
    )

    with failure():
        submission_tests.test_pressing_twice_gives_the_same_complaint(submission_household)


def test_failed_logins_are_limited(enrolled: None, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(ALLOWANCES, Limit.STAFF_SIGN_IN, Allowance(10**6, timedelta(days=1)))

    with failure():
        staff_login_tests.test_five_wrong_passwords_from_one_network_stop_it_for_15_minutes(
            enrolled, frozen_clock
        )


def test_a_form_needs_its_token(app: Any, visitor: Any, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)

    with failure():
        forged_form_tests.test_a_token_from_before_signing_in_is_none_after_it(visitor, frozen_clock)


def test_pages_of_consumers_are_closed(app: Any, visitor: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "access_of", lambda _endpoint: AccessRule.EVERYBODY)

    with pytest.raises((AssertionError, AttributeError)):
        route_tests.test_a_logged_out_visitor_opens_no_private_endpoint(app, visitor)


def test_staff_need_their_second_factor(sdo_endpoint: None, visitor: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(SignedInStaff, "is_in", True)

    with failure():
        staff_access_tests.test_with_the_password_only_the_endpoint_is_closed(sdo_endpoint, visitor)


def test_weighty_steps_need_a_recent_code(sdo_endpoint: None, visitor: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "STEP_UP_LIFE", timedelta(days=9))

    with failure():
        staff_access_tests.test_a_weighty_action_needs_a_code_of_the_last_five_minutes(
            sdo_endpoint, visitor, timedelta(minutes=5), 303
        )
