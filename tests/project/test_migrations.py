"""Migrations: numbered without gaps, up and down on both databases, with the schema of the models as the result."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.factories import OFFICE, a_household, a_service_request, bill_correction, given
from tests.project.tree import none_of
from wss.db import Base, Database, reading
from wss.models import Event, ServiceRequest, Staff
from wss.queries.mis_sums import has_sums
from wss.schema import FOLDER, downgrade, upgrade
from wss.services.mis import sums


@pytest.fixture
def bare(empty_database_url: str) -> Iterator[Database]:
    """Provide a database without tables."""
    database = Database(empty_database_url)
    yield database
    database.dispose()


def differences(database: Database) -> list[object]:
    """Return the differences between the models and the database."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, Base.metadata))


def numbering_faults(names: list[str]) -> list[str]:
    """Return the file names that are out of sequence."""
    return [
        name
        for number, name in enumerate(sorted(names), 1)
        if not re.match(rf"{number:04}_[a-z0-9_]+\.py$", name)
    ]


def test_migrations_are_numbered_without_gaps():
    paths = sorted((FOLDER / "versions").glob("*.py"))

    none_of(numbering_faults([path.name for path in paths]))
    for number, path in enumerate(paths, 1):
        text = path.read_text(encoding="utf-8")
        before = f'"{number - 1:04}"' if number > 1 else "None"
        assert re.search(rf'^revision(: str)? = "{number:04}"$', text, re.MULTILINE), path.name
        assert re.search(rf"^down_revision(: .+)? = {before}$", text, re.MULTILINE), path.name


def test_a_gap_in_the_numbers_is_seen():
    assert numbering_faults(["0001_first.py", "0003_third.py"]) == ["0003_third.py"]
    assert numbering_faults(["a1b2c3_first.py"]) == ["a1b2c3_first.py"]


def test_migrations_go_up_down_and_up_again(bare: Database):
    upgrade(bare)
    downgrade(bare)
    assert set(sa.inspect(bare.engine).get_table_names()) <= {"alembic_version"}

    upgrade(bare)

    assert differences(bare) == []


def test_sums_of_the_mis_without_questions_are_made_again(database: Database):
    sums.rebuild()
    downgrade(database, "0018")

    upgrade(database)

    with reading():
        assert not has_sums()


def test_what_waits_since_before_there_were_clocks_gets_one(database: Database):
    given(*bill_correction())
    home = a_household()
    a_service_request(home, clock_from=None, clock_rules=None)
    downgrade(database, "0006")

    upgrade(database)

    with reading() as session:
        request = session.execute(sa.select(ServiceRequest)).scalar_one()
        assert (request.clock_from, request.clock_rules) == (request.status_since, 0)


def test_what_was_decided_before_is_with_the_post_that_decided(database: Database):
    given(*bill_correction())
    home = a_household()
    given(Staff(employee_id="S1", name="S", role="sdo", office_code=OFFICE))
    request = a_service_request(home, status="resolved", approved_by="S1")
    given(
        Event(
            service_request_id=request.id,
            number=2,
            action="approve",
            status="resolved",
            role="sdo",
            office_code=OFFICE,
            employee_id="S1",
            details={},
            at=request.registered_at,
        )
    )
    downgrade(database, "0019")

    upgrade(database)

    with reading() as session:
        kept = session.execute(sa.select(ServiceRequest)).scalar_one()
        assert (kept.holder_role, kept.holder_office_code) == ("sdo", OFFICE)


def test_the_tables_are_those_of_the_models(database: Database):
    assert differences(database) == []


def test_a_difference_to_the_models_is_seen(bare: Database):
    upgrade(bare)
    with bare.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE bill ADD COLUMN forgotten INTEGER"))

    assert differences(bare) != []
