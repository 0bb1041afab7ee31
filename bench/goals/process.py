"""P13: memory of web processes that have shown every page, and the time from the start to the first response."""

from bench.databases import SQLite, configured, settings, stock
from bench.goals.visits import every_page
from bench.load import Ask, Client
from bench.measure import BenchmarkOptions, Row, limited
from bench.rendered_pages import log_in
from bench.servers import SiteServer

MEMORY_MIB, MEMORY_OF_FOUR_MIB, START_S = 110, 60, 1.2
PROCESSES = 4


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P13."""
    url = stock(SQLite(options.folder), options.few, options)
    environ = settings(url, options.folder)
    with configured(url):
        log_in(range(1, 2))
    starts, held = [], []
    for _ in range(options.runs):
        with SiteServer(environ) as server:
            client = Client(server.port)
            client.send(Ask("/"))
            starts.append(server.seconds_since_start())
            client.close()
            every_page(server.port, url, environ)
            held.append(server.resident_mib())
    with SiteServer(environ, PROCESSES) as server:
        # The system chooses which process answers: several times every page, so that each has shown most.
        for _ in range(min(PROCESSES, options.runs)):
            every_page(server.port, url, environ)
        each = server.proportional_mib() / PROCESSES
    return [
        limited("P13", "memory of a web process that has shown every page", held, MEMORY_MIB, "MiB"),
        limited(
            "P13",
            "the same of each of four; what they share, and the process that starts them, is divided by four",
            [each],
            MEMORY_OF_FOUR_MIB,
            "MiB",
        ),
        limited("P13", "from the start of the program to its first answer", starts, START_S, "s"),
    ]
