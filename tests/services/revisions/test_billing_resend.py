"""Revised bills that the billing system refused are sent again under their old id."""

import json
import threading
from typing import Any

import pytest

from tests.factories import Household
from tests.fixtures.bill_revision import approve, proposed
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.message_servers import SmsGateway, plain_answer
from tests.fixtures.registration import rows
from wss.db import reading
from wss.domain.actor import DELIVERY_ROLES, STAFF_ROLES, Actor, Role
from wss.domain.errors import NotFound
from wss.gateways.billing import HttpBilling
from wss.models import AuditEntry, BillingPost
from wss.queries.billing_posts import unposted_bills
from wss.services.revisions.billing_posts import BillingPosts
from wss.services.revisions.billing_resend import resend_all_posts, resend_post

BOSS = Actor(Role.HEAD_OFFICE, "Z1", "PVVNL")
REASON = "gateway 422"


@pytest.fixture
def posts(sms_gateway: SmsGateway) -> BillingPosts:
    """Return the worker's posting to a billing system that refuses."""
    sms_gateway.answer = lambda line: plain_answer(line, 422)
    return BillingPosts(HttpBilling(sms_gateway.url.removesuffix("/sms/out"), "a token", only_public=False))


@pytest.fixture
def refused(taken_up: Household, frozen_clock: FrozenClock, posts: BillingPosts) -> str:
    """Return the id of a revised bill that was refused."""
    proposed(taken_up)
    approve()
    posts.deliver_due()
    return the_post().id


def the_post() -> BillingPost:
    [post] = rows(BillingPost)
    return post


def audited_resends() -> list[tuple[str, str]]:
    return [(one.deed, one.subject) for one in rows(AuditEntry) if "posted_again" in one.deed]


def test_it_waits_as_if_it_had_never_been_tried(refused: str, frozen_clock: FrozenClock):
    frozen_clock.advance(days=1)

    assert resend_post(BOSS, refused)

    post = the_post()
    assert (post.state, post.attempts, post.reason, post.due_at) == ("waiting", 0, "", frozen_clock.now)
    assert audited_resends() == [("revised_bill_posted_again", f"billing_post:{refused}")]


def test_it_arrives_under_its_old_id(refused: str, posts: BillingPosts, sms_gateway: SmsGateway):
    resend_post(BOSS, refused)
    sms_gateway.answer = lambda line: plain_answer(line, 201)

    posts.deliver_due()

    assert [json.loads(body)["id"] for _, _, body in sms_gateway.asked] == [refused] * 2
    assert the_post().state == "delivered"


def test_what_waits_already_is_left_alone(refused: str):
    resend_post(BOSS, refused)

    assert not resend_post(BOSS, refused)
    assert len(audited_resends()) == 1


@pytest.mark.parametrize("wanted", [resend_post, resend_all_posts])
def test_of_a_crowd_that_has_it_posted_again_one_does(refused: str, wanted: Any):
    start, told = threading.Barrier(8), []

    def one() -> None:
        start.wait()
        told.append(int(wanted(BOSS, REASON if wanted is resend_all_posts else refused)))

    crowd = [threading.Thread(target=one) for _ in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()

    assert sorted(told) == [0] * 7 + [1]
    assert len(audited_resends()) == 1


def test_one_that_does_not_exist_is_not_found(refused: str):
    with pytest.raises(NotFound):
        resend_post(BOSS, "00000000-0000-4000-8000-000000000000")


def test_all_that_were_refused_for_a_reason_are_posted_again(refused: str):
    assert resend_all_posts(BOSS, REASON) == 1
    assert (the_post().state, audited_resends()) == (
        "waiting",
        [("revised_bills_posted_again", "billing_post")],
    )


def test_those_refused_for_another_reason_stay(refused: str):
    assert resend_all_posts(BOSS, "gateway 400") == 0
    assert (the_post().state, audited_resends()) == ("dead", [])


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - DELIVERY_ROLES))
@pytest.mark.parametrize("wanted", [resend_post, resend_all_posts])
def test_other_roles_cannot_resend_bills(refused: str, role: Role, wanted: Any):
    with pytest.raises(NotFound):
        wanted(Actor(role, "E2", "PVVNL"), REASON if wanted is resend_all_posts else refused)

    assert the_post().state == "dead"


def test_refused_bills_are_listed_by_reason(refused: str, frozen_clock: FrozenClock):
    with reading():
        told = unposted_bills()

    assert (told.waiting, told.waiting_since, told.refusal_counts) == (0, None, [(REASON, 1)])
    assert [(one.id, one.attempts, one.settled_at) for one in told.refused] == [
        (refused, 1, frozen_clock.now)
    ]


def test_pending_bills_are_listed_with_their_age(refused: str, frozen_clock: FrozenClock):
    created_at = the_post().created_at
    resend_post(BOSS, refused)

    with reading():
        told = unposted_bills()

    assert (told.waiting, told.waiting_since, told.refused) == (1, created_at, [])
