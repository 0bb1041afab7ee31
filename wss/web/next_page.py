"""The page to show after the login: only ever a page of this site (no open redirect)."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlencode

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from wss.web.site_names import own_url_map

_LONGEST = 1_000
# Login pages, images and technical endpoints: no useful page to land on.
_STAFF_LOGIN_PAGES = ("staff.login", "staff.logout", "staff.totp", "staff.password", "staff.step_up")
_NOT_A_PAGE = ("static", "health.", "doctor.", "dev.", "auth.", "public.captcha", *_STAFF_LOGIN_PAGES)


def safe_next(value: str | None) -> str | None:
    """Return the address of the requested page, rebuilt from our own URL map; None if it is not our page."""
    if not value or len(value) > _LONGEST or not _is_plain(value):
        return None
    path, _, query = value.partition("?")
    if "#" in value or not _is_plain(unquote(path)) or "//" in unquote(path):
        return None
    # The address is built from the matched rule; the text itself, which may hide a trick, is not passed on.
    adapter = own_url_map().bind("own.invalid")
    try:
        endpoint, values = adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    if endpoint.startswith(_NOT_A_PAGE):
        return None
    address = adapter.build(endpoint, values, force_external=False)
    kept = urlencode(parse_qsl(query, keep_blank_values=True))
    return f"{address}?{kept}" if kept else address


def page_above(address: str) -> str | None:
    """Return the nearest page above an address that only forms use: of /todo/…/actions the request.

    None if there is only the home page, or if the page above belongs to a login.
    """
    path, _, query = address.partition("?")
    above = path.rpartition("/")[0]
    while above:
        found = safe_next(f"{above}?{query}" if query else above)
        if found:
            return found
        above = above.rpartition("/")[0]
    return None


def _is_plain(text: str) -> bool:
    """Return whether a text is one slash, then visible ASCII without the backslash (a slash to some browsers)."""
    one_slash = text.startswith("/") and not text.startswith("//")
    return one_slash and all("!" <= sign <= "~" and sign != "\\" for sign in text)
