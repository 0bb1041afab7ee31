"""The numbers that PostgreSQL assigns, as a backup asks for them."""

import pytest
import sqlalchemy as sa

from wss.db import Database, reading, transaction
from wss.domain.actor import SYSTEM
from wss.queries import table_copies
from wss.services.shared import audit

# Join orders are drawn by chance instead of by cost: as other statistics would make the planner choose them.
ANY_ORDER = "SET LOCAL geqo_threshold = 2; SET LOCAL geqo_pool_size = 2; SET LOCAL geqo_generations = 1"


@pytest.mark.on("postgresql")
def test_counters_are_found_in_whatever_order_the_planner_joins(database: Database):
    with transaction():
        audit.record(SYSTEM, "import", "extract:bills", new=1)
    found = []
    with reading() as session:
        session.execute(sa.text(ANY_ORDER))
        for seed in range(20):
            session.execute(sa.text(f"SET LOCAL geqo_seed = {seed / 20}"))
            found.append(table_copies.counters())

    assert found == [{"audit_entry": 1}] * 20
