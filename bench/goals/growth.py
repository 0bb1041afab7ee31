"""P15: the response time of every page that is opened often, with the most requests stored against the fewest."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median

from sqlalchemy import select

from bench.benchmark_data import account_no, bill_no
from bench.databases import configured, engines, settings, stock
from bench.demo_data import demo_data
from bench.goals.timeline import TimelineSite, timeline_site
from bench.keys import signed_in
from bench.load import Ask, send_all
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn
from bench.rendered_pages import KIND, invalidate_pages
from bench.servers import SiteServer
from bench.staff_sessions import employee, staff_cookie
from wss.db import reading
from wss.domain.actor import Role
from wss.domain.lifecycle import OPEN
from wss.models import ServiceRequest

P15 = Goal("P15", 1.3)
_LOOKS = 40
Pages = Mapping[str, Sequence[Ask]]


@dataclass(frozen=True)
class StoredSite:
    """A site with so many requests, and the pages that are opened, by what they are."""

    count: int
    url: str
    server: SiteServer
    pages: Pages

    def milliseconds(self, what: str) -> float:
        """Return the median response time of a page that is not cached, for one client."""
        with configured(self.url):
            invalidate_pages(range(1, _LOOKS + 1))
        return 1000 * median(send_all(self.server.port, self.pages[what], 1))


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P15 on both engines."""
    staff = demo_data(options)
    rows = []
    for engine in engines(options):
        sizes = options.sizes(engine.name)
        with ExitStack() as opened:
            sites = [
                opened.enter_context(_consumers_site(stock(engine, count, options), count, options))
                for count in (sizes[-1], sizes[0])
            ]
            rows += _rows(engine.name, sites, options)
        with ExitStack() as opened:
            sites = [
                opened.enter_context(_staff_site(staff[engine.name][count], count, options))
                for count in (sizes[-1], sizes[0])
            ]
            rows += _rows(engine.name, sites, options)
    return rows


def _rows(engine: str, sites: Sequence[StoredSite], options: BenchmarkOptions) -> list[Row]:
    most, few = sites
    rows = []
    for what in most.pages:
        for site in sites:
            site.milliseconds(what)
        pairs = in_turn(partial(most.milliseconds, what), partial(few.milliseconds, what), options.runs)
        sizes = f"{most.count:,} requests against {few.count:,}, {engine}"
        rows.append(compared(P15, f"{what}, {sizes}", pairs, "ms"))
    return rows


@contextmanager
def _consumers_site(url: str, count: int, options: BenchmarkOptions) -> Iterator[StoredSite]:
    with timeline_site(url, options) as site:
        yield StoredSite(count, url, site.server, _consumers_pages(site))


def _consumers_pages(site: TimelineSite) -> Pages:
    numbers = range(1, min(_LOOKS, len(site.pages)) + 1)

    def of_each(address: str) -> list[Ask]:
        return [
            Ask(address.format(account_no=account_no(number), bill_no=bill_no(number)), signed_in(number))
            for number in numbers
        ]

    return {
        "home page": [Ask("/")] * len(numbers),
        "login page": [Ask("/login")] * len(numbers),
        "page of a consumer": of_each("/account"),
        "page of a connection": of_each("/account/{account_no}"),
        "bills of a connection": of_each("/account/{account_no}/bills"),
        "one bill": of_each("/account/{account_no}/bills/{bill_no}"),
        "requests of a connection": of_each("/account/{account_no}/requests"),
        "form of a complaint": of_each("/account/{account_no}/requests/new?request=" + KIND),
        "timeline, no page cached": site.pages[: len(numbers)],
    }


@contextmanager
def _staff_site(url: str, count: int, options: BenchmarkOptions) -> Iterator[StoredSite]:
    with configured(url):
        clerk, officer, office = (
            staff_cookie(role) for role in (Role.BILLING_CLERK, Role.SDO, Role.HEAD_OFFICE)
        )
        work = f"/todo/{_open_request()}/work"
    pages = {
        "To-Do list of a clerk": Ask("/todo", clerk),
        "work page": Ask(work, clerk),
        "approvals of an SDO": Ask("/approvals", officer),
        "To-Do list of a head office": Ask("/todo", office),
        "MIS of a head office": Ask("/mis", office),
    }
    looks = min(_LOOKS, options.asked)
    with SiteServer(settings(url, options.folder)) as server:
        yield StoredSite(count, url, server, {what: [ask] * looks for what, ask in pages.items()})


def _open_request() -> str:
    """Return an open request that the first billing clerk may work on."""
    clerk = employee(Role.BILLING_CLERK)
    statement = (
        select(ServiceRequest.complaint_no)
        .where(
            ServiceRequest.office_code == clerk.office_code,
            ServiceRequest.holder_role == Role.BILLING_CLERK.value,
            ServiceRequest.status.in_(sorted(OPEN)),
        )
        .order_by(ServiceRequest.id)
        .limit(1)
    )
    with reading() as session:
        return str(session.execute(statement).scalar_one())
