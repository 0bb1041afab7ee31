"""P13: memory of one web process after it has shown every page, and its start-up time until the first response."""

from bench.databases import configured, settings, sqlite_data
from bench.goals.visits import STORED, every_page
from bench.load import Ask, Client
from bench.measure import BenchmarkOptions, Row, limited
from bench.rendered_pages import log_in
from bench.servers import Server

MEMORY_MIB, START_S = 120, 1.5


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P13."""
    url = sqlite_data(options.folder, STORED)
    environ = settings(url, options.folder)
    with configured(url):
        log_in(range(1, 2))
    starts, held = [], []
    for _ in range(options.runs):
        with Server("site", environ) as server:
            client = Client(server.port)
            client.send(Ask("/"))
            starts.append(server.seconds_since_start())
            client.close()
            every_page(server.port, url, environ)
            held.append(server.resident_mib())
    return [
        limited("P13", "memory of a web process that has shown every page", held, MEMORY_MIB, "MiB"),
        limited("P13", "from the start of the program to its first answer", starts, START_S, "s"),
    ]
