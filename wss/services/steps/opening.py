"""Opens and ends the sessions of consumers."""

import secrets

from wss import vault
from wss.clock import now
from wss.domain.sessions import LONGEST
from wss.domain.visitor import Visitor
from wss.models import SignedIn
from wss.queries.sessions import add_session, delete_session


def open_session(visitor: Visitor, consumer_id: int) -> str:
    """A new session in the place of the browser's former one; the id that its cookie carries."""
    delete_session(visitor.session_hash)
    session_id, at = secrets.token_urlsafe(32), now()
    add_session(
        SignedIn(
            id_hash=vault.keyed_hash("session", session_id),
            consumer_id=consumer_id,
            browser=visitor.browser,
            created_at=at,
            seen_at=at,
            expires_at=at + LONGEST,
        )
    )
    return session_id
