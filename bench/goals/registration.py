"""P5: registering a request, from the button to the response: what it costs, and how many a second there are."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from bench.baselines.applications import DATABASE, FOLDER, TRACES
from bench.baselines.replay import connected
from bench.benchmark_data import account_no
from bench.databases import Engine, PostgreSQL, SQLite, configured, engines, filled, settings
from bench.engines import postgresql_commits_per_second, sqlite_commits_per_second
from bench.keys import csrf_token, session_id, signed_in
from bench.load import Ask, send_all
from bench.measure import BenchmarkOptions, Goal, Pair, Row, compared, in_turn, informative
from bench.processes import computed
from bench.recording import record
from bench.rendered_pages import drafts, log_in
from bench.servers import BaselineServer, SiteServer

CLIENTS, PROCESSES = 16, 2
_WARM_UP = 16
P5 = Goal("P5", 1.6)
SHARES = {
    "SQLite": Goal("P5b", 0.20, at_least=True, is_share=True),
    "PostgreSQL": Goal("P5b", 0.12, at_least=True, is_share=True),
}
P99 = Goal("P5b", 5.0)


@dataclass
class Registrations:
    """Consumers who register, one after another, what they have filled in."""

    server: SiteServer
    url: str
    numbers: Iterator[int]
    slow: list[Pair] = field(default_factory=list)

    def per_second(self, count: int) -> float:
        """Return the registrations per second, each by another consumer about another bill."""
        asks = prepared(self.url, self.numbers, count)
        began = time.perf_counter()
        took = send_all(self.server.port, asks, CLIENTS)
        rate = count / (time.perf_counter() - began)
        self.slow.append(Pair(1000 * quantiles(took, n=100)[98], 1000 * median(took)))
        return rate


@dataclass
class ComputedTime:
    """The processor time of server, database and clients for each registration, run by run; SQLite is the server's."""

    server: SiteServer
    database: int | None
    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {"application": [], "database": [], "clients": []}
    )

    def measured(self, measure: Callable[[int], float], count: int) -> float:
        """Return the result of a measurement of so many registrations, and keep what was used for it."""
        before = self._now()
        result = measure(count)
        for name, used in self._now().items():
            self.seconds[name].append((used - before[name]) * 1e6 / count)
        return result

    def _now(self) -> dict[str, float]:
        now = {"application": computed(self.server.pid), "clients": time.process_time()}
        return now | ({"database": computed(self.database)} if self.database else {})


def prepared(url: str, numbers: Iterator[int], count: int) -> list[Ask]:
    """Return requests to register, with a session and a complete draft for each; this is never measured."""
    chosen = [next(numbers) for _ in range(count)]
    with configured(url):
        log_in(range(chosen[0], chosen[-1] + 1))
        return [_register(*one) for one in zip(chosen, drafts(chosen), strict=True)]


def cost(options: BenchmarkOptions) -> list[Row]:
    """Measure P5 on both engines."""
    return [_cost(engine, options) for engine in engines(options)]


def rate(options: BenchmarkOptions) -> list[Row]:
    """Measure P5b on both engines."""
    return [row for engine in engines(options) for row in _rate(engine, options)]


def _cost(engine: Engine, options: BenchmarkOptions) -> Row:
    """Compare one client's registrations with the same statements, executed in the same order by the driver alone."""
    each = max(1, options.asked // 4)
    total = _WARM_UP + each * options.runs
    base = filled(engine, "registering_base", options.few, total)
    asks = prepared(base, iter(range(1, total + 1)), total)
    folder = options.folder / "registering"
    ours, recorded, replayed = (
        engine.fresh(f"registering_{name}", base) for name in ("ours", "seen", "bare")
    )
    tokens = [(ask.form or {})["form_token"] for ask in asks]
    statements = record(
        settings(recorded, options.folder), dict(zip(tokens, asks, strict=True)), folder / TRACES
    )
    bare_asks = [Ask("/", form={"form_token": token}, expected=303) for token in tokens]
    with (
        SiteServer(settings(ours, options.folder)) as site,
        BaselineServer("registering", {FOLDER: str(folder), DATABASE: replayed}) as bare,
    ):
        site.microseconds_per_request(asks[:_WARM_UP], 1)
        bare.microseconds_per_request(bare_asks[:_WARM_UP], 1)
        runs = [slice(first, first + each) for first in range(_WARM_UP, total, each)]
        pairs = [
            Pair(
                site.microseconds_per_request(asks[run], 1), bare.microseconds_per_request(bare_asks[run], 1)
            )
            for run in runs
        ]
    _check_alike(ours, replayed)
    for name in ("base", "ours", "seen", "bare"):
        engine.drop(f"registering_{name}")
    what = f"registering a request, {engine.name}: against Flask and the same {statements} statements by the driver"
    return compared(P5, what, pairs, "µs")


def _check_alike(ours: str, replayed: str) -> None:
    """Check that the baseline has written as many rows as the site; otherwise the ratio would mean nothing."""
    counts = []
    for url in (ours, replayed):
        connection = connected(url)
        cursor = connection.cursor()
        found = []
        for table in ("service_request", "event", "message", "disputed_bill", "audit_entry"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found.append(cursor.fetchone()[0])
        connection.close()
        counts.append(found)
    if counts[0] != counts[1]:
        raise RuntimeError(f"the baseline has written other rows than the site: {counts}")


def _rate(engine: Engine, options: BenchmarkOptions) -> list[Row]:
    """Compare many clients' registrations with the commits that the engine alone makes."""
    each = max(CLIENTS, options.asked // 2)
    total = CLIENTS + each * options.runs
    url = filled(engine, "registering", options.few, total)
    bare = engine.fresh("commits")
    with SiteServer(settings(url, options.folder), PROCESSES) as server:
        site = Registrations(server, url, iter(range(1, total + 1)))
        site.per_second(CLIENTS)
        site.slow.clear()
        used = ComputedTime(server, engine.pid if isinstance(engine, PostgreSQL) else None)
        pairs = in_turn(
            lambda: used.measured(site.per_second, each), lambda: _commits(engine, bare, each), options.runs
        )
    for name in ("registering", "commits"):
        engine.drop(name)
    what = f"registering, {CLIENTS} clients, {PROCESSES} processes, {engine.name}"
    return [
        compared(
            SHARES[engine.name],
            f"{what}: against its own commits of request, event, message",
            pairs,
            "per second",
        ),
        compared(P99, f"its slowest in a hundred against the median, {engine.name}", site.slow, "ms"),
        *(
            informative("P5b", f"processor time of the {name} for each, {engine.name}", values, "µs")
            for name, values in used.seconds.items()
            if values
        ),
    ]


def _commits(engine: Engine, url: str, count: int) -> float:
    if isinstance(engine, SQLite):
        return sqlite_commits_per_second(Path(url.removeprefix("sqlite:///")), count)
    return postgresql_commits_per_second(url, count)


def _register(number: int, form_token: str) -> Ask:
    return Ask(
        f"/account/{account_no(number)}/requests/check",
        signed_in(number),
        {"csrf_token": csrf_token(session_id(number)), "form_token": form_token},
        expected=303,
    )
