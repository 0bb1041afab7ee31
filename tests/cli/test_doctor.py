"""What `flask doctor` finds from where it runs."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

from flask import Flask

from tests.fixtures.message_servers import Mailbox, SmsGateway
from tests.fixtures.production import NO_SERVER
from tests.fixtures.site import LiveSite
from tests.fixtures.site_process import free_port
from wss import clock, db, vault
from wss.cli import doctor_connections
from wss.config import Config
from wss.services.operations.site_probe import is_probe_token, probe_token

MakeApp = Callable[[Config], Flask]
NO_TABLES = {"rights", "migrations", "clock", "reference data", "documents", "extracts"}


def doctor(app: Flask) -> tuple[int, dict[str, list[str]]]:
    """Return the exit status, and the results of each check as "weight: text"."""
    ended = app.test_cli_runner().invoke(args=["doctor", "--json"])
    found: dict[str, list[str]] = {}
    for each in json.loads(ended.stdout):
        found.setdefault(each["check"], []).append(f"{each['weight']}: {each['text']}")
    return ended.exit_code, found


def text_of(results: Iterator[tuple[str, str]]) -> str:
    return "; ".join(f"{weight}: {text}" for weight, text in results)


def test_tables_that_have_to_be_filled_are_named_with_the_command(app: Flask):
    status, found = doctor(app)

    assert status == 1
    assert "error: no bills: `flask --app app import bills FILE`" in found["reference data"]
    assert found["migrations"][0].startswith("ok") and found["database"][0].startswith("ok")


def test_without_a_database_nothing_is_said_about_tables(make_app: MakeApp, settings: Config):
    status, found = doctor(make_app(replace(settings, database_url=NO_SERVER)))

    assert status == 1 and found["database"][0].startswith("error: the database does not answer")
    assert not NO_TABLES & set(found) and "hunter2" not in str(found)


def test_gateways_are_connected_to_and_get_no_message(
    make_app: MakeApp, settings: Config, sms_gateway: SmsGateway, mailbox: Mailbox
):
    dead = f"http://127.0.0.1:{free_port()}/sms"
    sms = {"sms_backend": "http", "sms_url": sms_gateway.url, "sms_token": "a token", "sms2_url": dead}
    app = make_app(replace(settings, smtp_url=mailbox.url, **sms))
    found = sorted(doctor(app)[1]["gateways"])

    assert found == [
        "error: SMS gateway sms2: it refuses the connection: wrong port, or not started",
        "ok: SMS gateway sms1: answers",
        "ok: mail server: answers",
    ]
    assert sms_gateway.asked == [] and mailbox.letters == []


def test_a_private_billing_system_is_named_with_the_setting_that_allows_it(
    make_app: MakeApp, settings: Config
):
    billing = {"billing_backend": "http", "billing_url": "https://10.20.30.40", "billing_token": "a token"}
    app = make_app(replace(settings, env="production", **billing))

    assert "WSS_PRIVATE_HOSTS" in doctor(app)[1]["gateways"][0]


def test_the_site_says_to_the_doctor_alone_how_it_sees_a_request(live_site: LiveSite):
    config = live_site.app.extensions["wss"].config
    direct = text_of(doctor_connections.check_site(SimpleNamespace(config=config)))
    one_proxy = SimpleNamespace(config=replace(config, trusted_proxies=1))

    assert direct == f"ok: {config.public_url} answers through 0 proxies; it sees this machine as 127.0.0.1"
    assert "set WSS_TRUSTED_PROXIES=0" in text_of(doctor_connections.check_site(one_proxy))
    assert live_site.app.test_client().get("/doctor").status_code == 404


def test_a_token_of_the_doctor_is_worth_nothing_after_minutes_or_with_another_secret(database: db.Database):
    token = probe_token(clock.now())

    assert is_probe_token(token, clock.now()) and not is_probe_token("", clock.now())
    assert not is_probe_token(token, clock.now() + timedelta(minutes=5))
    vault.configure("another secret of thirty-two characters")
    assert not is_probe_token(token, clock.now())
