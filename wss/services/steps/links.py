"""Links that are sent: random, stored hashed, for one purpose and one use."""

import secrets
from datetime import timedelta

from wss import vault
from wss.clock import now
from wss.models import LinkToken
from wss.queries.codes import add_link_token, use_token


def new_link(purpose: str, subject: str, life: timedelta) -> str:
    """A fresh token for a link; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    at = now()
    add_link_token(
        LinkToken(
            token_hash=vault.link_hash(token),
            purpose=purpose,
            subject=subject,
            created_at=at,
            expires_at=at + life,
        )
    )
    return token


def use_link(token: str, purpose: str) -> str | None:
    """What the link is about, the first time; None ever after."""
    return use_token(vault.link_hash(token), purpose, now())
