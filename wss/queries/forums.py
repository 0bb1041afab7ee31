"""The consumer forum that is responsible for a connection's complaints."""

from collections.abc import Sequence

from sqlalchemy import select

from wss.db import session
from wss.models import Forum


def forums_above(office_codes: Sequence[str]) -> list[Forum]:
    """Return the forums of an office and those above it, nearest first; `office_codes` goes upwards."""
    statement = select(Forum).where(Forum.office_code.in_(office_codes)).order_by(Forum.code)
    found = list(session().execute(statement).scalars())
    return sorted(found, key=lambda forum: office_codes.index(forum.office_code))
