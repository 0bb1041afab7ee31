"""P7: logging in with a password, as a share of the password checks that the machine can do."""

import secrets
import threading
import time
from datetime import timedelta

from argon2 import PasswordHasher
from sqlalchemy import select

from bench.databases import SQLite, configured, filled, settings
from bench.keys import PASSWORD, csrf_token, session_id, signed_in
from bench.load import Ask, send_all
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn
from bench.servers import SiteServer
from wss import clock, vault
from wss.db import reading, transaction
from wss.models import Captcha, Consumer

CLIENTS, PROCESSES = 8, 2
P7 = Goal("P7", 0.85, at_least=True, is_share=True)
_WARM_UP = 8


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P7."""
    count = options.passwords
    url = filled(SQLite(options.folder), "logging_in", options.few, max(count, _WARM_UP))
    with configured(url), reading() as session:
        kept = str(session.execute(select(Consumer.password_hash).limit(1)).scalar_one())
    with SiteServer(settings(url, options.folder), PROCESSES) as server:
        _sign_ins_per_second(server, url, _WARM_UP)
        pairs = in_turn(
            lambda: _sign_ins_per_second(server, url, count),
            lambda: _checks_per_second(kept, count),
            options.runs,
        )
    what = f"logging in with a password, {PROCESSES} processes, against argon2id alone on as many threads"
    return [compared(P7, what, pairs, "per second")]


def _sign_ins_per_second(server: SiteServer, url: str, count: int) -> float:
    """Return the logins per second, each with a captcha of its own that was created in advance."""
    with configured(url):
        captchas = [_captcha(number) for number in range(1, count + 1)]
        with transaction() as session:
            session.add_all(captchas)
        asks = [_sign_in(number, captcha.id) for number, captcha in enumerate(captchas, 1)]
    began = time.perf_counter()
    send_all(server.port, asks, CLIENTS)
    return count / (time.perf_counter() - began)


def _captcha(number: int) -> Captcha:
    """Return a captcha that was shown to this consumer's browser."""
    return Captcha(
        id=secrets.token_hex(16),
        session_hash=vault.keyed_hash("session", session_id(number)),
        left=8,
        sign="+",
        right=7,
        expires_at=clock.now() + timedelta(minutes=5),
    )


def _sign_in(number: int, captcha_id: str) -> Ask:
    typed = {"login": f"consumer{number}", "password": PASSWORD, "captcha_id": captcha_id, "captcha": "15"}
    return Ask(
        "/login", signed_in(number), {**typed, "csrf_token": csrf_token(session_id(number))}, expected=303
    )


def _checks_per_second(kept: str, count: int) -> float:
    """Return the checks per second of a hash that the site has stored, by argon2 alone."""
    hasher = PasswordHasher()
    queue, lock = iter(range(count)), threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if next(queue, None) is None:
                    return
            hasher.verify(kept, PASSWORD)

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - began)
