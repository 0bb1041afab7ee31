"""What a phone tells about itself: which browser it is, and which consumers have signed in on it.

Whether a browser is known to a consumer is answered here alone, by `trusted_consumers`. The cookie is encrypted:
whoever has it reads no number of a consumer in it, and not how many there are.
"""

import json
from datetime import timedelta

from cryptography.fernet import InvalidToken
from flask import Response, current_app, request

from wss import clock, vault
from wss.queries.consumers import browsers_versions

PHONE_COOKIE = "wss_phone"
# So long a phone is known after the last sign-in on it.
KNOWN_FOR = timedelta(days=366)
_AT_MOST = 8
# As long as the numbers of a few consumers, so that the length does not tell how many there are.
_LENGTH = 95


def remember_phone(response: Response, consumer_id: int) -> None:
    """Have this phone tell later that this consumer has signed in on it."""
    is_https = current_app.extensions["wss"].config.is_https
    response.set_cookie(
        _name(),
        _sealed(consumer_id),
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=is_https,
    )


def trusted_consumers() -> frozenset[int]:
    """Who has signed in on this phone before, and has not had their known browsers forgotten since."""
    return frozenset(consumer_id for consumer_id, _day, _version in _known())


def _known() -> list[tuple[int, int, int]]:
    """Return each consumer with the day of the last sign-in and the version that the cookie names, where it counts
    still; nobody by a cookie that is not ours or is too old. Cookies of before name no version, which is the first."""
    try:
        read = json.loads(vault.unseal(request.cookies.get(_name(), "")))
    except (InvalidToken, ValueError):
        return []
    fresh = [(*each, 0)[:3] for each in read if _today() - each[1] < KNOWN_FOR.days]
    current = browsers_versions([each[0] for each in fresh]) if fresh else {}
    return [each for each in fresh if current.get(each[0]) == each[2]]


def _sealed(consumer_id: int) -> str:
    """The cookie's value with one more consumer, the latest last."""
    others = [each for each in _known() if each[0] != consumer_id]
    version = browsers_versions([consumer_id]).get(consumer_id, 0)
    known = json.dumps([*others, (consumer_id, _today(), version)][-_AT_MOST:], separators=(",", ":"))
    return vault.seal(known.ljust(_LENGTH))


def _today() -> int:
    return clock.local_date(clock.now()).toordinal()


def _name() -> str:
    """By https no neighbouring host can plant it; browsers take that prefix by https only."""
    return f"__Host-{PHONE_COOKIE}" if current_app.extensions["wss"].config.is_https else PHONE_COOKIE


def browser_in_words(user_agent: str) -> str:
    """A browser in two words, for the list of sessions: enough to know one's own phone by."""
    names = ("OPR", "Opera Mini", "Edg", "SamsungBrowser", "UCBrowser", "Firefox", "Chrome", "Safari")
    systems = ("Android", "KAIOS", "iPhone", "Windows", "Mac", "Linux")
    found = [next((name for name in some if name in user_agent), "") for some in (names, systems)]
    return " ".join(part for part in found if part)
