"""The site's host names, absolute links, clients' networks, and what production leaves out."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.factories import a_household, given
from tests.fixtures.databases import SECRET
from tests.fixtures.message_servers import RecordingSender, gateways_with
from tests.fixtures.production import a_registered_text
from tests.fixtures.registration import ANOTHER_MOBILE
from tests.fixtures.registration_pages import captcha_answer, log_in_by_form, walk_to_the_end
from tests.fixtures.site import LiveSite, Visitor
from wss.config import Config, ConfigError
from wss.services.messages.outbox import Outbox
from wss.web import refused_hosts

MakeApp = Callable[[Config], Flask]
PRODUCTION = {
    "WSS_ENV": "production",
    "WSS_SECRET_KEY": SECRET,
    "WSS_PUBLIC_URL": "https://wss.example.in",
    "WSS_SMS_BACKEND": "http",
    "WSS_SMS_URL": "https://sms.example.in/out",
    "WSS_SMS_TOKEN": "a token",
    "WSS_SMS_ENTITY_ID": "1101000000000000001",
    "WSS_SMS_CALLBACK_SECRET": "a secret that gateway and site share",
    "WSS_SMTP_URL": "smtps://mail.example.in:465",
    "WSS_TRUSTED_PROXIES": "1",
}


@pytest.fixture
def https_settings(settings: Config) -> Config:
    """Return the settings of a site that is served by https, behind one proxy."""
    return replace(settings, public_url="https://wss.example.in", trusted_proxies=1)


@pytest.fixture
def https_visitor(make_app: MakeApp, https_settings: Config) -> Visitor:
    """Return a visitor of the site that is served by https, as the proxy passes the requests on."""
    visitor = Visitor(make_app(https_settings).test_client())
    visitor.client.environ_base |= {"wsgi.url_scheme": "https", "HTTP_HOST": "wss.example.in"}
    return visitor


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost@evil.example"},
        {"Host": "a b"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/login", "/register"])
def test_the_site_answers_to_its_own_names_only(visitor: Visitor, path: str, headers: dict[str, str]):
    page = visitor.get(path, headers=headers)

    assert page.status == 400 and "evil" not in page.html


@pytest.mark.parametrize("host", ["10.0.0.5", "127.0.0.1:8101", "wss", "evil.example", ""])
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_checked_by_any_name(visitor: Visitor, path: str, host: str):
    assert visitor.get(path, headers={"Host": host}).status == 200


def test_a_further_host_name_is_a_setting(make_app: MakeApp, settings: Config):
    own = replace(
        settings, trusted_hosts=Config.from_env({"WSS_TRUSTED_HOSTS": "wss, 10.0.0.5"}).trusted_hosts
    )
    client = make_app(own).test_client()
    hosts = ("wss", "10.0.0.5:8101", "10.0.0.6", "x.wss")

    assert [client.get("/help", headers={"Host": host}).status_code for host in hosts] == [200, 200, 400, 400]


@pytest.mark.parametrize("value", ["https://wss.example.in", "*", ".example.in", "a b", "wss:80", "a/b"])
def test_a_further_host_is_a_name_and_nothing_else(value: str):
    with pytest.raises(ConfigError, match="WSS_TRUSTED_HOSTS"):
        Config.from_env({"WSS_TRUSTED_HOSTS": value})


def test_the_log_names_a_refused_host_once_a_minute(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(refused_hosts, "_pause", refused_hosts.LogPause())
    for host in ("upstream_wss", "other.example", "other.example"):
        visitor.get("/login", headers={"Host": host})
        visitor.get("/livez", headers={"Host": host})

    lines = [record.getMessage() for record in caplog.records if record.name == refused_hosts.__name__]
    assert len(lines) == 1 and "upstream_wss" in lines[0] and "WSS_TRUSTED_HOSTS" in lines[0]


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-Server", "X-Original-Host"]
)
def test_no_forwarded_name_is_believed(visitor: Visitor, frozen_clock: Any, header: str):
    evil = {header: "host=evil.example" if header == "Forwarded" else "evil.example"}

    page = visitor.get("/account", headers=evil)
    home = visitor.get("/", headers=evil)

    assert page.location == "/login?next=/account" and "evil" not in home.html


@pytest.mark.parametrize(
    "request_lines",
    [
        "GET /login HTTP/1.1\r\nHost: evil.example\r\n",
        "GET http://evil.example/login HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n",
        "GET //evil.example/login HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    ],
)
def test_over_the_wire_no_other_name_gets_a_page_that_carries_it(live_site: LiveSite, request_lines: str):
    assert "evil.example" not in _answer(live_site, request_lines)


@pytest.mark.parametrize(
    "request_lines",
    [
        "GET /login HTTP/1.1\r\n",
        "GET /login HTTP/1.1\r\nHost:\r\n",
        "GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n",
        "GET /login HTTP/1.1\r\nHost: someone@127.0.0.1\r\n",
        "GET http://evil.example/login HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "GET ftp://127.0.0.1/login HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    ],
)
def test_a_request_that_leaves_its_host_open_is_refused(live_site: LiveSite, request_lines: str):
    assert _answer(live_site, request_lines).split()[1] == "400"


def test_a_target_may_repeat_the_host_and_old_clients_name_none(live_site: LiveSite):
    whole = "GET http://127.0.0.1/livez HTTP/1.1\r\nHost: 127.0.0.1\r\n"

    assert _answer(live_site, whole).split()[1] == "200"
    assert _answer(live_site, "GET /livez HTTP/1.0\r\n").split()[1] == "200"


def _answer(site: LiveSite, request_lines: str) -> str:
    host, port = site.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(f"{request_lines}Connection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


def test_links_in_messages_lead_to_the_public_address_whatever_the_browser_says(
    app: Flask, visitor: Visitor, frozen_clock: Any, tmp_path: Any
):
    walk_to_the_end(visitor, a_household(registered=False), mobile=ANOTHER_MOBILE, email="pooja@example.in")
    sender = RecordingSender()
    Outbox(gateways_with(sender, tmp_path), app.extensions["wss"].config.public_url).deliver_due()

    texts = [parcel.text for parcel in sender.sent if "http" in parcel.text]
    assert len(texts) == 2 and all("http://127.0.0.1:5000/" in text for text in texts)


def test_changing_the_forwarded_address_dodges_no_limit(visitor: Visitor, frozen_clock: Any):
    a_household()
    for number in range(20):
        spoofed = {"X-Forwarded-For": f"10.0.{number}.1", "X-Real-IP": f"10.0.{number}.2"}
        answer = _sign_in_from(visitor, spoofed)

    assert answer == 429


def _sign_in_from(visitor: Visitor, headers: dict[str, str]) -> int:
    page = visitor.get("/login")
    fields = {name: values[0] for name, values in page.form(having="login").fields.items() if values}
    fields |= {
        "login": "7950761921",
        "password": "not the password",
        "captcha": captcha_answer(visitor, page),
    }
    return visitor.post("/login", fields, headers=headers).status


def test_behind_one_proxy_only_the_last_address_counts(https_visitor: Visitor, frozen_clock: Any):
    a_household()

    def status_from(*addresses: str) -> int:
        headers = {"X-Forwarded-For": ", ".join(addresses), "X-Forwarded-Proto": "https"}
        return _sign_in_from(https_visitor, headers)

    statuses = [status_from(f"10.9.{number}.1", "203.0.113.7") for number in range(6)]

    assert (statuses, status_from("10.9.1.1", "203.0.113.8")) == ([422] * 5 + [429], 422)


def test_by_https_every_cookie_is_secure_and_the_session_is_bound_to_the_host(
    https_visitor: Visitor, frozen_clock: Any
):
    a_household()
    pages = [
        https_visitor.get("/?lang=en", headers={"X-Forwarded-Proto": "https"}),
        https_visitor.get("/login"),
    ]
    pages.append(log_in_by_form(https_visitor, "7950761921"))
    lines = [line for page in pages for line in page.headers.getlist("Set-Cookie")]

    names = {line.split("=")[0] for line in lines}
    assert {
        "__Host-wss",
        "__Host-wss_language",
        "__Host-wss_phone",
        "__Host-wss_seen",
    } == names
    assert [
        line for line in lines if not {"Secure", "HttpOnly", "SameSite=Lax"} <= set(line.split("; "))
    ] == []
    assert all("Path=/" in line and "Domain" not in line for line in lines)


def test_hosts_below_the_site_can_be_left_out_of_strict_transport_security(
    make_app: MakeApp, https_settings: Config
):
    client = make_app(replace(https_settings, hsts_subdomains=False)).test_client()

    answer = client.get("/livez", base_url="https://wss.example.in")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_https_follows_the_public_address_although_a_proxy_discloses_nothing(
    make_app: MakeApp, https_settings: Config
):
    visitor = Visitor(make_app(https_settings).test_client())
    visitor.client.environ_base["HTTP_HOST"] = "wss.example.in"
    answer = visitor.get("/login?lang=en")

    assert [line for line in answer.headers.getlist("Set-Cookie") if "; Secure" not in line] == []
    assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize(
    ("path", "forwarded", "times"),
    [("/login", None, 1), ("/login", "203.0.113.7", 0), ("/livez", None, 0)],
    ids=["silent", "telling", "probe"],
)
@pytest.mark.extends_app
def test_a_proxy_without_client_addresses_is_warned_of_once(
    make_app: MakeApp,
    https_settings: Config,
    caplog: pytest.LogCaptureFixture,
    path: str,
    forwarded: str | None,
    times: int,
):
    client = make_app(https_settings).test_client()
    for _each in range(2):
        client.get(path, headers={"X-Forwarded-For": forwarded} if forwarded else {})

    assert caplog.text.count("X-Forwarded-For had 0 addresses") == times


def test_production_has_no_parts_for_trying(make_app: MakeApp, settings: Config):
    app = make_app(replace(settings, env="production"))
    client = app.test_client()

    assert [rule.rule for rule in app.url_map.iter_rules() if "dev" in rule.rule.split("/")] == []
    paths = ("/dev", "/dev/outbox", f"/dev/captcha/{'0' * 32}")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert not app.debug and not app.testing


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("WSS_SECRET_KEY", "", "WSS_SECRET_KEY"),
        ("WSS_SECRET_KEY", "short", "WSS_SECRET_KEY"),
        ("WSS_SECRET_KEY", "a" * 64, "WSS_SECRET_KEY"),
        ("WSS_SMS_BACKEND", "console", "WSS_SMS_BACKEND"),
        ("WSS_SMS_URL", "http://sms.example.in", "WSS_SMS_URL"),
        ("WSS_SMS2_URL", "http://sms.example.in", "WSS_SMS2_URL"),
        ("WSS_SMS_CALLBACK_SECRET", "short", "WSS_SMS_CALLBACK_SECRET"),
        ("WSS_SMS_ENTITY_ID", " ", "WSS_SMS_ENTITY_ID"),
        ("WSS_SMS_SENDER", "", "WSS_SMS_SENDER"),
        ("WSS_SMTP_URL", "", "WSS_SMTP_URL"),
        ("WSS_BILLING_BACKEND", "http", "WSS_BILLING_URL"),
        ("WSS_BILLING_BACKEND", "pigeon", "WSS_BILLING_BACKEND"),
        ("WSS_PUBLIC_URL", "http://wss.example.in", "WSS_PUBLIC_URL"),
        ("WSS_TRUSTED_PROXIES", None, "WSS_TRUSTED_PROXIES"),
        ("WSS_ENV", "staging", "WSS_ENV"),
        ("PORT", "x", "PORT"),
        ("WSS_DATABASE_POOL", "0", "WSS_DATABASE_POOL"),
    ],
)
def test_production_does_not_start_half_set_up_and_says_why(setting: str, value: str | None, named: str):
    settings = {name: text for name, text in (PRODUCTION | {setting: value}).items() if text is not None}

    try:
        refusals = Config.from_env(settings).refusals()
    except ConfigError as refused:
        refusals = [str(refused)]

    assert [reason for reason in refusals if named in reason] != []


def test_development_serves_this_machine_only(database_url: str, tmp_path: Any):
    ended = _start(database_url, tmp_path, WSS_ENV="development", WSS_PUBLIC_URL="http://wss.example.in")

    assert ended.returncode != 0 and "127.0.0.1" in ended.stderr


@pytest.mark.parametrize("command", [["app.py"], ["-c", "import app"]], ids=["the site", "another server"])
def test_no_server_gets_around_the_secret(database_url: str, tmp_path: Any, command: list[str]):
    ended = _start(database_url, tmp_path, *command, WSS_SECRET_KEY="short")

    assert ended.returncode != 0 and "WSS_SECRET_KEY" in ended.stderr


def test_a_server_of_another_kind_starts_when_all_is_set(database: Any, database_url: str, tmp_path: Any):
    given(a_registered_text())

    assert _start(database_url, tmp_path, "-c", "import app").returncode == 0


def _start(
    database_url: str, folder: Any, *command: str, **settings: str | None
) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WSS_")},
        **PRODUCTION,
        "WSS_INSTANCE": str(folder),
        "WSS_DATABASE_URL": database_url,
        **settings,
    }
    return subprocess.run(
        [sys.executable, *(command or ["app.py"])],
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_site_for_trying_answers_to_localhost_too(visitor: Visitor):
    assert visitor.client.get("/login", base_url="http://localhost:5000").status_code == 200


def test_a_site_for_people_does_not_answer_to_localhost():
    served = Config(public_url="https://wss.example.in")

    assert served.hosts == ("wss.example.in",)
