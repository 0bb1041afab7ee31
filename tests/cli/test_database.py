"""Which databases a version works with, and `flask db`: status, upgrade and downgrade."""

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient

from wss import schema
from wss.db import Database
from wss.schema import SchemaState


@pytest.mark.parametrize(
    ("revision", "oldest_code", "words"),
    [
        (None, None, "flask --app app db upgrade"),
        ("0039", "0039", "flask --app app db upgrade"),
        ("0040", "0040", ""),
        ("0042", "0039", ""),
        ("0042", "0040", ""),
        ("0042", "0041", "db downgrade --to 0040"),
        # Its record is missing.
        ("0042", None, "install the newer version"),
    ],
)
def test_a_version_works_with_a_database_that_is_new_enough_and_not_too_new(
    revision: str | None, oldest_code: str | None, words: str
):
    refusal = SchemaState(revision, "0040", oldest_code).refusal()

    assert words in refusal and bool(words) == bool(refusal)


@pytest.fixture
def former(database: Database) -> Iterator[str]:
    """Return the migration before the newest one; other tests get the database with the newest again."""
    yield f"{int(schema.expected_revision()) - 1:04}"
    with database.engine.begin() as connection:
        newer = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "9000"
        if newer:
            connection.execute(
                sa.text("UPDATE alembic_version SET version_num = :number"),
                {"number": schema.expected_revision()},
            )
    schema.upgrade(database)


def migrated_by_a_newer_version(database: Database, oldest_code: str) -> None:
    """Give the database the marks that a later migration leaves."""
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9000'"))
        connection.execute(sa.text("DELETE FROM counter WHERE name = 'oldest_code'"))
        connection.execute(
            sa.text("INSERT INTO counter VALUES ('oldest_code', :number)"), {"number": int(oldest_code)}
        )


def test_a_process_stays_ready_while_a_newer_version_migrates(
    app: Flask, client: FlaskClient, database: Database, former: str
):
    migrated_by_a_newer_version(database, schema.expected_revision())

    assert client.get("/readyz").status_code == 200


def test_a_process_is_not_ready_for_a_database_that_it_cannot_work_with(
    app: Flask, client: FlaskClient, database: Database, former: str
):
    migrated_by_a_newer_version(database, "8999")

    assert client.get("/readyz").status_code == 503


def test_an_upgrade_leaves_a_newer_database_alone(app: Flask, database: Database, former: str):
    migrated_by_a_newer_version(database, schema.expected_revision())
    ended = app.test_cli_runner().invoke(args=["db", "upgrade"])

    assert (ended.exit_code, schema.current_revision(database)) == (0, "9000")


def test_the_status_names_what_is_missing_and_fails(app: Flask, database: Database, former: str):
    schema.downgrade(database, former)
    ended = app.test_cli_runner().invoke(args=["db", "status", "--json"])
    found = json.loads(ended.output)
    again = app.test_cli_runner().invoke(args=["db", "upgrade"])

    assert (ended.exit_code, found["missing"]) == (1, [schema.expected_revision()])
    assert again.exit_code == 0 and schema.refusal(database) == ""


def test_a_downgrade_asks_first(app: Flask, database: Database, former: str):
    asked = app.test_cli_runner().invoke(args=["db", "downgrade", "--to", former], input="n\n")

    assert asked.exit_code == 1 and schema.refusal(database) == ""
    done = app.test_cli_runner().invoke(args=["db", "downgrade", "--to", former, "--yes"])
    assert done.exit_code == 0 and schema.current_revision(database) == former


def test_a_version_cannot_undo_migrations_that_it_does_not_know(app: Flask, database: Database, former: str):
    migrated_by_a_newer_version(database, former)
    ended = app.test_cli_runner().invoke(args=["db", "downgrade", "--to", former, "--yes"])

    assert ended.exit_code == 1 and "with the version that made it" in ended.output


def test_a_number_that_does_not_exist_is_a_sentence(app: Flask, database: Database):
    ended = app.test_cli_runner().invoke(args=["db", "upgrade", "--to", "0999"])

    assert ended.exit_code == 1 and "0999" in ended.output and "Traceback" not in ended.output


def test_a_migration_without_the_oldest_code_needs_its_own(app: Flask):
    script: ScriptDirectory = schema._script_directory(None)

    assert schema.oldest_code(script, "0039") == "0039"


def test_each_migration_since_the_first_release_names_the_oldest_code_that_works_with_it():
    late = [each for each in schema._script_directory(None).walk_revisions() if each.revision > "0039"]

    assert [each.revision for each in late if not hasattr(each.module, "oldest_code")] == []
