"""`flask dev gateway` exists in development only."""

import dataclasses
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from flask import Flask

from tests.fixtures.fake_gateways import FakeGateways
from tests.fixtures.site_process import environment
from tests.project.tree import ROOT
from wss.config import Config

COMMAND = ("flask", "--app", "app", "dev", "gateway")


def gateway(
    folder: Path, *options: str, command: Sequence[str] = COMMAND
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command, *options],
        cwd=ROOT,
        env=environment(folder, WSS_ENV="development"),
        capture_output=True,
        text=True,
    )


def test_production_has_no_commands_of_development(make_app: Callable[[Config], Flask], settings: Config):
    in_production = make_app(dataclasses.replace(settings, env="production"))

    assert "dev" in make_app(settings).cli.commands
    assert "dev" not in in_production.cli.commands


def test_the_settings_are_the_same_at_each_start(tmp_path: Path):
    printed = gateway(tmp_path, "--settings").stdout

    assert "export WSS_SMS_URL=http://127.0.0.1:5001/sms1\n" in printed
    # What the command becomes: starting the site a second time takes longer than everything else.
    assert gateway(tmp_path, "--settings", command=["devtools.fake_gateway"]).stdout == printed


def test_a_site_has_all_it_needs_from_the_settings_that_are_printed(fake_gateways: FakeGateways):
    sent_to = Config.from_env(fake_gateways.settings)

    assert [gateway.name for gateway in sent_to.sms_gateways] == ["sms1", "sms2"]
    assert not [reason for reason in sent_to.refusals() if "CALLBACK" in reason]
    assert sent_to.smtp_url.startswith("smtp://127.0.0.1:")


def test_a_port_in_use_is_named(fake_gateways: FakeGateways, tmp_path: Path):
    port = fake_gateways.url.rpartition(":")[2]

    refused = gateway(tmp_path, "--port", port)

    assert (refused.returncode, f"port {port}" in refused.stderr) == (1, True)


def test_without_the_development_packages_the_command_says_what_to_install(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wss.cli.dev.find_spec", lambda _name: None)

    refused = app.test_cli_runner().invoke(args=["dev", "gateway"])

    assert (refused.exit_code, "requirements-dev.txt" in refused.output) == (1, True)
