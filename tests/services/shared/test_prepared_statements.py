"""Prepared statements: writes wait for the next statement of their transaction, and are executed together, in order."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.fixtures.registration import counted_statements, rows
from wss.db import core, transaction
from wss.domain.actor import SYSTEM
from wss.domain.rate_limits import Limit
from wss.models import AuditEntry
from wss.services.shared import rate_limits
from wss.services.shared.audit import record


def test_writes_are_executed_together_and_in_their_order(database: Any):
    with counted_statements() as sent, transaction():
        for number in range(3):
            record(SYSTEM, "import", f"extract:{number}")

    subjects = [entry.subject for entry in sorted(rows(AuditEntry), key=lambda entry: entry.id)]
    # On SQLite the beginning is a statement.
    assert len([one for one in sent if not one.startswith("BEGIN")]) == 1
    assert subjects == ["extract:0", "extract:1", "extract:2"]


def test_a_write_is_there_for_the_next_statement_of_its_transaction(database: Any):
    with transaction():
        record(SYSTEM, "import", "extract:bills")
        seen = core().execute(sa.select(sa.func.count()).select_from(AuditEntry)).scalar()

    assert seen == 1


def test_a_write_ends_with_its_transaction(database: Any):
    with pytest.raises(ZeroDivisionError), transaction():
        record(SYSTEM, "import", "extract:bills")
        raise ZeroDivisionError

    with transaction():
        rate_limits.consume(Limit.ALARM, "x")
    assert rows(AuditEntry) == []


def test_an_error_of_the_database_is_that_of_sqlalchemy(database: Any):
    with pytest.raises(sa.exc.IntegrityError), transaction():
        record(SYSTEM, "import", None)  # type: ignore[arg-type]
