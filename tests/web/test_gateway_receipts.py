"""The endpoint for delivery receipts: signed or not, known or not, it reveals nothing."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import MOBILE
from tests.fixtures.registration import messages
from wss.config import Config
from wss.db import transaction
from wss.domain.delivery import DeliveryState
from wss.domain.receipts import signature
from wss.models import Message
from wss.services.messages.notices import Recipient, queue_notice

SECRET, SECOND = "the first gateway's secret 0123456789", "the second gateway's secret 0123456789"
ADDRESS = "/gateway/sms/receipts"


@pytest.fixture
def settings(settings: Config) -> Config:
    """Return the settings of a site with two gateways."""
    return dataclasses.replace(
        settings,
        sms_backend="http",
        sms_url="http://127.0.0.1:1/one",
        sms_token="t",
        sms_callback_secret=SECRET,
        sms2_url="http://127.0.0.1:1/two",
        sms2_callback_secret=SECOND,
    )


@pytest.fixture
def key(app: Any) -> str:
    """Return the key of a message that the first gateway has accepted."""
    with transaction() as session:
        [message_id] = queue_notice("hold_ended", Recipient("en", MOBILE), {})
        message = session.get_one(Message, message_id)
        message.state, message.gateway = DeliveryState.SENT, "sms1"
    return message_id


@pytest.fixture
def post(client: FlaskClient) -> Callable[..., TestResponse]:
    """Return a function that posts a receipt as the gateway does."""

    def post(key: str, state: str = "delivered", *, secret: str = SECRET, **changes: Any) -> TestResponse:
        receipt = {"id": key, "provider_id": "p1", "state": state, "reason": "", "at": "2026-11-24T10:00:00Z"}
        body = json.dumps(receipt | changes).encode()
        headers = {"X-Signature": signature(body, secret), "Content-Type": "application/json"}
        return client.post(ADDRESS, data=body, headers=headers)

    return post


def state_of_it() -> str:
    [message] = messages()
    return message.state


def test_a_signed_receipt_is_taken(key: str, post: Any):
    assert (post(key).status_code, state_of_it()) == (204, DeliveryState.DELIVERED)


def test_a_receipt_that_comes_again_is_answered_alike(key: str, post: Any):
    assert [post(key).status_code for _time in range(3)] == [204] * 3


def test_the_second_gateway_signs_with_its_own_secret(key: str, post: Any):
    with transaction() as session:
        session.get_one(Message, key).gateway = "sms2"

    assert (post(key, "permanent_failure", secret=SECOND).status_code, state_of_it()) == (
        204,
        DeliveryState.PERMANENT_FAILURE,
    )


def test_a_gateway_cannot_say_that_what_another_has_failed(key: str, post: Any):
    assert (post(key, "permanent_failure", secret=SECOND).status_code, state_of_it()) == (
        204,
        DeliveryState.SENT,
    )


def test_an_unknown_message_is_answered_as_a_known_one(key: str, post: Any):
    known, unknown = post(key), post("00000000-0000-4000-8000-000000000009")

    assert (known.status_code, known.data, dict(known.headers).keys()) == (
        unknown.status_code,
        unknown.data,
        dict(unknown.headers).keys(),
    )


@pytest.mark.parametrize("secret", ["", "a guess", SECRET.upper()])
def test_a_forged_receipt_is_refused_and_changes_nothing(key: str, post: Any, secret: str):
    assert (post(key, secret=secret).status_code, state_of_it()) == (401, DeliveryState.SENT)


def test_a_receipt_without_signature_is_refused(key: str, client: FlaskClient):
    answer = client.post(ADDRESS, json={"id": key, "state": "delivered"})

    assert (answer.status_code, state_of_it()) == (401, DeliveryState.SENT)


def test_a_signature_is_for_exactly_what_was_signed(key: str, client: FlaskClient):
    signed = signature(json.dumps({"id": "another", "state": "delivered"}).encode(), SECRET)
    body = json.dumps({"id": key, "state": "delivered"})
    answer = client.post(ADDRESS, data=body, headers={"X-Signature": signed})

    assert (answer.status_code, state_of_it()) == (401, DeliveryState.SENT)


@pytest.mark.parametrize("changes", [{"state": "lost"}, {"id": 7}, {"at": "soon"}])
def test_what_is_signed_and_is_no_receipt_is_refused(key: str, post: Any, changes: dict[str, Any]):
    assert (post(key, **changes).status_code, state_of_it()) == (400, DeliveryState.SENT)


def test_a_key_with_signs_that_no_key_has_is_an_unknown_one(post: Any):
    assert post("a\x00b").status_code == 204


def test_a_body_that_no_receipt_has_is_not_even_read(key: str, post: Any):
    assert (post(key, provider_id="x" * 20_000).status_code, state_of_it()) == (
        413,
        DeliveryState.SENT,
    )


def test_without_a_secret_no_receipt_is_taken(settings: Config, make_app: Any):
    app = make_app(dataclasses.replace(settings, sms_callback_secret="", sms2_callback_secret=""))
    body = b'{"id": "1", "state": "delivered"}'

    answer = app.test_client().post(ADDRESS, data=body, headers={"X-Signature": signature(body, "")})

    assert answer.status_code == 401


def test_the_address_takes_no_other_method(client: FlaskClient):
    assert client.get(ADDRESS).status_code == 405


def test_an_answer_sets_no_cookie_and_says_nothing(key: str, post: Any):
    answer = post(key)

    assert (answer.data, answer.headers.get("Set-Cookie")) == (b"", None)
