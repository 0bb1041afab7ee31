"""`flask secret`, and what commands and servers do with another secret."""

import dataclasses
import os
import runpy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests.factories import given
from tests.fixtures.databases import SECRET
from tests.fixtures.staff_login import EMPLOYEE, an_enrolled_employee, the_credential
from tests.project.tree import ROOT
from tests.services.operations.test_site_secret import NEW
from wss import vault
from wss.clock import now
from wss.config import Config, ConfigError
from wss.db import reading, transaction
from wss.models import LinkToken, StaffCredential
from wss.services.operations.site_secret import accept_secret
from wss.services.shared import links

MakeApp = Callable[[Config], Flask]
Run = Callable[..., Result]


@pytest.fixture
def run(make_app: MakeApp, settings: Config) -> Run:
    """Return a function that runs a command with secrets, on a database that was written with the first one."""
    make_app(settings)
    an_enrolled_employee()
    accept_secret()

    def run(*words: str, secret: str = NEW, old: str = "") -> Result:
        with_secrets = dataclasses.replace(
            settings, secret_key=secret, secret_key_old=tuple(filter(None, [old]))
        )
        return make_app(with_secrets).test_cli_runner().invoke(args=list(words))

    return run


@pytest.mark.parametrize(
    "words", ["staff enrol E10442", "outbox deliver --once", "audit verify", "secret rotate", "backup -"]
)
def test_a_command_with_another_secret_is_refused_in_a_sentence(run: Run, words: str):
    ended = run(*words.split())

    assert ended.exit_code == 1 and "written with another secret" in ended.output
    assert "WSS_SECRET_KEY_OLD" in ended.output


def test_a_server_with_another_secret_does_not_start(
    run: Run, settings: Config, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    environ = {
        "ENV": "development",
        "SECRET_KEY": NEW,
        "DATABASE_URL": database_url,
        "INSTANCE": str(tmp_path),
    }
    for name, value in environ.items():
        monkeypatch.setenv(f"WSS_{name}", value)

    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    monkeypatch.setattr(os, "umask", lambda _mode: 0)

    with pytest.raises(ConfigError, match="written with another secret"):
        runpy.run_path(str(ROOT / "app.py"))


def test_rotating_seals_again_and_says_until_when_the_former_secret_is_needed(run: Run):
    at = now()
    until = at + timedelta(days=40)
    facts: dict[str, Any] = {"token_hash": "0" * 64, "purpose": "track", "subject": "x", "used_at": None}
    given(LinkToken(**facts, created_at=at - timedelta(days=1), expires_at=until))

    ended = run("secret", "rotate", old=SECRET)

    assert ended.exit_code == 0 and f"can be emptied from {until:%d-%m-%Y %H:%M} UTC" in ended.output
    vault.configure(NEW)
    assert vault.unseal(the_credential().totp_secret_sealed)
    assert run("secret", "status").exit_code == 0


def test_after_a_leak_former_links_end_and_the_command_says_what_to_do(run: Run):
    with transaction():
        code = links.new_shown_code("track", "request:1", timedelta(days=400))
    refused = run("secret", "rotate", "--leaked", secret=SECRET)
    ended = run("secret", "rotate", "--leaked", old=SECRET)
    again = run("secret", "rotate", "--leaked")

    assert refused.exit_code == 1 and "set WSS_SECRET_KEY to a new one" in refused.output
    assert ended.exit_code == again.exit_code == 0, ended.output
    assert (
        "1 links to follow a complaint made" in ended.output
        and "Empty WSS_SECRET_KEY_OLD now" in ended.output
    )
    with reading():
        assert links.peek_link(code, "track") is None and links.shown_code("track", "request:1")


def test_rotating_names_employees_whose_authenticator_nothing_opens(run: Run):
    with transaction() as session:
        session.execute(sa.update(StaffCredential).values(totp_secret_sealed="broken"))

    ended = run("secret", "rotate", old=SECRET)

    assert ended.exit_code == 1 and EMPLOYEE in ended.output and "staff enrol" in ended.output


def test_a_lost_secret_is_given_up_only_when_it_is_said(run: Run):
    asked = run("secret", "accept")
    done = run("secret", "accept", "--yes")

    assert (asked.exit_code, done.exit_code) == (1, 0)
    assert run("staff", "enrol", EMPLOYEE).exit_code == 0


def test_the_doctor_says_that_the_secret_is_another(run: Run):
    assert "written with another secret" in run("doctor").output
