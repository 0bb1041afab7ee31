"""The cookie that identifies a phone: which browser it is, and which consumers have logged in on it.

Only `trusted_consumers` decides whether a browser is known to a consumer. The cookie is encrypted: its holder can
read neither a consumer's number in it nor how many there are.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta

from flask import Response, current_app, request

from wss import clock, vault
from wss.queries.consumers import browsers_versions

PHONE_COOKIE = "wss_phone"
# A phone is known for this long after the last login on it.
KNOWN_FOR = timedelta(days=366)
_AT_MOST = 8
# As long as the numbers of a few consumers, so that the length does not reveal how many there are.
_LENGTH = 127
_ID_BYTES = 6
# What cookies of former releases do not name: the first version, and no id of the browser.
_UNNAMED = 0, ""


def remember_phone(response: Response, consumer_id: int) -> None:
    """Record in the cookie that this consumer has logged in on this phone."""
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


def forget_phone(response: Response) -> None:
    """Delete the cookie: the phone is known to none of its consumers any more."""
    is_https = current_app.extensions["wss"].config.is_https
    response.delete_cookie(_name(), path="/", httponly=True, samesite="Lax", secure=is_https)


def has_phone_cookie() -> bool:
    """Return whether the browser has the cookie, whatever is in it."""
    return _name() in request.cookies


def trusted_consumers() -> Mapping[int, str]:
    """Return who has signed in on this phone before, and has not had their known browsers forgotten since; each with
    the id by which this one of their known browsers is counted."""
    return {consumer_id: browser_id for consumer_id, _day, _version, browser_id in _known()}


def _known() -> list[tuple[int, int, int, str]]:
    """Return each valid consumer of the cookie with the day of the last login, the version and the id of this
    browser.

    Empty for a cookie that is not ours or is too old.
    """
    try:
        read = json.loads(vault.unseal(request.cookies.get(_name(), "")))
    except (vault.BrokenSeal, ValueError):
        return []
    fresh = [(*each, *_UNNAMED[len(each) - 2 :]) for each in read if _today() - each[1] < KNOWN_FOR.days]
    current = browsers_versions([each[0] for each in fresh]) if fresh else {}
    return [each for each in fresh if current.get(each[0]) == each[2]]


def _sealed(consumer_id: int) -> str:
    """Return the cookie's value with one more consumer, the latest last.

    Each login gives the browser a new id for this consumer alone: a login as another consumer must not renew the
    tries that are left for this one.
    """
    others = [each for each in _known() if each[0] != consumer_id]
    version = browsers_versions([consumer_id]).get(consumer_id, 0)
    latest = consumer_id, _today(), version, secrets.token_urlsafe(_ID_BYTES)
    known = json.dumps([*others, latest][-_AT_MOST:], separators=(",", ":"))
    return vault.seal(known.ljust(_LENGTH))


def _today() -> int:
    return clock.local_date(clock.now()).toordinal()


def _name() -> str:
    """Return the cookie's name, with the prefix __Host- for HTTPS.

    With the prefix no other host of the domain can plant the cookie; browsers accept it with HTTPS only.
    """
    return f"__Host-{PHONE_COOKIE}" if current_app.extensions["wss"].config.is_https else PHONE_COOKIE


def browser_in_words(user_agent: str) -> str:
    """Return browser and system in two words, for the list of sessions: enough to recognise one's own phone."""
    names = ("OPR", "Opera Mini", "Edg", "SamsungBrowser", "UCBrowser", "Firefox", "Chrome", "Safari")
    systems = ("Android", "KAIOS", "iPhone", "Windows", "Mac", "Linux")
    found = [next((name for name in some if name in user_agent), "") for some in (names, systems)]
    return " ".join(part for part in found if part)
