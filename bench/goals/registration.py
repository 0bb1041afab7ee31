"""P5: registering a request, from the button to the response, as a share of the commits of the engine itself."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median, quantiles

from bench.benchmark_data import account_no, connection_count
from bench.databases import PostgreSQL, configured, filled, settings, sqlite_fresh
from bench.engines import postgresql_commits_per_second, sqlite_commits_per_second
from bench.keys import csrf_token, session_id, signed_in
from bench.load import Ask, send_all
from bench.measure import BenchmarkOptions, Goal, Pair, Row, compared, in_turn
from bench.rendered_pages import drafts, log_in
from bench.servers import Server

CLIENTS = 16
STORED = 20_000
_WARM_UP = 32
P5 = Goal("P5", 0.25, at_least=True, is_share=True)
P99 = Goal("P5", 5.0)


@dataclass
class Registrations:
    """Consumers who register, one after another, what they have filled in."""

    server: Server
    url: str
    numbers: Iterator[int]
    slow: list[Pair] = field(default_factory=list)

    def per_second(self, count: int) -> float:
        """Return the registrations per second, each by another consumer about another bill."""
        asks = self._prepared(count)
        began = time.perf_counter()
        took = send_all(self.server.port, asks, CLIENTS)
        rate = count / (time.perf_counter() - began)
        self.slow.append(Pair(1000 * quantiles(took, n=100)[98], 1000 * median(took)))
        return rate

    def _prepared(self, count: int) -> list[Ask]:
        """Return the requests, with a session and a complete draft for each; this is not part of the measurement."""
        first = next(self.numbers)
        numbers = range(first, first + count)
        for _ in numbers[1:]:
            next(self.numbers)
        with configured(self.url):
            log_in(numbers)
            return [_register(*one) for one in zip(numbers, drafts(numbers), strict=True)]


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P5 on both engines."""
    postgresql = PostgreSQL(options.folder)
    bare, bare_url = options.folder / "commits.db", postgresql.fresh("commits")
    on_sqlite = filled(sqlite_fresh(options.folder, "registering"), STORED)
    on_postgresql = filled(postgresql.fresh("registering"), STORED)
    return [
        *_on("SQLite", on_sqlite, lambda commits: sqlite_commits_per_second(bare, commits), options),
        *_on(
            "PostgreSQL",
            on_postgresql,
            lambda commits: postgresql_commits_per_second(bare_url, commits),
            options,
        ),
    ]


def _on(
    engine: str, url: str, commits_per_second: Callable[[int], float], options: BenchmarkOptions
) -> list[Row]:
    each = min(options.asked // 2, (connection_count(STORED) - _WARM_UP) // (options.runs + 1))
    with Server("site", settings(url, options.folder)) as server:
        site = Registrations(server, url, iter(range(1, connection_count(STORED) + 1)))
        site.per_second(_WARM_UP)
        site.slow.clear()
        pairs = in_turn(lambda: site.per_second(each), lambda: commits_per_second(each), options.runs)
    what = f"registering a request, {CLIENTS} clients, {engine}: against its own commits of request, event, message"
    return [
        compared(P5, what, pairs, "per second"),
        compared(P99, f"its slowest in a hundred against the median, {engine}", site.slow, "ms"),
    ]


def _register(number: int, form_token: str) -> Ask:
    return Ask(
        f"/account/{account_no(number)}/requests/check",
        signed_in(number),
        {"csrf_token": csrf_token(session_id(number)), "form_token": form_token},
        expected=303,
    )
