"""What `flask doctor` finds about a PostgreSQL server: rights, a server that can only be read, and its clock."""

import os
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from wss import clock, db
from wss.cli import doctor_data


def text_of(results: Iterator[tuple[str, str]]) -> str:
    return "; ".join(f"{weight}: {text}" for weight, text in results)


@pytest.fixture
def limited_role(database_url: str) -> Iterator[str]:
    """Provide a role without any right in the database of the test."""
    name = f"limited_{os.urandom(4).hex()}"
    run_as_owner(database_url, f"CREATE ROLE {name} LOGIN", f"GRANT USAGE ON SCHEMA public TO {name}")
    yield name
    run_as_owner(database_url, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def run_as_owner(url: str, *steps: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for step in steps:
            connection.exec_driver_sql(step)
    engine.dispose()


def as_role(url: str, name: str) -> Any:
    """Connect to the database of the test as this role, and return the components that checks ask for."""
    address = sa.make_url(url).set(username=name, password=None)
    return SimpleNamespace(database=db.configure(db.Database(address.render_as_string(hide_password=False))))


@pytest.mark.on("postgresql")
def test_the_rights_that_a_role_lacks_or_has_too_many_of_are_named(database_url: str, limited_role: str):
    all_rights = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public"
    found = [text_of(doctor_data.check_rights(as_role(database_url, limited_role)))]
    run_as_owner(
        database_url,
        f"GRANT {all_rights} TO {limited_role}",
        f"REVOKE DELETE ON audit_entry FROM {limited_role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {limited_role}",
    )
    found.append(text_of(doctor_data.check_rights(as_role(database_url, limited_role))))
    found.append(text_of(doctor_data.check_rights(as_role(database_url, "postgres"))))
    db.database().dispose()

    assert found[0].startswith(f"error: role {limited_role} may not read and change")
    assert found[1] == f"ok: role {limited_role} has the rights that are needed, and no others"
    assert found[2].startswith("warning: role postgres is a superuser")


@pytest.mark.on("postgresql")
def test_a_database_that_can_only_be_read_is_an_error(database_url: str, limited_role: str):
    run_as_owner(database_url, f"ALTER ROLE {limited_role} SET default_transaction_read_only = on")

    assert "error: it can only be read" in text_of(
        doctor_data.check_server(as_role(database_url, limited_role))
    )


@pytest.mark.on("postgresql")
@pytest.mark.parametrize(("seconds", "weight"), [(0, "ok"), (2, "warning"), (20, "error")])
def test_a_clock_that_differs_from_that_of_the_database_is_seen(
    database: db.Database, seconds: int, weight: str
):
    with clock.shifted_by(timedelta(seconds=seconds)):
        assert text_of(doctor_data.check_clock(None)).startswith(f"{weight}: {seconds}.")
