"""Posting of approved revised bills to the billing system: each arrives, always under one id, also when resent."""

import json
from typing import Any

import pytest

from tests.factories import Household
from tests.fixtures.bill_revision import approve, proposed
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import rows
from tests.fixtures.message_servers import SmsGateway, plain_answer
from tests.fixtures.threads import call_at_once
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import DELIVERY_ROLES, STAFF_ROLES, Actor, Role
from wss.domain.delivery import LEASE
from wss.domain.errors import NotFound
from wss.gateways.billing import EmbeddedBilling, HttpBilling
from wss.models import AuditEntry, BillingPost
from wss.queries.billing_posts import claim_posts, oldest_post_waiting, unposted_bills
from wss.services.revisions.billing_posts import BillingPosts
from wss.services.revisions.billing_resend import resend_all_posts, resend_post


@pytest.fixture
def approved(taken_up: Household) -> Household:
    """Provide a household with a revised bill that is to be posted."""
    proposed(taken_up)
    approve()
    return taken_up


def posts_to(gateway: SmsGateway) -> BillingPosts:
    return BillingPosts(HttpBilling(gateway.url.removesuffix("/sms/out"), "a token", only_public=False))


def the_post() -> BillingPost:
    (post,) = rows(BillingPost)
    return post


def ids(gateway: SmsGateway) -> list[str]:
    return [json.loads(body)["id"] for _, _, body in gateway.asked]


def test_it_arrives_once(approved: Household, sms_gateway: SmsGateway):
    sms_gateway.answer = lambda line: plain_answer(line, 201)

    posts_to(sms_gateway).deliver_due()
    posts_to(sms_gateway).deliver_due()

    assert ids(sms_gateway) == [the_post().id]
    assert the_post().state == "delivered"


def test_an_answer_of_trouble_is_tried_again_later_under_the_same_id(
    approved: Household, sms_gateway: SmsGateway, frozen_clock: Any
):
    answers = iter([500, 429, 503, 200])
    sms_gateway.answer = lambda line: plain_answer(line, next(answers))

    for _ in range(4):
        posts_to(sms_gateway).deliver_due()
        frozen_clock.advance(minutes=30)

    assert ids(sms_gateway) == [the_post().id] * 4
    assert (the_post().state, the_post().attempts) == ("delivered", 4)


def test_it_is_not_tried_again_at_once(approved: Household, sms_gateway: SmsGateway):
    sms_gateway.answer = lambda line: plain_answer(line, 500)

    posts_to(sms_gateway).deliver_due()
    posts_to(sms_gateway).deliver_due()

    assert len(sms_gateway.asked) == 1
    assert (the_post().state, the_post().reason) == ("waiting", "gateway 500")


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_bill_is_never_tried_again(
    approved: Household, sms_gateway: SmsGateway, frozen_clock: Any, status: int
):
    sms_gateway.answer = lambda line: plain_answer(line, status)

    posts_to(sms_gateway).deliver_due()
    frozen_clock.advance(days=2)
    posts_to(sms_gateway).deliver_due()

    assert len(sms_gateway.asked) == 1
    assert the_post().state == "dead"


def test_a_billing_system_that_is_away_for_a_week_has_the_bill_when_it_is_back(
    approved: Household, sms_gateway: SmsGateway, frozen_clock: Any
):
    sms_gateway.answer = lambda line: plain_answer(line, 503)
    for _ in range(7 * 12):
        posts_to(sms_gateway).deliver_due()
        frozen_clock.advance(hours=2)
    sms_gateway.answer = lambda line: plain_answer(line, 201)

    posts_to(sms_gateway).deliver_due()

    assert set(ids(sms_gateway)) == {the_post().id}
    assert the_post().state == "delivered"


def test_a_worker_that_died_leaves_its_lease_to_another(
    approved: Household, sms_gateway: SmsGateway, frozen_clock: Any
):
    sms_gateway.answer = lambda line: plain_answer(line, 201)
    with transaction():
        claim_posts(now(), now() + LEASE, 5)

    posts_to(sms_gateway).deliver_due()
    assert sms_gateway.asked == []
    frozen_clock.advance(minutes=2)
    posts_to(sms_gateway).deliver_due()

    assert ids(sms_gateway) == [the_post().id]


def test_many_workers_post_it_once(approved: Household, sms_gateway: SmsGateway):
    sms_gateway.answer = lambda line: plain_answer(line, 201)

    call_at_once(lambda worker: worker.deliver_due(), [posts_to(sms_gateway) for _ in range(8)])

    assert ids(sms_gateway) == [the_post().id]


def test_a_fault_of_ours_is_tried_again(approved: Household):
    class Broken:
        def take_revision(self, payload: dict[str, Any]) -> None:
            raise KeyError("7950761921")

    BillingPosts(Broken()).deliver_due()

    assert (the_post().state, the_post().reason) == ("waiting", "KeyError")


def test_without_a_billing_system_it_is_done_at_once(approved: Household):
    BillingPosts(EmbeddedBilling()).deliver_due()

    assert the_post().state == "delivered"


def test_the_oldest_that_waits_is_known(approved: Household, frozen_clock: Any):
    frozen_clock.advance(minutes=5)

    with reading():
        since = oldest_post_waiting(now())
    assert since is not None
    assert (now() - since).total_seconds() == 300


def test_a_revision_that_is_not_approved_sends_nothing(taken_up: Household):
    proposed(taken_up)

    assert rows(BillingPost) == []


BOSS = Actor(Role.HEAD_OFFICE, "Z1", "PVVNL")


REASON = "gateway 422"


@pytest.fixture
def posts(sms_gateway: SmsGateway) -> BillingPosts:
    """Return the worker's posting to a billing system that refuses."""
    sms_gateway.answer = lambda line: plain_answer(line, 422)
    return posts_to(sms_gateway)


@pytest.fixture
def refused(approved: Household, posts: BillingPosts) -> str:
    """Return the id of a revised bill that was refused."""
    posts.deliver_due()
    return the_post().id


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

    assert ids(sms_gateway) == [refused] * 2
    assert the_post().state == "delivered"


def test_what_waits_already_is_left_alone(refused: str):
    resend_post(BOSS, refused)

    assert not resend_post(BOSS, refused)
    assert len(audited_resends()) == 1


@pytest.mark.parametrize("wanted", [resend_post, resend_all_posts])
def test_of_a_crowd_that_has_it_posted_again_one_does(refused: str, wanted: Any):
    subject = REASON if wanted is resend_all_posts else refused

    done = call_at_once(lambda _: int(wanted(BOSS, subject)), range(8))

    assert sorted(done) == [0] * 7 + [1]
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
        bills = unposted_bills()

    assert (bills.waiting, bills.waiting_since, bills.refusal_counts) == (0, None, [(REASON, 1)])
    assert [(one.id, one.attempts, one.settled_at) for one in bills.refused] == [
        (refused, 1, frozen_clock.now)
    ]


def test_pending_bills_are_listed_with_their_age(refused: str):
    created_at = the_post().created_at
    resend_post(BOSS, refused)

    with reading():
        bills = unposted_bills()

    assert (bills.waiting, bills.waiting_since, bills.refused) == (1, created_at, [])
