"""Posting of revised bills to the billing system: against a real server of the loopback that fails on purpose."""

import json
from typing import Any

import pytest

from tests.fixtures.message_servers import SmsGateway, plain_answer
from wss.gateways.billing import EmbeddedBilling, HttpBilling
from wss.gateways.senders import SendFailed

PAYLOAD: dict[str, Any] = {"id": "0f0e", "account_no": "7950761921", "revised_bill_no": "RV10000000016"}


def billing(at: SmsGateway, **wishes: Any) -> HttpBilling:
    return HttpBilling(at.url.removesuffix("/sms/out"), "a token", **({"only_public": False} | wishes))


def answering(status: int, **headers: str) -> Any:
    return lambda line: plain_answer(line, status, **headers)


def failure(of: HttpBilling) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        of.take_revision(PAYLOAD)
    return failed.value


@pytest.mark.parametrize("status", [200, 201])
def test_a_revised_bill_is_posted_with_its_id_and_the_token(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = answering(status)

    billing(sms_gateway).take_revision(PAYLOAD)

    ((path, headers, body),) = sms_gateway.asked
    assert path == "/revisions"
    assert headers["Authorization"] == "Bearer a token"
    assert json.loads(body) == PAYLOAD


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_of_the_bill_itself_is_final(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = answering(status)

    assert not failure(billing(sms_gateway)).again


@pytest.mark.parametrize("status", [202, 401, 404, 429, 500, 503])
def test_every_other_answer_is_worth_another_try(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = answering(status)

    assert failure(billing(sms_gateway)).again


def test_in_production_the_loopback_is_never_connected_to(sms_gateway: SmsGateway):
    assert failure(billing(sms_gateway, only_public=True)).again
    assert sms_gateway.asked == []


def test_a_failure_discloses_nothing_of_the_bill_or_the_token(sms_gateway: SmsGateway):
    sms_gateway.answer = answering(500)

    said = failure(billing(sms_gateway)).reason
    assert "7950761921" not in said
    assert "token" not in said


def test_without_a_billing_system_nothing_is_posted():
    EmbeddedBilling().take_revision(PAYLOAD)
