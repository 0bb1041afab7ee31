"""The facts about an installation, and the migration that makes them."""

import pytest

from tests.factories import OFFICE, a_consumer, given, offices
from wss import schema
from wss.clock import now
from wss.db import Database, reading, transaction
from wss.models import Staff
from wss.queries.installation import has_demo_data, installation_id, note_demo_data

MIGRATION = "0042"


def migrate_again(database: Database) -> None:
    """Undo the migration and run it again."""
    schema.downgrade(database, MIGRATION)
    schema.downgrade(database, "-1")
    database.dispose()
    schema.upgrade(database)


def test_every_database_has_an_id_of_its_own(database: Database):
    with reading():
        first = installation_id()
    migrate_again(database)

    with reading():
        assert len(first) == 32 and installation_id() not in ("", first)


def test_demo_data_are_noted_once(database: Database):
    with transaction():
        note_demo_data(now())
        note_demo_data(now())

    with reading():
        assert has_demo_data()


@pytest.mark.parametrize("mobile", ["6000000001", "9800000001"])
def test_demo_data_that_were_loaded_before_are_noted_by_the_migration(database: Database, mobile: str):
    demo = Staff(employee_id="E20001", name="X", role="ce", office_code=OFFICE, mobile=mobile)
    given(*offices(), demo, a_consumer(user_name="urban"), a_consumer(user_name="rural"))
    migrate_again(database)

    with reading():
        assert has_demo_data() is (mobile == "6000000001")
