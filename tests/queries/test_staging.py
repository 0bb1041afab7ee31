"""The temporary tables of an import have the columns of their target tables."""

import pytest
from sqlalchemy import String

from wss.domain.errors import Malformed
from wss.domain.extracts import EXTRACTS
from wss.models.staged import STAGED, TARGETS


def is_taken(column, cell):
    try:
        column.read(cell)
    except Malformed:
        return False
    return True


@pytest.mark.parametrize("table", EXTRACTS)
def test_every_field_of_an_extract_has_its_column(table):
    assert set(EXTRACTS[table].fields) <= set(TARGETS[table].c.keys())
    assert list(STAGED[table].c.keys()) == ["line", *EXTRACTS[table].fields]


@pytest.mark.parametrize("table", EXTRACTS)
def test_no_text_is_taken_that_its_column_could_not_hold(table):
    for column in EXTRACTS[table].columns:
        kind = TARGETS[table].c[column.target].type
        if isinstance(kind, String) and kind.length:
            assert not is_taken(column, "x" * (kind.length + 1)), column.name
