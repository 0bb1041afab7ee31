"""Rules for tests: none is skipped, and each runs on both databases."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.project.tree import ROOT, Source, none_of, sample, sources

SKIPS = {"skip", "skipif", "xfail", "importorskip"}
DATABASE = re.compile(r"(sqlite|postgresql)(\+\w+)?:/")
# Only for what does not depend on the database, or exists on one kind of database only.
MAY_CHOOSE = ("tests/browser/", "tests/project/", "tests/resilience/", "tests/fixtures/", "tests/conftest.py")


def habit_faults(source: Source) -> list[str]:
    """Return the violations of a test file."""
    return [source.fault(node, what) for node in ast.walk(source.tree) for what in _habits(source.path, node)]


def _habits(place: str, node: ast.AST) -> Iterator[str]:
    may_choose = place.startswith(MAY_CHOOSE)
    if isinstance(node, ast.Attribute):
        if node.attr in SKIPS and getattr(node.value, "id", getattr(node.value, "attr", "")) in (
            "pytest",
            "mark",
        ):
            yield "skips"
        if (
            node.attr in ("sqlite_only", "on")
            and getattr(node.value, "attr", "") == "mark"
            and not may_choose
        ):
            yield "runs on one kind of database only"
    elif isinstance(node, ast.Constant) and not may_choose and DATABASE.match(str(node.value)):
        yield "names a database by itself: ask for `database` or `database_url`"


def test_tests_have_good_habits():
    none_of([fault for source in sources("tests") for fault in habit_faults(source)])


@pytest.mark.parametrize(
    "line",
    ["pytest.skip('no')", "@pytest.mark.skip\ndef f(): ...", "@pytest.mark.sqlite_only('x')\ndef f(): ..."],
)
def test_a_bad_habit_is_seen(line: str):
    assert habit_faults(sample(line, "tests/web/test_x.py"))


def test_a_test_that_names_its_database_is_seen():
    assert habit_faults(sample("url = 'sqlite:///x.db'", "tests/services/test_x.py"))


def test_every_test_file_can_be_found_by_pytest():
    stray = [
        path for path in (ROOT / "tests").rglob("*.py") if re.search(r"(?<!test)_tests?\.py$", path.name)
    ]

    assert stray == []


def test_a_database_test_runs_on_both(database, database_kind: str):
    dialect = database.engine.dialect.name

    assert dialect == database_kind
