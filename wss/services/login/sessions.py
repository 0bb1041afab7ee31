"""Sessions of consumers and staff: opening and ending them."""

from datetime import timedelta
from typing import Any

from wss import vault
from wss.clock import now
from wss.domain.sessions import LONGEST, STAFF_LONGEST
from wss.domain.visitor import Visitor
from wss.models import SignedIn
from wss.queries.consumers import set_logged_in_at
from wss.queries.sessions import add_session, delete_session


def open_session(visitor: Visitor, consumer_id: int) -> str:
    """Open a session that replaces the browser's previous one; return the id for its cookie."""
    set_logged_in_at(consumer_id, now())
    return _open(visitor, LONGEST, consumer_id=consumer_id)


def open_staff_session(visitor: Visitor, employee_id: str) -> str:
    """Open a session for an employee whose password was right; the second factor is still required."""
    return _open(visitor, STAFF_LONGEST, employee_id=employee_id)


def _open(visitor: Visitor, life: timedelta, **owner_columns: Any) -> str:
    delete_session(visitor.session_hash)
    session_id, at = vault.new_session_id(), now()
    add_session(
        SignedIn(
            id_hash=vault.session_hash(session_id),
            browser=visitor.browser,
            created_at=at,
            seen_at=at,
            expires_at=at + life,
            **owner_columns,
        )
    )
    return session_id
