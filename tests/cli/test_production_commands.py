"""Commands that are refused in production, and the findings of the doctor."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from tests.fixtures.site_process import environment
from tests.project.tree import ROOT
from wss.config import Config

MakeApp = Callable[[Config], Flask]


def test_a_worker_without_its_settings_sends_nothing(make_app: MakeApp, settings: Config):
    app = make_app(dataclasses.replace(settings, env="production", secret_key="x" * 8))
    ended = app.test_cli_runner().invoke(args=["outbox", "deliver", "--once"])

    assert ended.exit_code == 1 and "WSS_SECRET_KEY" in ended.output and "WSS_SMS_BACKEND" in ended.output


def test_the_doctor_names_a_folder_that_others_may_read(make_app: MakeApp, settings: Config):
    app = make_app(settings)
    settings.instance.chmod(0o755)
    ended = app.test_cli_runner().invoke(args=["doctor", "--json"])

    assert ended.exit_code == 1 and "files" in {each["check"] for each in json.loads(ended.output)}


def test_a_large_form_is_refused_by_its_length(make_app: MakeApp, settings: Config):
    # Less than the size limit of a document.
    answer = make_app(settings).test_client().post("/track", content_length=1_000_000, data=b"")

    assert answer.status_code == 413


def test_a_command_closes_the_instance_folder_and_its_files_to_others(tmp_path: Path):
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o755)
    (instance / "wss.db").touch(mode=0o644)
    command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    environ = environment(instance, WSS_ENV="development")
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, umask=0o022)

    files = [instance, *instance.rglob("*")]
    assert len(files) > 2 and [path for path in files if path.stat().st_mode & 0o077] == []
