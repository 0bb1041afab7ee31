"""The tokens by which `flask doctor` and the served site recognise each other."""

import hmac
from datetime import datetime

from wss import vault

_VALID_MINUTES = 2


def probe_token(at: datetime) -> str:
    """Return the token with which the doctor asks the site at this minute."""
    return _token(int(at.timestamp()) // 60)


def is_probe_token(token: str, at: datetime) -> bool:
    """Return whether a token is the doctor's, of this minute or one close to it."""
    minute = int(at.timestamp()) // 60
    near = range(minute - _VALID_MINUTES, minute + _VALID_MINUTES + 1)
    # All are compared, so that the time does not depend on which one is right.
    return any([hmac.compare_digest(token.encode(), _token(one).encode()) for one in near])


def probe_proof(token: str) -> str:
    """Return what only a site with the same secret can answer to a token."""
    return vault.keyed_hash("doctor answer", token)


def _token(minute: int) -> str:
    return vault.keyed_hash("doctor", str(minute))
