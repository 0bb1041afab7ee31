"""The shipped server and the shipped nginx together: addresses, limits, logs, slow connections."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.fixtures.databases import SECRET, create_postgresql_database
from tests.fixtures.production import a_registered_text
from tests.fixtures.site_process import environment, free_port
from tests.project.tree import ROOT
from wss import db, schema, vault
from wss.cli.doctor_connections import check_site
from wss.config import Config
from wss.domain.rate_limits import ALLOWANCES, Limit

TOKEN = "SECRETTOKEN1234567890"
SLOW_HEAD = "GET /login HTTP/1.1\r\nHost: localhost\r\nX-a: b\r\n"
SLOW_BODY = "POST /track HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\na=b"


@dataclass
class Front:
    """nginx in front of gunicorn, both with the shipped files."""

    http: int
    https: int
    behind: int
    folder: Path
    database_url: str

    def ask(self, request: str, **way: Any) -> str:
        """Return the response to a raw request."""
        with self.line(**way) as line:
            line.sendall(request.replace("\n", "\r\n").encode())
            with contextlib.suppress(OSError):
                return b"".join(iter(lambda: line.recv(65536), b"")).decode("utf-8", "replace")
        return ""

    def get(self, path: str, *headers: str, host: str = "localhost", **way: Any) -> str:
        """Return the response to a GET."""
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
        return self.ask("\n".join(lines) + "\n\n", **way)

    @contextlib.contextmanager
    def line(self, *, direct: bool = False, source: str = "127.0.0.1") -> Iterator[socket.socket]:
        """Yield a connection to nginx by TLS, or to gunicorn, from an address of this machine."""
        to = ("127.0.0.1", self.behind if direct else self.https)
        plain = socket.create_connection(to, timeout=15, source_address=(source, 0))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with plain if direct else context.wrap_socket(plain, server_hostname="localhost") as line:
            yield line


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, postgresql_server: Any) -> Iterator[Front]:
    folder, name = tmp_path_factory.mktemp("front"), f"front_{uuid4().hex}"
    create_postgresql_database(postgresql_server, name)
    made = Front(free_port(), free_port(), free_port(), folder, postgresql_server.get_uri(database=name))
    settings = {
        "WSS_ENV": "production",
        "WSS_SECRET_KEY": SECRET,
        "WSS_DATABASE_URL": made.database_url,
        "WSS_PUBLIC_URL": "https://localhost",
        "WSS_STAFF_URL": "https://office.localhost",
        "WSS_TRUSTED_PROXIES": "1",
        "WSS_SMS_BACKEND": "http",
        "WSS_SMS_URL": "https://sms.example.in/out",
        "WSS_SMS_TOKEN": "a token",
        "WSS_SMS_ENTITY_ID": "1101000000000000001",
        "WSS_SMS_CALLBACK_SECRET": "a secret that gateway and site share",
        "WSS_SMTP_URL": "smtps://mail.example.in:465",
        "PORT": str(made.behind),
    }
    environ = environment(folder / "instance", **settings)
    (folder / "instance").mkdir()
    database = db.Database(settings["WSS_DATABASE_URL"])
    schema.upgrade(database)
    with database.writes() as session:
        session.add(a_registered_text())
        session.commit()
    database.dispose()
    with (folder / "gunicorn.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "app:app"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
    nginx = _nginx(made)
    try:
        _wait(made)
        yield made
    finally:
        # Both end at once, without waiting for the connections that tests have left open.
        for process, how in ((nginx, signal.SIGTERM), (server, signal.SIGINT)):
            process.send_signal(how)
            process.wait(timeout=30)


def _nginx(front: Front) -> subprocess.Popen[bytes]:
    """Start nginx with the shipped file; only ports, certificates and folders differ."""
    folder = front.folder
    key, certificate = folder / "key.pem", folder / "cert.pem"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-days",
        "2",
    ]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    of_staff = (ROOT / "deploy/nginx-staff.conf").read_text(encoding="utf-8")
    text = f"{text.rstrip().removesuffix('}')}{of_staff}}}\n"
    for old, new in (
        # Its worker has to reach the folder of the test; without root nginx ignores the name.
        ("user www-data;", "user root;"),
        ("127.0.0.1:5000", f"127.0.0.1:{front.behind}"),
        ("listen 80;", f"listen 127.0.0.1:{front.http};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl", f"listen 127.0.0.1:{front.https} ssl"),
        ("listen [::]:443 ssl http2;", ""),
        ("wss.example.in", "localhost"),
        ("/etc/ssl/wss/fullchain.pem", str(certificate)),
        ("/etc/ssl/wss/key.pem", str(key)),
        ("/etc/ssl/wss/office-fullchain.pem", str(certificate)),
        ("/etc/ssl/wss/office-key.pem", str(key)),
        ("allow 10.0.0.0/8;", "allow 127.0.0.1;"),
        ("/run/nginx.pid", str(folder / "nginx.pid")),
        ("/var/log/nginx/", f"{folder}/"),
        ("/var/lib/nginx/", f"{folder}/"),
    ):
        assert old in text
        text = text.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    text = text.replace("http {", "http {" + "".join(f"{k}_temp_path {folder}/{k};" for k in kinds), 1)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "make test installs nginx"
    command = [program, "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def _wait(front: Front) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            if " 200 " in front.get("/livez")[:15]:
                return
        time.sleep(0.1)
    raise AssertionError((front.folder / "gunicorn.log").read_text())


def _status(answer: str) -> str:
    return answer[9:12]


def test_every_cookie_is_secure_and_hsts_is_sent(front: Front):
    answer = front.get("/login?lang=en")
    cookies = re.findall(r"(?i)^set-cookie: (.*)\r$", answer, re.MULTILINE)

    assert len(cookies) >= 3 and all("; Secure" in cookie for cookie in cookies)
    assert "Strict-Transport-Security" in answer


def _page(answer: str) -> str:
    """Return the body of a compressed answer, whose length differs each time that the page is made."""
    return answer.partition("\r\n\r\n")[2]


def test_public_pages_come_from_nginx_in_the_language_of_their_address(front: Front):
    packed = "Accept-Encoding: gzip"
    pages = [front.get(f"/{language}/help", packed) for language in ("hi", "en", "hi", "en")]

    assert _page(pages[0]) == _page(pages[2]) != _page(pages[1]) == _page(pages[3])
    assert all("Cache-Control: public" in page and "set-cookie:" not in page.lower() for page in pages)


def test_what_a_visitor_sends_adds_no_copy_of_a_kept_page(front: Front):
    for encoding in ("gzip", "identity"):
        front.get("/hi/terms", f"Accept-Encoding: {encoding}")
    copies = sorted((front.folder / "wss").rglob("?" * 32))
    for number in range(3):
        front.get(f"/hi/terms?page={number}")
        front.get("/hi/terms", f"Accept-Encoding: gzip, x{number}", f"HX-Request: {number}")
    plain = front.get("/hi/terms", "Accept-Encoding: br, gzip;q=0")

    assert copies and sorted((front.folder / "wss").rglob("?" * 32)) == copies
    assert "Content-Encoding" not in plain and "no-cache" in front.get("/hi/terms?page=1")


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        (["Accept-Language: en-IN,en;q=0.9,hi;q=0.8"], "en"),
        (["Accept-Language: hi-IN,hi;q=0.9,en;q=0.8"], "hi"),
        (["Accept-Language: ta,en;q=0.5"], "en"),
        (["Accept-Language: ta"], "hi"),
        (["Accept-Language: en", "Cookie: a=1; __Host-wss_language=hi"], "hi"),
    ],
)
def test_who_has_no_session_gets_the_kept_page_of_their_language(
    front: Front, headers: list[str], language: str
):
    kept = front.get(f"/{language}/", "Accept-Encoding: gzip")
    page = front.get("/", "Accept-Encoding: gzip", *headers)

    assert _page(page) == _page(kept)
    assert page.count("Cache-Control:") == 1 and "Cache-Control: private, no-cache" in page


def test_who_has_a_session_gets_no_kept_page(front: Front):
    session = f"Cookie: __Host-wss={'a' * 43}"
    # Two of these lengths are the same by chance, six are not.
    pages = {_page(front.get("/", "Accept-Encoding: gzip", session)) for _ in range(6)}

    assert len(pages) > 1


def test_what_is_for_one_visitor_is_not_kept_by_nginx(front: Front):
    tokens = {
        re.findall(r'name="csrf_token" value="([^"]+)"', front.get("/login?lang=en"))[0] for _ in range(2)
    }

    assert len(tokens) == 2
    assert "no-store" in front.get("/login")


def test_staff_pages_are_at_their_name_only_and_for_the_network_that_is_allowed(front: Front):
    office = {"host": "office.localhost"}

    assert _status(front.get("/staff/login", **office)) == "200"
    assert _status(front.get("/staff/login", source="127.0.0.9", **office)) == "403"
    assert _status(front.get("/login", **office)) == _status(front.get("/staff/login")) == "404"


@pytest.mark.parametrize("path", ["/hi/help", "/help", "/hi/help?page=1", "/login", "/livez"])
def test_every_answer_has_one_request_id_of_its_own(front: Front, path: str):
    assert _id_of(front.get(path)) != _id_of(front.get(path))


def test_a_client_cannot_say_from_where_it_comes(front: Front):
    times = ALLOWANCES[Limit.TRACK_ADDRESS].times
    for number in range(times + 1):
        last = front.get("/t/AAAAAAAAAA", f"X-Forwarded-For: 10.0.0.{number}", source="127.0.0.9")

    assert _status(last) == "429"
    assert _status(front.get("/t/AAAAAAAAAA", "X-Forwarded-For: 127.0.0.9", source="127.0.0.10")) == "404"
    assert "10.0.0." not in (front.folder / "wss.log").read_text()


def test_processes_that_were_forked_share_no_connection_of_the_database(front: Front):
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda _number: _status(front.get("/login", direct=True)), range(160)))

    assert answers == ["200"] * 160


def _logs(front: Front) -> str:
    """Return everything that nginx and gunicorn have logged."""
    return "".join(path.read_text() for path in front.folder.glob("*.log"))


def _lines(front: Front, name: str) -> list[dict[str, Any]]:
    """Return the lines of a log, each a JSON object."""
    return [json.loads(line) for line in (front.folder / name).read_text().splitlines()]


def _id_of(answer: str) -> str:
    """Return the request id that the client got, once."""
    [request_id] = re.findall(r"(?i)^x-request-id: (.*)\r$", answer, re.MULTILINE)
    return str(request_id)


def test_what_an_address_contains_reaches_no_log(front: Front):
    views = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "wss/web").rglob("*.py"))
    rules = re.findall(r"@\w+\.(?:get|post|route)\(\s*\"([^\"]+<[^\"]+)\"", views)
    addresses = {re.sub("<[^>]+>", TOKEN, rule) for rule in rules}
    for address in sorted(addresses):
        front.get(f"{address}?q={TOKEN}", f"Referer: https://localhost/t/{TOKEN}")
        front.ask(
            f"POST {address} HTTP/1.1\nHost: localhost\nConnection: close\nContent-Length: 0\n\n", direct=True
        )
    front.ask(f"GET /t/{TOKEN} NONSENSE\nHost: localhost\n\n", direct=True)

    assert len(addresses) > 60 and "/t/..." in _logs(front) and TOKEN not in _logs(front)


@pytest.fixture
def broken(front: Front) -> Iterator[Front]:
    """Yield the front while the table of links is missing, as after a wrong restore."""
    database = db.Database(front.database_url)
    with database.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE link_token RENAME TO moved"))
    yield front
    with database.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE moved RENAME TO link_token"))
    database.dispose()


def test_a_fault_at_a_link_is_logged_by_rule_under_the_id_and_the_reference_that_the_reader_gets(
    broken: Front,
):
    answer = broken.get(f"/t/{TOKEN[:10]}?lang=en", "X-Request-ID: chosen-by-the-client-1234567890")

    [line] = [line for line in _lines(broken, "gunicorn.log") if line["request_id"] == _id_of(answer)]
    assert (line["rule"], line["status"], line["level"]) == ("/t/<code>", 500, "error") and "trace" in line
    assert (
        f"{line['reference'][:4]} {line['reference'][4:]}" in answer
        and _id_of(answer) in answer.split("<body")[1]
    )
    [seen] = [line for line in _lines(broken, "wss.log") if line["request_id"] == _id_of(answer)]
    assert seen["path"] == "/t/..." and line["time"].endswith("Z")
    assert TOKEN[:10] not in _logs(broken) and "chosen-by-the-client" not in _logs(broken)


def test_a_fault_of_nginx_at_a_link_logs_no_address(front: Front):
    # nginx logs this with the address of the request, at the level "crit".
    shutil.rmtree(front.folder / "client_body")
    body = "a" * 100_000
    answer = front.ask(f"POST /d/{TOKEN} HTTP/1.1\nHost: localhost\nContent-Length: {len(body)}\n\n{body}")
    (front.folder / "client_body").mkdir()

    assert _status(answer) == "500" and TOKEN not in _logs(front)


def test_a_request_refused_by_a_limit_is_logged_with_the_limit(front: Front):
    times = ALLOWANCES[Limit.TRACK_ADDRESS].times
    for _ in range(times + 1):
        last = front.get(f"/t/{TOKEN[:10]}", source="127.0.0.11")

    [line] = [line for line in _lines(front, "gunicorn.log") if line["request_id"] == _id_of(last)]
    assert (line["status"], line["rule"], line["limits"]) == (429, "/t/<code>", ["track_address"])


def test_checks_of_health_are_answered_by_address_and_readiness_is_not_public(front: Front):
    by_address = [
        _status(front.ask(f"GET {path} HTTP/1.1\nHost: 10.0.0.5:81\nConnection: close\n\n", direct=True))
        for path in ("/livez", "/readyz", "/login")
    ]

    assert by_address == ["200", "200", "400"]
    assert [_status(front.get(path)) for path in ("/livez", "/readyz", "/metrics")] == ["200", "404", "404"]


@pytest.mark.parametrize("direct", [True, False])
def test_a_large_body_is_refused_before_it_is_sent(front: Front, direct: bool):
    with front.line(direct=direct) as line:
        line.sendall(b"POST /track HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000000\r\n\r\n")
        # nginx keeps the connection open for five seconds, so that the client can read its answer.
        answer = line.recv(65536).decode()

    assert _status(answer) == "413"


def test_an_answer_to_a_streamed_body_says_that_the_connection_ends(front: Front):
    head = "POST /login HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n"

    assert "Connection: close" in front.ask(f"{head}3\na=b\n0\n\n", direct=True)


def test_headers_have_a_limit(front: Front):
    large = f"X-Large: {'a' * 20_000}"

    assert [_status(front.get("/livez", large, direct=direct)) for direct in (True, False)] == ["431", "400"]


def test_no_answer_names_the_application_server(front: Front):
    assert [("server:" in front.get(path, direct=True).lower()) for path in ("/livez", "/login")] == [
        False,
        False,
    ]


@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize("begin", [SLOW_HEAD, SLOW_BODY], ids=["head", "body"])
def test_many_slow_connections_block_no_one(front: Front, direct: bool, begin: str):
    with contextlib.ExitStack() as crowd:
        # nginx accepts 100 connections of one address, and honest visitors come from this one too.
        for _ in range(150 if direct else 90):
            crowd.enter_context(front.line(direct=direct)).sendall(begin.encode())
        answers = [_status(front.get("/login", direct=direct)) for _ in range(10)]

    assert answers == ["200"] * 10


def test_the_doctor_counts_the_proxies_in_front(front: Front, monkeypatch: pytest.MonkeyPatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    monkeypatch.setattr("ssl.create_default_context", lambda: context)
    vault.configure(SECRET)
    url = f"https://localhost:{front.https}"
    found = {
        trusted: list(check_site(SimpleNamespace(config=Config(public_url=url, trusted_proxies=trusted))))
        for trusted in (0, 1)
    }

    assert found[1] == [("ok", f"{url} answers through 1 proxies; it sees this machine as 127.0.0.1")]
    assert found[0][0][0] == "error" and found[0][0][1].endswith("set WSS_TRUSTED_PROXIES=1")
