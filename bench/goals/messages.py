"""P14: messages per second of one worker, against what the gateway accepts; and pages while the gateway is down."""

import json
import time
import uuid
from datetime import timedelta
from statistics import median
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select, text

from bench.databases import configured, engines, filled, settings
from bench.gateways import TrialGateway, Worker
from bench.keys import signed_in
from bench.load import Ask, repeated, send_all
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn, informative
from bench.rendered_pages import lodge, log_in
from bench.series import as_column, as_text, numbers
from bench.servers import SiteServer
from wss import clock, vault
from wss.cli.worker import SENDERS, SHIFTS
from wss.db import Database, reading
from wss.domain.delivery import DeliveryState, Urgency
from wss.models import Message

SHOWN, CLIENTS = 50, 4
# Messages until the worker has started, its connections are open and its first housekeeping has ended: the goal is the
# lasting rate.
_WARM_UP = 33
_OUTAGE = 16
_NOTICE = "request_registered"
_VALUES = {
    "complaint_no": "10000000016",
    "account_no": "7950761921",
    "promised_on": "1 दिसंबर 2026",
    "path": "/t/abcdefghijklmnopqrstuvwxyz1",
}
_TEXT = "शिकायत 100 0000 0016 दर्ज हुई। उत्तर 24-11-2026 तक। देखें: http://127.0.0.1:5000/t/ABCDEFGHJK -UPPCL"
P14 = Goal("P14", 0.5, at_least=True, is_share=True)
OUTAGE = Goal("P14", 1.1)


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P14 on both engines."""
    rows = []
    with TrialGateway(str(options.folder / "instance")) as gateway:
        for engine in engines(options):
            url = filled(engine, "messages", options.few, max(SHOWN, options.few // 10))
            rows += _throughput(engine.name, url, gateway, options)
            rows.append(_outage(engine.name, url, gateway, options))
            engine.drop("messages")
    return rows


def _throughput(engine: str, url: str, gateway: TrialGateway, options: BenchmarkOptions) -> list[Row]:
    each, held = options.asked, list[float]()
    environ = settings(url, options.folder) | gateway.settings
    gateway.set_failure_mode("silent")

    def ours() -> float:
        gateway.forget()
        _fill_outbox(url, options, options.waiting + 2 * each)
        with Worker(environ) as worker:
            gateway.seconds_until(options.waiting // _WARM_UP)
            rate = each / gateway.seconds_until(each)
            held.append(worker.resident_mib())
        return rate

    def alone() -> float:
        gateway.forget()
        return gateway.per_second_alone([_order() for _ in range(each)], SHIFTS * SENDERS)

    pairs = in_turn(ours, alone, options.runs)
    what = f"messages a worker sends, {options.waiting:,} waiting, {engine}"
    plain = f"what the gateway takes from a plain client with as many connections ({SHIFTS * SENDERS})"
    return [
        compared(P14, f"{what}: against {plain}", pairs, "per second"),
        informative("P14", f"memory of that worker, {engine}", held, "MiB"),
    ]


def _outage(engine: str, url: str, gateway: TrialGateway, options: BenchmarkOptions) -> Row:
    """Measure the page of a request, with a worker whose gateway is down and without a worker."""
    environ = settings(url, options.folder)
    waiting = options.waiting // _OUTAGE
    _fill_outbox(url, options, waiting)
    with configured(url):
        log_in(range(1, SHOWN + 1))
        pages = [Ask(f"/requests/{lodge(number)}", signed_in(number)) for number in range(1, SHOWN + 1)]
    asks = repeated(pages, options.asked)
    gateway.set_failure_mode("refuse")
    with SiteServer(environ) as server:
        send_all(server.port, pages, CLIENTS)

        def milliseconds() -> float:
            return 1000 * median(send_all(server.port, asks, CLIENTS))

        def in_outage() -> float:
            with Worker(environ | gateway.settings):
                # Time until the circuit breaker has opened and only occasional attempts are made.
                time.sleep(5)
                return milliseconds()

        pairs = in_turn(in_outage, milliseconds, options.runs)
    if _waiting(url) < waiting:
        raise RuntimeError("messages were sent while the gateway was down")
    what = f"timeline page while the gateway is down and {waiting:,} messages wait, {engine}"
    return compared(OUTAGE, f"{what}: against the same without a worker", pairs, "ms")


def _order() -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "to": "916000000001",
        "sender": "WSSUPC",
        "entity_id": "",
        "template_id": f"{_NOTICE}.hi",
        "text": _TEXT,
        "unicode": True,
        "callback": "http://127.0.0.1:5000/gateway/sms/receipts",
    }


def _fill_outbox(url: str, options: BenchmarkOptions, count: int) -> None:
    """Fill the outbox with exactly so many waiting messages, each about a request."""
    with configured(url) as database:
        _insert(database, count, options.few, vault.seal(json.dumps(_VALUES, ensure_ascii=False)))


def _insert(database: Database, count: int, requests: int, sealed: str) -> None:
    at = clock.now()
    table = cast(Table, Message.__table__)
    counted = numbers(1, count)
    columns: dict[str, Any] = {
        "id": "00000000-0000-4000-8000-00" + as_text(counted.c.n + 1_000_000_000),
        "notice": _NOTICE,
        "channel": "sms",
        "recipient": as_text(counted.c.n + 6_000_000_000),
        "language": "hi",
        "text_sealed": sealed,
        "secret": True,
        "urgency": Urgency.NOTICE,
        "service_request_id": counted.c.n % requests + 1,
        "event_number": 1,
        "sending_key": None,
        "sendings": 1,
        "gateway": "",
        "is_in_doubt": False,
        "provider_id": "",
        "state": DeliveryState.WAITING.value,
        "attempts": 0,
        "reason": "",
        "due_at": at,
        "expires_at": at + timedelta(days=30),
        "created_at": at,
    }
    chosen = select(*(as_column(table, name, value) for name, value in columns.items()))
    with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").begin() as connection:
        connection.execute(delete(table))
        connection.execute(insert(table).from_select(list(columns), chosen.select_from(counted)))
    _vacuum(database)


def _vacuum(database: Database) -> None:
    """Update the statistics of the planner, and vacuum, as the server does in quiet hours."""
    statement = "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE message"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def _waiting(url: str) -> int:
    with configured(url), reading() as session:
        waits = select(func.count()).where(Message.state.in_([DeliveryState.WAITING, DeliveryState.SENDING]))
        return session.execute(waits).scalar_one()
