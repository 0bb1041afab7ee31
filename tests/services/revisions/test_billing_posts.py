"""Posting of approved revised bills to the billing system: each arrives, and always under one id."""

import json
import threading
from typing import Any

import pytest

from tests.factories import Household
from tests.fixtures.bill_revision import approve, proposed
from tests.fixtures.complaint_handling import rows
from tests.fixtures.message_servers import SmsGateway, plain_answer
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.delivery import LEASE
from wss.gateways.billing import EmbeddedBilling, HttpBilling
from wss.models import BillingPost
from wss.queries.billing_posts import claim_posts, oldest_post_waiting
from wss.services.revisions.billing_posts import BillingPosts


@pytest.fixture
def approved(taken_up: Household, frozen_clock: Any) -> Household:
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
    crowd = [threading.Thread(target=posts_to(sms_gateway).deliver_due) for _ in range(8)]

    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

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
