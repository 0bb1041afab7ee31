"""What holds for every test: both databases, no skipped test, the fixtures of tests/fixtures."""

from collections.abc import Generator

import pytest

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.clocks",
    "tests.fixtures.compiled",
    "tests.fixtures.site",
    "tests.fixtures.browsers",
    "tests.fixtures.at_home",
    "tests.fixtures.carriers",
    "tests.fixtures.trying",
    "tests.fixtures.scanners",
    "tests.fixtures.neighbourhood",
    "tests.fixtures.offices_about",
    "tests.fixtures.officers",
    "tests.fixtures.revising",
    "tests.fixtures.calling",
    "tests.fixtures.walker",
    "tests.fixtures.canary",
    "tests.fixtures.reading_server",
]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "sqlite_only(reason): looks at what no database can change, so one of them is enough"
        " (only in tests/browser and tests/house)",
    )
    config.addinivalue_line("markers", "plans: looks at how a database plans to go about a query")
    config.addinivalue_line("markers", "on(*kinds): about what only these kinds of database do")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches a database is run on each of them."""
    if "database_kind" not in metafunc.fixturenames:
        return
    kinds = ["sqlite", "postgresql"]
    if metafunc.definition.get_closest_marker("sqlite_only"):
        kinds = ["sqlite"]
    for marker in metafunc.definition.iter_markers("on"):
        kinds = list(marker.args)
    metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test proves nothing, so it counts as failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"tests are not skipped here: {report.longrepr}"
    return report
