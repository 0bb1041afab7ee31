"""The secret of sites under measurement, and what follows from it: who is signed in by which cookie."""

from collections.abc import Mapping

from itsdangerous import URLSafeTimedSerializer

from wss import vault

SECRET = "a secret for measuring only: 0123456789 abcdefghijklmnopqrstuvwxyz"
COOKIE = "wss"
PASSWORD = "seven blue lamps"
_ID_LENGTH = 43


def session_id(consumer_id: int) -> str:
    """The cookie of a made-up consumer."""
    return f"{consumer_id:0{_ID_LENGTH}d}"


def signed_in(consumer_id: int) -> Mapping[str, str]:
    """The header that a signed-in browser sends."""
    return {"Cookie": f"{COOKIE}={session_id(consumer_id)}"}


def csrf_token(cookie: str) -> str:
    """The token that this browser's forms carry; needs the vault."""
    signer = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token")
    return str(signer.dumps(vault.keyed_hash("csrf", cookie)))
