"""Recovery data that a change has replaced."""

from datetime import datetime

from sqlalchemy import delete, select

from wss.db import execute_count, session
from wss.models import Replaced


def add_replaced(row: Replaced) -> int:
    """Store what a change has replaced; return its number."""
    session().add(row)
    session().flush()
    return row.id


def replaced(number: int) -> Replaced | None:
    """Return what one change has replaced, while it can be undone."""
    return session().get(Replaced, number)


def replaced_since(row: Replaced) -> list[int]:
    """Return the numbers of this change and of later changes of the same kind."""
    statement = select(Replaced.id).where(
        Replaced.consumer_id == row.consumer_id, Replaced.what == row.what, Replaced.id >= row.id
    )
    return list(session().execute(statement).scalars())


def delete_replaced(before: datetime) -> int:
    """Delete what can no longer be undone."""
    return execute_count(delete(Replaced).where(Replaced.created_at <= before))
