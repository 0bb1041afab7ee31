"""What recovery rested on before a change."""

from datetime import datetime

from sqlalchemy import delete, select

from wss.db import affected, session
from wss.models import Replaced


def keep_replaced(row: Replaced) -> int:
    """Keep what a change has replaced; its number."""
    session().add(row)
    session().flush()
    return row.id


def replaced(number: int) -> Replaced | None:
    """What one change has replaced, while it can be undone."""
    return session().get(Replaced, number)


def replaced_since(row: Replaced) -> list[int]:
    """The numbers of this change and of those of the same kind that came after it."""
    statement = select(Replaced.id).where(
        Replaced.consumer_id == row.consumer_id, Replaced.what == row.what, Replaced.id >= row.id
    )
    return list(session().execute(statement).scalars())


def forget_replaced(before: datetime) -> int:
    """Drop what can no longer be undone."""
    return affected(delete(Replaced).where(Replaced.created_at <= before))
