"""P1, P2, P3: the page of a request with eight events, with a login, and its refresh without news."""

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import select

from bench.benchmark_data import LONG_AGO
from bench.databases import PostgreSQL, configured, settings, sqlite_data
from bench.keys import session_id, signed_in
from bench.load import HOST, Ask, Client, repeated
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn, limited
from bench.rendered_pages import SHOWN, invalidate_pages, log_in
from bench.servers import Server
from wss.db import reading
from wss.models import ServiceRequest

CLIENTS = 4
P1, P2, P3 = Goal("P1", 1.4), Goal("P2", 1.8), Goal("P3", 1.8)
BYTES_OF_A_REFRESH = 300
_REFRESH = re.compile(r'hx-get="([^"]+[?]v=[0-9]+)"')
# CSRF tokens carry the second in which they were signed, the link to share the port of the server.
_VARIES = re.compile(rb'(?<=name="csrf_token" value=")[^"]+|(?<=wa[.]me/[?]text=)[^"]+')
_PAGE_AGAINST = "against Flask rendering the same templates with constant values"


@dataclass(frozen=True)
class Site:
    """The site under measurement and the requests that are sent to it."""

    url: str
    server: Server
    pages: Sequence[Ask]


def on_sqlite(options: BenchmarkOptions) -> list[Row]:
    """Measure P1."""
    count = options.requests
    what = f"timeline page, signed in, 8 events, {count:,} requests stored, SQLite: processor time"
    return _pages(P1, what, sqlite_data(options.folder, count), options)


def on_postgresql(options: BenchmarkOptions) -> list[Row]:
    """Measure P2."""
    count = options.postgresql_requests
    what = f"the same, PostgreSQL, {count:,} requests stored: processor time of the application"
    return _pages(P2, what, PostgreSQL(options.folder).stock(count), options)


def refresh(options: BenchmarkOptions) -> list[Row]:
    """Measure P3."""
    with (
        _site(sqlite_data(options.folder, options.requests), options) as site,
        Server("constant") as constant,
    ):
        refreshes = [_refresh_of(site, page) for page in site.pages]
        bare = repeated([Ask("/")], options.asked)
        asks = repeated(refreshes, options.asked)
        for server, warm_up in ((site.server, refreshes), (constant, bare[:SHOWN])):
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


def _pages(goal: Goal, what: str, url: str, options: BenchmarkOptions) -> list[Row]:
    """Measure the page seen before, whose events are cached.

    For information also each page shown for the first time.
    """
    with ExitStack() as stack:
        site = stack.enter_context(_site(url, options))
        environ = settings(url, options.folder)
        bare = stack.enter_context(Server("template", environ, site.pages[0].path, session_id(1)))
        _check_alike(site, bare)
        asks, bare_asks = repeated(site.pages, options.asked), repeated([site.pages[0]], options.asked)
        for server in (site.server, bare):
            server.microseconds_per_request(
                site.pages if server is site.server else bare_asks[:SHOWN], CLIENTS
            )

        def ours() -> float:
            return site.server.microseconds_per_request(asks, CLIENTS)

        def uncached() -> float:
            with configured(url):
                invalidate_pages(range(1, SHOWN + 1))
            return site.server.microseconds_per_request(site.pages, CLIENTS)

        def baseline() -> float:
            return bare.microseconds_per_request(bare_asks, CLIENTS)

        seen = in_turn(ours, baseline, options.runs)
        uncached_runs = in_turn(uncached, baseline, options.runs)
    return [
        compared(goal, f"{what}, {_PAGE_AGAINST}", seen, "µs"),
        compared(
            Goal(goal.name, None),
            "the same, every page shown for the first time since its last event",
            uncached_runs,
            "µs",
        ),
    ]


@contextmanager
def _site(url: str, options: BenchmarkOptions) -> Iterator[Site]:
    """Run the site on this database, with all measured consumers logged in."""
    with configured(url):
        log_in(range(1, SHOWN + 1))
        pages = [_page_of(number) for number in range(1, SHOWN + 1)]
    with Server("site", settings(url, options.folder)) as server:
        yield Site(url, server, pages)


def _page_of(number: int) -> Ask:
    """Return the page of the consumer's newest request, the one with eight events."""
    statement = select(ServiceRequest.complaint_no).where(
        ServiceRequest.consumer_id == number, ServiceRequest.registered_at > LONG_AGO
    )
    with reading() as session:
        complaint_no = session.execute(statement).scalar_one()
    return Ask(f"/requests/{complaint_no}", signed_in(number))


def _check_alike(site: Site, bare: Server) -> None:
    """Check that the bare page equals the site's page; otherwise the ratio would mean nothing.

    Tokens and addresses that differ between any two servers are left out.
    """
    bodies = []
    for port in (site.server.port, bare.port):
        client = Client(port)
        bodies.append(_VARIES.sub(b"", client.send(site.pages[0]).body))
        client.close()
    if bodies[0] != bodies[1]:
        raise RuntimeError("the baseline page differs from the page of the site")


def _refresh_of(site: Site, page: Ask) -> Ask:
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
