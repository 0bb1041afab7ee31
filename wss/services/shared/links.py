"""Links that are sent: random, stored hashed, for one purpose and one use."""

import secrets
from base64 import b32encode
from datetime import timedelta

from wss import vault
from wss.clock import now
from wss.domain.rate_limits import Limit
from wss.domain.typed_values import whole_number
from wss.queries.codes import add_link_token, live_token, use_token
from wss.services.shared import rate_limits

CODE_LENGTH = 10
# So many characters of an address's hash: a subject has 40, and nobody can try addresses here.
_OF_ADDRESS = 12


def subject_of_registration(registration_id: int, email: str) -> str:
    """What an activation link is about: a registration, and the address that it proves."""
    return f"registration:{registration_id}:{vault.keyed_hash('activation address', email)[:_OF_ADDRESS]}"


def new_link(purpose: str, subject: str, life: timedelta) -> str:
    """A fresh token for a link; only its hash is kept. 27 characters: a value in an SMS has at most 30 (TRAI DLT)."""
    token = secrets.token_urlsafe(20)
    _keep(token, purpose, subject, life)
    return token


def new_code(purpose: str, subject: str, life: timedelta) -> str:
    """A fresh short code for a link that only shows: 50 random bits in letters that nobody mixes up."""
    code = b32encode(secrets.token_bytes(7)).decode()[:CODE_LENGTH]
    _keep(code, purpose, subject, life)
    return code


def _keep(token: str, purpose: str, subject: str, life: timedelta) -> None:
    at = now()
    add_link_token(
        {
            "token_hash": vault.link_hash(token),
            "purpose": purpose,
            "subject": subject,
            "created_at": at,
            "expires_at": at + life,
            "used_at": None,
        }
    )


def look_at(token: str, purpose: str) -> str | None:
    """What a link that still works is about; looking uses nothing up."""
    found = live_token(vault.link_hash(token), purpose, now())
    return found.subject if found is not None else None


def row_of(subject: str | None) -> int | None:
    """The id of the row that a link's subject names, as "consumer:12" does; None where it names none: links that were
    made for nobody, so that asking takes the same work for everybody, are about no row."""
    return whole_number((subject or "").partition(":")[2].partition(":")[0])


def has_tries(token: str) -> bool:
    """Whether a link that needs a second fact has tries left; without counting."""
    return rate_limits.standing(Limit.LINK_TRY, token).allowed


def count_try(token: str) -> bool:
    """Count one more try with a link that needs a second fact; after five it no longer helps."""
    return rate_limits.spend(Limit.LINK_TRY, token).allowed


def use_link(token: str, purpose: str) -> str | None:
    """What the link is about, the first time; None ever after."""
    return use_token(vault.link_hash(token), purpose, now())
