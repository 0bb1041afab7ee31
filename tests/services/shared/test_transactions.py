"""Transactions: deferred writes are executed before what follows them, and reading changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select

from wss.db import core, reading, session, transaction, write_later
from wss.models import Counter
from wss.prepared_statements import PreparedStatement

_add = PreparedStatement(lambda: insert(Counter))
ROW = {"name": "of a test", "value": 7}


def stored() -> list[int]:
    with reading():
        return list(session().execute(select(Counter.value).where(Counter.name == ROW["name"])).scalars())


def test_a_deferred_write_is_executed_at_the_end_of_its_transaction(app: Any):
    with transaction():
        write_later(_add, ROW)

    assert stored() == [7]


def test_a_statement_sees_the_deferred_writes_before_it(app: Any):
    with transaction() as opened:
        write_later(_add, ROW)

        assert opened.get_one(Counter, ROW["name"]).value == 7


def test_a_deferred_write_is_rolled_back_with_its_transaction(app: Any):
    def fail() -> None:
        with transaction():
            write_later(_add, ROW)
            core().execute(select(Counter))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert stored() == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda: core().execute(insert(Counter).values(ROW)), id="by a statement"),
        pytest.param(lambda: session().execute(insert(Counter).values(ROW)), id="by the session"),
        pytest.param(lambda: (session().add(Counter(**ROW)), session().flush()), id="by an entity"),
    ],
)
def test_reading_refuses_changes(app: Any, change: Callable[[], Any]):
    with reading(), pytest.raises(RuntimeError, match="open a transaction"):
        change()
    assert stored() == []
