"""What a phone tells about itself: which browser it is, and which consumers have signed in on it."""

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

PHONE_COOKIE = "wss_phone"


def phone_cookie(consumer_id: int) -> str:
    """The value that tells later that this consumer has signed in on this phone."""
    return _phones().dumps(sorted(trusted_consumers() | {consumer_id})[-8:])


def trusted_consumers() -> frozenset[int]:
    """Who has signed in on this phone before."""
    try:
        return frozenset(_phones().loads(request.cookies.get(PHONE_COOKIE, "")))
    except BadSignature:
        return frozenset()


def browser_in_words(user_agent: str) -> str:
    """A browser in two words, for the list of sessions: enough to know one's own phone by."""
    names = ("OPR", "Opera Mini", "Edg", "SamsungBrowser", "UCBrowser", "Firefox", "Chrome", "Safari")
    systems = ("Android", "KAIOS", "iPhone", "Windows", "Mac", "Linux")
    found = [next((name for name in some if name in user_agent), "") for some in (names, systems)]
    return " ".join(part for part in found if part)


def _phones() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="phone")
