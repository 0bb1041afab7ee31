"""P11: bytes of a first and a later visit of every page of a consumer."""

from bench.databases import SQLite, configured, settings, stock
from bench.measure import BenchmarkOptions, Row, limited
from bench.pages import Visit, files_of, form_paths, paths, sheet_cookie, visit
from bench.rendered_pages import KIND, log_in
from bench.servers import SiteServer

BEHIND_LOGIN = ("/account/", "/requests/")
FIRST_PAGE, FIRST_VISIT, LATER_PAGE, REQUESTS = 14_000, 30_000, 5_000, 6


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P11."""
    url = stock(SQLite(options.folder), options.few, options)
    environ = settings(url, options.folder)
    with SiteServer(environ) as server:
        with configured(url):
            log_in(range(1, 2))
        first = every_page(server.port, url, environ)
        seen = sheet_cookie(server.port)
        later = [found for one in first if (found := visit(server.port, one.path, seen))]
    pages = f"{len(first)} pages"
    return [
        _largest(
            f"HTML with its style on a first visit, {pages}", [(v.page_bytes, v) for v in first], FIRST_PAGE
        ),
        _largest("all of a first visit", [(v.all_bytes, v) for v in first], FIRST_VISIT),
        _largest("HTML of a later visit", [(v.page_bytes, v) for v in later], LATER_PAGE),
        _largest("requests of a first visit", [(v.requests, v) for v in first], REQUESTS, ""),
    ]


def every_page(port: int, url: str, environ: dict[str, str]) -> list[Visit]:
    """Return a first visit to each page. A phone comes to a page of an account with the files of the login page."""
    files = files_of(port, "/login")
    plain = [
        found
        for path in paths(url, environ)
        if (found := visit(port, path, cached=files if path.startswith(BEHIND_LOGIN) else ()))
    ]
    forms = [found for path in form_paths(plain, KIND) if (found := visit(port, path, cached=files))]
    return plain + forms


def _largest(what: str, sizes: list[tuple[int, Visit]], limit: int, unit: str = "B") -> Row:
    most, where = max(sizes, key=lambda size: size[0])
    return limited("P11", f"{what}; the largest is `{where.path}`", [most], limit, unit)
