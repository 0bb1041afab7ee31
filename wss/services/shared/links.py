"""Links sent to people: random tokens, stored hashed, for one purpose and one use."""

import secrets
from base64 import b32encode
from datetime import timedelta

from wss import vault
from wss.clock import now
from wss.domain.rate_limits import Limit
from wss.domain.typed_values import whole_number
from wss.queries.codes import (
    add_link_token,
    delete_link_token,
    live_subject,
    move_link,
    replace_link,
    unused_links,
    unused_links_for,
    use_token,
)
from wss.services.shared import rate_limits

# The purpose of links to follow a complaint, the ones with shown codes.
TRACK = "track"
CODE_LENGTH = 10
# The characters kept of an address's hash: a subject has 40, and addresses cannot be guessed here.
_OF_ADDRESS = 12


def subject_of_registration(registration_id: int, email: str) -> str:
    """Return the subject of an activation link: a registration, and the address that it proves."""
    return f"registration:{registration_id}:{_marks_of_address(email)[0]}"


def is_about_address(subject: str, email: str) -> bool:
    """Return whether the letter with this activation link went to the address."""
    return subject.rpartition(":")[2] in _marks_of_address(email)


def _marks_of_address(email: str) -> list[str]:
    return [mark[:_OF_ADDRESS] for mark in vault.keyed_hashes("activation address", email)]


def new_link(purpose: str, subject: str, life: timedelta) -> str:
    """Create a token, stored only as a hash. 27 characters: a value in an SMS has at most 30 (TRAI DLT)."""
    token = secrets.token_urlsafe(20)
    _keep(token, purpose, subject, life)
    return token


def new_code(purpose: str, subject: str, life: timedelta) -> str:
    """Create a short code for a link that only shows something: 50 random bits in base 32."""
    code = b32encode(secrets.token_bytes(7)).decode()[:CODE_LENGTH]
    _keep(code, purpose, subject, life)
    return code


def new_shown_code(purpose: str, subject: str, life: timedelta) -> str:
    """Create a short code that pages of its owner can show again, unlike `new_code`."""
    code = _shown_codes(purpose, subject)[0]
    _keep(code, purpose, subject, life)
    return code


def shown_code(purpose: str, subject: str) -> str | None:
    """Return the code of a subject while its link is valid; None for a link whose code was random."""
    codes = _shown_codes(purpose, subject)
    return next((code for code in codes if peek_link(code, purpose) is not None), None)


def _shown_codes(purpose: str, subject: str) -> list[str]:
    """Return 50 bits of a keyed hash in base 32, by each accepted secret, the newest first.

    They are computed when needed, so that no table holds the code itself.
    """
    hashes = vault.keyed_hashes(f"code {purpose}", subject)
    return [b32encode(bytes.fromhex(each)).decode()[:CODE_LENGTH] for each in hashes]


def move_shown_codes(after: str, how_many: int) -> tuple[str | None, int]:
    """Store the next links with shown codes so that they need no former secret; return the last hash and how many.

    The code that was sent keeps working, and pages show the code of the newest secret. The last hash is None when
    no link follows.
    """
    at, moved = now(), 0
    found = unused_links(after, how_many, at)
    for link in found:
        newest, *former = _shown_codes(link.purpose, link.subject)
        for number, code in enumerate(former, 1):
            hashes = vault.link_hashes(code)
            if hashes[number] == link.token_hash:
                move_link(link, hashes[0], vault.link_hash(newest), at)
                moved += 1
    return (found[-1].token_hash if found else None), moved


def replace_codes(purpose: str, after: str, how_many: int) -> tuple[str | None, int]:
    """Give the next links of a purpose the code of the newest secret; return the last hash and how many.

    Every other code ends, also one that a former change has stored with a later secret, and a random one, which is
    stored in the same form.
    """
    at, replaced = now(), 0
    found = unused_links_for(purpose, after, how_many, at)
    for token_hash, subject in found:
        newest = vault.link_hash(_shown_codes(purpose, subject)[0])
        if token_hash != newest:
            replace_link(token_hash, newest, at)
            replaced += 1
    return (found[-1][0] if found else None), replaced


def show_to_session(session_hash: str, purpose: str, subject: str, life: timedelta) -> None:
    """Let a browser session see a subject after its link was used up; its last one of this purpose only.

    Without a token in the address: it would be a secret in a redirect.
    """
    delete_link_token(vault.link_hashes(_of_session(session_hash, purpose)))
    _keep(_of_session(session_hash, purpose), purpose, subject, life)


def shown_to_session(session_hash: str, purpose: str) -> str | None:
    """Return the subject that a browser session may see."""
    return peek_link(_of_session(session_hash, purpose), purpose)


def _of_session(session_hash: str, purpose: str) -> str:
    return f"session {purpose} {session_hash}"


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


def peek_link(token: str, purpose: str) -> str | None:
    """Return the subject of a valid link without using it."""
    return live_subject(vault.link_hashes(token), purpose, now())


def row_id_of(subject: str | None) -> int | None:
    """Return the id of the row in a link's subject, such as "consumer:12"; None where there is none.

    Links without a row are made so that a request for an unknown address takes the same time.
    """
    return whole_number((subject or "").partition(":")[2].partition(":")[0])


def has_attempts_left(token: str) -> bool:
    """Return whether a link that needs a second fact has attempts left, without counting one."""
    return rate_limits.peek(Limit.LINK_TRY, token).allowed


def count_attempt(token: str) -> bool:
    """Count an attempt at a link that needs a second fact, and return whether it was one of the five allowed."""
    return rate_limits.consume(Limit.LINK_TRY, token).allowed


def consume_link(token: str, purpose: str) -> str | None:
    """Use the link and return its subject; None from the second time on."""
    return use_token(vault.link_hashes(token), purpose, now())
