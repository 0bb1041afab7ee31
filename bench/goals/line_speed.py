"""P12: the largest contentful paint of pages on a slow line, against the least page that a phone can be sent."""

from functools import partial

from playwright.sync_api import Browser, sync_playwright

from bench.databases import SQLite, configured, settings, stock
from bench.goals.journeys import launched
from bench.keys import COOKIE, session_id
from bench.load import HOST
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn
from bench.rendered_pages import log_in
from bench.servers import BaselineServer, SiteServer

P12 = Goal("P12", 1.05)
# The line and the phone: 2G, and a processor of a quarter of this machine's speed.
ROUND_TRIP_MS, BITS_PER_S, SLOWER = 800, 250_000, 4
_PAINTED = """() => new Promise(found => new PerformanceObserver(list =>
    found(list.getEntries().at(-1).startTime)).observe({type: "largest-contentful-paint", buffered: true}))"""
PAGES = {"home page": "/", "login page": "/login", "page of a consumer": "/account"}


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P12."""
    url = stock(SQLite(options.folder), options.few, options)
    with configured(url):
        log_in(range(1, 2))
    rows = []
    with (
        SiteServer(settings(url, options.folder)) as site,
        BaselineServer("minimal") as minimal,
        sync_playwright() as playwright,
    ):
        browser = launched(playwright)
        for what, path in PAGES.items():
            address = f"http://{HOST}:{site.port}{path}"
            least = f"http://{HOST}:{minimal.port}/"
            for warm_up in (address, least):
                _painted_after(browser, warm_up)
            pairs = in_turn(
                partial(_painted_after, browser, address),
                partial(_painted_after, browser, least),
                options.runs,
            )
            line = f"{ROUND_TRIP_MS} ms and {BITS_PER_S // 1000} kbit/s"
            rows.append(
                compared(P12, f"largest contentful paint of the {what} at {line}, first visit", pairs, "ms")
            )
        browser.close()
    return rows


def _painted_after(browser: Browser, address: str) -> float:
    """Return the milliseconds until a phone that sees the page for the first time has painted its largest part."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="hi-IN")
    context.add_cookies([{"name": COOKIE, "value": session_id(1), "url": address}])
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": BITS_PER_S / 8,
            "uploadThroughput": BITS_PER_S / 8,
        },
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    painted = float(page.evaluate(_PAINTED))
    context.close()
    return painted
