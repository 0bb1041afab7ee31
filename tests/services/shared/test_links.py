"""Links in messages: one purpose, one use, valid for a day at most."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.registration import rows
from wss.clock import now
from wss.db import transaction
from wss.models import LinkToken
from wss.queries.codes import end_tokens
from wss.services.shared.links import consume_link, new_link

PURPOSES = ("activate", "confirm_email", "not_me")


def a_link(purpose: str = "activate", life: timedelta = timedelta(hours=24)) -> str:
    with transaction():
        return new_link(purpose, f"{purpose}:17", life)


def used(token: str, purpose: str = "activate") -> str | None:
    with transaction():
        return consume_link(token, purpose)


def test_a_link_works_once(database: Any):
    token = a_link()

    assert [used(token), used(token)] == ["activate:17", None]


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("other", PURPOSES)
def test_a_link_works_for_its_own_purpose_only_and_a_wrong_one_does_not_use_it_up(
    database: Any, purpose: str, other: str
):
    token = a_link(purpose)

    if other != purpose:
        assert used(token, other) is None
    assert used(token, purpose) == f"{purpose}:17"


@pytest.mark.parametrize(("minutes", "subject"), [(23 * 60 + 59, "activate:17"), (24 * 60, None)])
def test_a_link_works_until_it_expires(database: Any, frozen_clock: Any, minutes: int, subject: str | None):
    token = a_link()
    frozen_clock.advance(minutes=minutes)

    assert used(token) == subject


def test_the_token_itself_is_not_in_the_database(database: Any):
    token = a_link()

    [row] = rows(LinkToken)
    assert token not in str(vars(row)) and len(token) >= 27


def test_links_about_one_thing_can_be_ended_together(database: Any):
    first, second, other = a_link(), a_link(), a_link("not_me")
    with transaction():
        end_tokens("activate", "activate:17", now())

    assert [used(first), used(second), used(other, "not_me")] == [None, None, "not_me:17"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 31), sign=st.sampled_from("abcXYZ019-_é\x00' "))
def test_a_link_with_any_other_sign_in_it_is_none(database: Any, place: int, sign: str):
    token = a_link()
    changed = token[:place] + sign + token[place + 1 :]

    assert used(changed) == ("activate:17" if changed == token else None)
