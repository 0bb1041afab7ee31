"""What commands refuse in production, and what the doctor finds."""

import dataclasses
import json
from collections.abc import Callable

from flask import Flask

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
    # Less than a document may have.
    answer = make_app(settings).test_client().post("/track", content_length=1_000_000, data=b"")

    assert answer.status_code == 413
