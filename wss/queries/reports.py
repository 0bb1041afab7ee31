"""Counts of the reports that browsers send (CSP)."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, select

from wss.db import core, insert
from wss.models import CspCount

_table = cast(Table, CspCount.__table__)


def count_report(directive: str) -> None:
    """Count one more report about a directive, in one statement."""
    counted = insert(_table).values(directive=directive, count=1)
    core().execute(
        counted.on_conflict_do_update(index_elements=["directive"], set_={"count": _table.c.count + 1})
    )


def reports_by_directive() -> Sequence[Any]:
    """Return how many reports there were about each directive since the site began."""
    return core().execute(select(_table.c.directive, _table.c.count).order_by(_table.c.directive)).all()
