"""What `flask doctor` finds from where it runs."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.message_servers import Mailbox, SmsGateway
from tests.fixtures.site import LiveSite
from tests.fixtures.site_process import free_port
from wss import clock, db, vault
from wss.cli import doctor_connections, doctor_data
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
    status, found = doctor(
        make_app(replace(settings, database_url="postgresql://wss:hunter2@127.0.0.1:1/wss"))
    )

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


@pytest.fixture
def limited_role(database_url: str) -> Iterator[str]:
    """Provide a role without any right in the database of the test."""
    name = f"limited_{os.urandom(4).hex()}"
    run_as_owner(database_url, f"CREATE ROLE {name} LOGIN", f"GRANT USAGE ON SCHEMA public TO {name}")
    yield name
    run_as_owner(database_url, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def run_as_owner(url: str, *steps: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for step in steps:
            connection.exec_driver_sql(step)
    engine.dispose()


def as_role(url: str, name: str) -> Any:
    """Connect to the database of the test as this role, and return the components that checks ask for."""
    address = sa.make_url(url).set(username=name, password=None)
    return SimpleNamespace(database=db.configure(db.Database(address.render_as_string(hide_password=False))))


@pytest.mark.on("postgresql")
def test_the_rights_that_a_role_lacks_or_has_too_many_of_are_named(database_url: str, limited_role: str):
    all_rights = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public"
    found = [text_of(doctor_data.check_rights(as_role(database_url, limited_role)))]
    run_as_owner(
        database_url,
        f"GRANT {all_rights} TO {limited_role}",
        f"REVOKE DELETE ON audit_entry FROM {limited_role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {limited_role}",
    )
    found.append(text_of(doctor_data.check_rights(as_role(database_url, limited_role))))
    found.append(text_of(doctor_data.check_rights(as_role(database_url, "postgres"))))
    db.database().dispose()

    assert found[0].startswith(f"error: role {limited_role} may not read and change")
    assert found[1] == f"ok: role {limited_role} has the rights that are needed, and no others"
    assert found[2].startswith("warning: role postgres is a superuser")


@pytest.mark.on("postgresql")
def test_a_database_that_can_only_be_read_is_an_error(database_url: str, limited_role: str):
    run_as_owner(database_url, f"ALTER ROLE {limited_role} SET default_transaction_read_only = on")

    assert "error: it can only be read" in text_of(
        doctor_data.check_server(as_role(database_url, limited_role))
    )


@pytest.mark.on("postgresql")
@pytest.mark.parametrize(("seconds", "weight"), [(0, "ok"), (2, "warning"), (20, "error")])
def test_a_clock_that_differs_from_that_of_the_database_is_seen(
    database: db.Database, seconds: int, weight: str
):
    with clock.shifted_by(timedelta(seconds=seconds)):
        assert text_of(doctor_data.check_clock(None)).startswith(f"{weight}: {seconds}.")


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
