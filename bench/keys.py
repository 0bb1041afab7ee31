"""The secret key of sites under measurement, and the session cookies derived from it."""

from collections.abc import Mapping

from itsdangerous import URLSafeTimedSerializer

from wss import vault

SECRET = "a secret for measuring only: 0123456789 abcdefghijklmnopqrstuvwxyz"
COOKIE = "wss"
PASSWORD = "seven blue lamps"
_ID_LENGTH = 43


def session_id(consumer_id: int) -> str:
    """Return the session cookie of a synthetic consumer."""
    return f"{consumer_id:0{_ID_LENGTH}d}"


def signed_in(consumer_id: int) -> Mapping[str, str]:
    """Return the header that a browser sends when it is logged in."""
    return {"Cookie": f"{COOKIE}={session_id(consumer_id)}"}


def csrf_token(cookie: str) -> str:
    """Return the CSRF token of this browser's forms; needs the vault."""
    signer = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token")
    return str(signer.dumps(vault.keyed_hash("csrf", cookie)))
