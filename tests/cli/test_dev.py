"""`flask dev gateway`: there in development, and only there."""

import dataclasses
from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.fixtures.fake_gateways import FakeGateways
from wss.config import Config


def test_production_knows_no_command_for_trying(make_app: Callable[[Config], Flask], settings: Config):
    in_production = make_app(dataclasses.replace(settings, env="production"))

    assert "dev" in make_app(settings).cli.commands
    assert "dev" not in in_production.cli.commands


def test_the_settings_are_the_same_before_and_after_a_start(app: Flask):
    def printed() -> str:
        return app.test_cli_runner().invoke(args=["dev", "gateway", "--settings"]).output

    assert printed() == printed()
    assert "export WSS_SMS_URL=http://127.0.0.1:5001/sms1\n" in printed()


def test_a_site_has_all_it_needs_from_the_settings_that_are_printed(
    fake_gateways: FakeGateways, settings: Config
):
    sent_to = Config.from_env(fake_gateways.settings)

    assert [gateway.name for gateway in sent_to.sms_gateways] == ["sms1", "sms2"]
    assert not [reason for reason in sent_to.refusals() if "CALLBACK" in reason]
    assert sent_to.smtp_url.startswith("smtp://127.0.0.1:")


def test_a_port_that_is_taken_is_named(app: Flask, fake_gateways: FakeGateways):
    port = fake_gateways.url.rpartition(":")[2]

    outcome: Any = app.test_cli_runner().invoke(args=["dev", "gateway", "--port", port])

    assert outcome.exit_code == 1
    assert f"port {port}" in outcome.output
