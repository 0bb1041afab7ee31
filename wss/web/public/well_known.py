"""Standard files for programs: robots.txt, and security.txt with the contact for vulnerabilities."""

from datetime import UTC, timedelta

from flask import Response, current_app

from wss import clock
from wss.web.public.views import public
from wss.web.site_names import is_staff_name

# Public pages without any personal data.
_FOR_ALL = (
    "/$",
    "/hi/",
    "/en/",
    "/urban",
    "/rural",
    "/help",
    "/privacy",
    "/terms",
    "/accessibility",
    "/sitemap",
    "/calculator",
    "/leaflet",
    "/static/",
)
# Programs fetch the file again long before it expires (RFC 9116, 2.5.5).
_GOOD_FOR = timedelta(days=180)


@public.get("/robots.txt")
def robots() -> Response:
    """Allow search engines the public pages only; at the name of staff nothing."""
    if is_staff_name():
        return _text("User-agent: *", "Disallow: /")
    return _text("User-agent: *", *(f"Allow: {path}" for path in _FOR_ALL), "Disallow: /")


@public.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Return the contact for vulnerabilities (RFC 9116)."""
    config = current_app.extensions["wss"].config
    site = config.public_url.rstrip("/")
    expires = (clock.now() + _GOOD_FOR).astimezone(UTC).replace(microsecond=0)
    return _text(
        *(f"Contact: {contact}" for contact in config.security_contact or (f"{site}/help",)),
        f"Expires: {expires.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: hi, en",
        f"Canonical: {site}/.well-known/security.txt",
    )


def _text(*lines: str) -> Response:
    response = Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
