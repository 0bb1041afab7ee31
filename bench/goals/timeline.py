"""P1, P2, P3: the page of a request with eight events, with a login, and its refresh without news."""

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bench.baselines.applications import FOLDER
from bench.baselines.page_template import GeneratedPage, generated
from bench.benchmark_data import LONG_AGO
from bench.databases import Engine, PostgreSQL, SQLite, configured, settings, stock
from bench.keys import signed_in
from bench.load import HOST, Ask, Client, repeated
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn, limited
from bench.rendered_pages import invalidate_pages, log_in
from bench.servers import BaselineServer, SiteServer
from wss.db import reading
from wss.models import ServiceRequest

CLIENTS = 4
P1, P2, P3 = Goal("P1", 1.6), Goal("P2", 2.0), Goal("P3", 1.6)
BYTES_OF_A_REFRESH = 300
_REFRESH = re.compile(r'hx-get="([^"]+[?]v=[0-9]+)"')


@dataclass(frozen=True)
class TimelineSite:
    """The site under measurement and the requests that are sent to it."""

    url: str
    server: SiteServer
    pages: Sequence[Ask]

    def cold(self) -> float:
        """Return the processor time of each page when none is cached: each is asked for once after its last event."""
        with configured(self.url):
            invalidate_pages(range(1, len(self.pages) + 1))
        return self.server.microseconds_per_request(self.pages, CLIENTS)

    def warm(self, asked: int) -> float:
        """Return the processor time of each page that was shown before."""
        return self.server.microseconds_per_request(repeated(self.pages, asked), CLIENTS)


def on_sqlite(options: BenchmarkOptions) -> list[Row]:
    """Measure P1."""
    count = options.requests
    what = f"timeline, logged in, 8 events, {count:,} requests stored, SQLite, no page cached"
    return _pages(P1, what, SQLite(options.folder), count, options)


def on_postgresql(options: BenchmarkOptions) -> list[Row]:
    """Measure P2."""
    count = options.postgresql_requests
    what = f"the same, PostgreSQL, {count:,} requests stored, without the database's own time"
    return _pages(P2, what, PostgreSQL(options.folder), count, options)


def refresh(options: BenchmarkOptions) -> list[Row]:
    """Measure P3."""
    url = stock(SQLite(options.folder), options.requests, options)
    with timeline_site(url, options) as site, BaselineServer("constant") as constant:
        refreshes = [_refresh_of(site, page) for page in site.pages]
        bare = repeated([Ask("/")], options.asked)
        asks = repeated(refreshes, options.asked)
        for server, warm_up in ((site.server, refreshes), (constant, bare[: options.pages])):
            server.microseconds_per_request(warm_up, CLIENTS)
        pairs = in_turn(
            lambda: site.server.microseconds_per_request(asks, CLIENTS),
            lambda: constant.microseconds_per_request(bare, CLIENTS),
            options.runs,
        )
        size = _bytes_on_the_line(site.server.port, refreshes[0])
    return [
        compared(P3, "refresh of a timeline without news, against Flask with a constant string", pairs, "µs"),
        limited("P3", "bytes of its answer, headers included", [size], BYTES_OF_A_REFRESH, "B"),
    ]


def _pages(goal: Goal, what: str, engine: Engine, count: int, options: BenchmarkOptions) -> list[Row]:
    """Measure pages that are not cached, which decides, and for information pages that are."""
    folder = options.folder / "page"
    with timeline_site(stock(engine, count, options), options) as site:
        page = _generated_from(site, folder)
        with BaselineServer("page", {FOLDER: str(folder)}) as bare:
            _check_alike(page, folder, bare)
            asks = repeated([Ask("/")], options.asked)
            site.cold()
            bare.microseconds_per_request(asks[: options.pages], CLIENTS)

            def baseline() -> float:
                return bare.microseconds_per_request(asks, CLIENTS)

            cold = in_turn(site.cold, baseline, options.runs)
            warm = in_turn(lambda: site.warm(options.asked), baseline, options.runs)
    size = f"{page.variables} variables, {page.loops} loops, {page.includes} includes"
    return [
        compared(goal, f"{what}: against Flask + Jinja, the same bytes from {size}", cold, "µs"),
        compared(Goal(goal.name, None), "the same, every page shown before", warm, "µs"),
    ]


@contextmanager
def timeline_site(url: str, options: BenchmarkOptions) -> Iterator[TimelineSite]:
    """Run the site on this database, with all measured consumers logged in."""
    numbers = range(1, options.pages + 1)
    with configured(url):
        log_in(numbers)
        pages = [_page_of(number) for number in numbers]
    with SiteServer(settings(url, options.folder)) as server:
        yield TimelineSite(url, server, pages)


def _page_of(number: int) -> Ask:
    """Return the page of the consumer's newest request, the one with eight events."""
    statement = select(ServiceRequest.complaint_no).where(
        ServiceRequest.consumer_id == number, ServiceRequest.registered_at > LONG_AGO
    )
    with reading() as session:
        complaint_no = session.execute(statement).scalar_one()
    return Ask(f"/requests/{complaint_no}", signed_in(number))


def _generated_from(site: TimelineSite, folder: Path) -> GeneratedPage:
    """Write the templates of the baseline from a page of the site."""
    client = Client(site.server.port)
    page = generated(client.send(site.pages[0]).body.decode())
    client.close()
    page.write(folder)
    return page


def _check_alike(page: GeneratedPage, folder: Path, bare: BaselineServer) -> None:
    """Check that the baseline sends the bytes of the site's page; otherwise the ratio would mean nothing."""
    client = Client(bare.port)
    body = client.send(Ask("/")).body.decode()
    client.close()
    if body != page.source:
        raise RuntimeError(f"the baseline page in {folder} differs from the page of the site")


def _refresh_of(site: TimelineSite, page: Ask) -> Ask:
    client = Client(site.server.port)
    found = _REFRESH.search(client.send(page).body.decode())
    client.close()
    if found is None:
        raise RuntimeError(f"{page.path} does not ask for news")
    return Ask(found[1], {**page.headers, "HX-Request": "true"}, expected=204)


def _bytes_on_the_line(port: int, ask: Ask) -> int:
    """Return the size of the response on the wire, counted on a bare socket."""
    lines = [f"GET {ask.path} HTTP/1.1", f"Host: {HOST}:{port}", "Connection: close", "Accept-Encoding: gzip"]
    lines += [f"{name}: {value}" for name, value in ask.headers.items()]
    with socket.create_connection((HOST, port)) as line:
        line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = b""
        while part := line.recv(65_536):
            answer += part
    if not answer.startswith(b"HTTP/1.1 204"):
        raise RuntimeError(f"not an answer without news: {answer[:80]!r}")
    return len(answer)
