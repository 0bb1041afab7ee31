"""Settings of every test: its databases, no skipped tests, the fixtures of tests/fixtures."""

import gc
import itertools
import os
import sys
import zlib
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings
from werkzeug.local import LocalProxy

from tests.project.tree import ROOT

DATABASE_KINDS = ("sqlite", "postgresql")
# The statements of pages, commands and journeys are tested on both databases by the tests of the lower layers.
ONE_DATABASE = tuple(
    ROOT / "tests" / name
    for name in (
        "cli",
        "journeys",
        "web",
        # The longest of the others; their statements are those of pages and of the services' tests.
        "project/test_access_matrix.py",
        "project/test_access_matrix_of_staff.py",
    )
)
# Long walks and floods run on PostgreSQL in `make soak`; what they do is also tested step by step on both.
LONG_WALKS = tuple(
    ROOT / "tests" / "resilience" / f"test_{name}.py"
    for name in (
        "gateway_failures",
        "gateway_outage",
        "life_cycle_walks",
        "ownership_machine",
        "reference_bills",
        "sms_pumping",
    )
)
# Left out of `make test-fast`: other programs, texts of the whole project, and the longest files of the others.
SLOW_PATHS = {
    ROOT / "tests" / name
    for name in (
        "attack",
        "browser",
        "cli",
        "deploy",
        "devtools",
        "gateways/test_everyday_pdfs.py",
        "gateways/test_http.py",
        "gateways/test_outbound_route.py",
        "gateways/test_pdf.py",
        "gateways/test_scanner.py",
        "journeys",
        "project",
        "resilience",
        "services/reference/test_imports.py",
        "web/test_dead_links.py",
        "web/test_page_sizes.py",
    )
}
SLOW_FIXTURES = {"chromium", "postgresql_server", "virus_scanner", "fake_gateway_process"}
# Tests that ask for every address in every role take as long as a thousand others.
SLOW_FIXTURES |= {"access_households", "access_offices"}
PROGRAM_MODULES = {
    "subprocess",
    "multiprocessing",
    "tests.fixtures.site_process",
    "tests.fixtures.worker_processes",
}

# Images of containers often forbid compiled files: each worker and each program that a test starts would then compile
# the whole site, which takes longer than most tests. Programs inherit the environment.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.database_relay",
    "tests.fixtures.own_postgresql",
    "tests.fixtures.clocks",
    "tests.fixtures.password_hashes",
    "tests.fixtures.site",
    "tests.fixtures.browsers",
    "tests.fixtures.consumer_session",
    "tests.fixtures.message_servers",
    "tests.fixtures.outbound_proxies",
    "tests.fixtures.fake_gateways",
    "tests.fixtures.scanners",
    "tests.fixtures.access_households",
    "tests.fixtures.access_offices",
    "tests.fixtures.complaint_handling",
    "tests.fixtures.bill_revision",
    "tests.fixtures.waiting_proposals",
    "tests.fixtures.self_bills",
    "tests.fixtures.helpdesk_calls",
    "tests.fixtures.browser_visitor",
    "tests.fixtures.canary",
    "tests.fixtures.reading_server",
]


# Few examples per property where every change is tested, many where there is time.
settings.register_profile("test", max_examples=30, deadline=None)
settings.register_profile("soak", max_examples=1000, deadline=None)
settings.load_profile("soak" if os.environ.get("WSS_SOAK") else "test")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "sqlite_only(reason): looks at what no database can change, so one of them is enough"
        " (only in tests/browser, tests/project and tests/resilience)",
    )
    config.addinivalue_line("markers", "extends_app: adds routes to its application, which is new for it")
    config.addinivalue_line("markers", "plans: looks at how a database plans to go about a query")
    config.addinivalue_line("markers", "soak: takes long, and runs in `make soak` only")
    config.addinivalue_line("markers", "on(*kinds): about what only these kinds of database do")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fast", action="store_true", help="SQLite, no browser, no other programs (make test-fast)"
    )
    parser.addoption(
        "--every-database", action="store_true", help="also tests of pages run on both databases"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what takes long when tests have to be fast."""
    return True if config.option.fast and collection_path in SLOW_PATHS else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses a database on each of them, and a test of pages or commands on one of the two.

    The test's name decides which one, so that it is always the same. A quarter runs on PostgreSQL, where a test takes
    twice the time.
    """
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", _kinds_for(metafunc.definition), scope="session")


def _kinds_for(test: pytest.Item) -> list[str]:
    kinds = list(DATABASE_KINDS)
    if (
        any(test.path.is_relative_to(folder) for folder in ONE_DATABASE)
        and not test.config.option.every_database
    ):
        kinds = ["sqlite" if zlib.crc32(test.name.encode()) % 4 else "postgresql"]
    if test.path in LONG_WALKS and not (test.config.option.every_database or os.environ.get("WSS_SOAK")):
        kinds = ["sqlite"]
    if test.get_closest_marker("sqlite_only"):
        kinds = ["sqlite"]
    for marker in test.iter_markers("on"):
        kinds = list(marker.args)
    return kinds


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not for fast runs, and what is for `make soak` only."""
    if not os.environ.get("WSS_SOAK"):
        is_soak = [item.get_closest_marker("soak") is not None for item in items]
        config.hook.pytest_deselected(items=list(itertools.compress(items, is_soak)))
        items[:] = [item for item, soak in zip(items, is_soak, strict=True) if not soak]
    if config.option.fast:
        is_slow = [_is_slow(item) for item in items]
        config.hook.pytest_deselected(items=list(itertools.compress(items, is_slow)))
        items[:] = [item for item, slow in zip(items, is_slow, strict=True) if not slow]


def pytest_collection_finish() -> None:
    """Exempt the objects made so far from garbage collection: scanning them again takes a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _is_slow(item: pytest.Item) -> bool:
    """Return whether a test needs PostgreSQL, a browser, another process or much time: by its fixtures and imports."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    fixtures = set(getattr(item, "fixturenames", ()))
    used = {
        getattr(value, "__module__", getattr(value, "__name__", ""))
        for value in vars(item.module).values()
        if not isinstance(value, LocalProxy)
    }
    return parameters.get("database_kind") == "postgresql" or bool(
        fixtures & SLOW_FIXTURES or used & PROGRAM_MODULES
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Report a skipped test as failed, because it proves nothing."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"tests are not skipped here: {report.longrepr}"
    return report
