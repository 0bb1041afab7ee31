"""The output of `flask import` in the operator's terminal."""

import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "extracts"
SMALL = ("offices", "tariff", "connections")


@pytest.fixture
def extracts(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "extracts"))


@pytest.fixture
def run(app, extracts):
    """Run `flask import` on a file of the folder."""
    runner = app.test_cli_runner()
    return lambda table, name, *options: runner.invoke(args=["import", table, str(extracts / name), *options])


@pytest.fixture
def connections(run):
    for table in SMALL:
        assert run(table, f"{table}.csv").exit_code == 0


def test_an_import_ends_with_its_counts(run):
    result = run("offices", "offices.csv")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "22 new, 0 changed, 0 unchanged, 0 warned, 0 refused"


def test_a_bad_row_is_named_by_line_column_words_and_code(run, connections):
    result = run("connections", "connections-flawed.csv")

    assert result.exit_code == 1
    assert "line 2, account_no: write 10 or 12 digits [account_no_length]" in result.stderr
    assert "Nothing was written" in result.stderr


def test_skipped_rows_are_reported_with_the_file_they_lie_in(run, connections, extracts):
    result = run("connections", "connections-flawed.csv", "--skip-bad-rows")

    assert result.exit_code == 0
    assert "connections-flawed.csv.rejected.csv" in result.stderr
    assert (extracts / "connections-flawed.csv.rejected.csv").exists()
    assert result.stdout.splitlines()[-1] == "5 new, 0 changed, 0 unchanged, 1 warned, 9 refused"


def test_a_file_without_its_columns_is_refused_in_words(run):
    result = run("holidays", "offices.csv")

    assert result.exit_code == 1
    assert "offices.csv: date: the header row does not have this column [column_missing]" in result.stderr


def test_an_unknown_table_is_refused(run):
    assert run("customers", "offices.csv").exit_code == 2
