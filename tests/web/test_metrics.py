"""The figures for whoever watches the site: behind a token, without anybody's data."""

import dataclasses
from collections.abc import Callable

from flask import Flask

from tests.factories import MOBILE
from tests.fixtures.site import Visitor
from wss.config import Config
from wss.db import transaction
from wss.services.steps.notices import Recipient, queue_notice

TOKEN = "a token that only the watcher knows"


def test_without_a_configured_token_there_is_no_such_page(visitor: Visitor):
    assert visitor.get("/metrics").status == 404


def test_a_wrong_token_sees_nothing(make_app: Callable[[Config], Flask], settings: Config):
    visitor = Visitor(make_app(dataclasses.replace(settings, metrics_token=TOKEN)).test_client())

    assert visitor.get("/metrics", headers={"Authorization": "Bearer another"}).status == 404


def test_the_token_sees_how_many_messages_wait_and_nobodys_number(
    make_app: Callable[[Config], Flask], settings: Config
):
    client = make_app(dataclasses.replace(settings, metrics_token=TOKEN)).test_client()
    with transaction():
        queue_notice("registered_consumer", Recipient("hi", MOBILE), {})

    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert 'wss_messages_unsettled{channel="sms"} 1' in answer.text
    assert MOBILE not in answer.text
