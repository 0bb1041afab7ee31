"""Where to go on after signing in: only ever a page of this site."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlencode

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_LONGEST = 1_000
# Doors, pictures and bookkeeping: nobody wants to land on them.
_DOORS_OF_STAFF = ("staff.login", "staff.logout", "staff.totp", "staff.password", "staff.step_up")
_NOT_A_PAGE = ("static", "health.", "dev.", "auth.", "public.captcha", *_DOORS_OF_STAFF)


def safe_next(value: str | None) -> str | None:
    """The wished page's address, built anew from our own table of addresses; None if it is not our page."""
    if not value or len(value) > _LONGEST or not _is_plain(value):
        return None
    path, _, query = value.partition("?")
    if "#" in value or not _is_plain(unquote(path)) or "//" in unquote(path):
        return None
    # Building the address from the matched rule, not passing the text on, leaves a trick nothing to hide in.
    adapter = current_app.url_map.bind("own.invalid")
    try:
        endpoint, values = adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    if endpoint.startswith(_NOT_A_PAGE):
        return None
    address = adapter.build(endpoint, values, force_external=False)
    kept = urlencode(parse_qsl(query, keep_blank_values=True))
    return f"{address}?{kept}" if kept else address


def _is_plain(text: str) -> bool:
    """Whether text is one slash, then visible ASCII without the backslash (a slash to some browsers)."""
    one_slash = text.startswith("/") and not text.startswith("//")
    return one_slash and all("!" <= sign <= "~" and sign != "\\" for sign in text)
