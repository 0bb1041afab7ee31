"""Security headers of every response: no foreign code, no caching, no framing."""

from __future__ import annotations

from flask import Flask, Response

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Our own pages need the referrer: the language switch and the CSRF check read it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Address to which browsers report violations of the policy. All browsers support report-uri; report-to would need
# one more header on every response.
REPORTS = "/csp-reports"
_KEEP_NOTHING = "no-store"


def init_app(app: Flask, *, is_https: bool, covers_subdomains: bool) -> None:
    """Add security headers to every response, errors included.

    HTTPS is taken from the settings, as TLS ends before the app.
    """
    hsts = f"max-age=31536000{'; includeSubDomains' if covers_subdomains else ''}"
    headers = _ALWAYS | {"Content-Security-Policy": content_security_policy(app.config["SHEET_HASH"])}
    if is_https:
        headers["Strict-Transport-Security"] = hsts

    def protect(response: Response) -> Response:
        """Add the headers that the view has not set itself."""
        given = response.headers
        present = {name.lower() for name, _ in given}
        if "cache-control" not in present:
            given.add("Cache-Control", _KEEP_NOTHING)
        if response.status_code == 204:
            # An open timeline polls every minute: its answer without news gets no further headers, so that it
            # remains small.
            return response
        for name, value in headers.items():
            if name.lower() not in present:
                given.add(name, value)
        return response

    app.after_request(protect)


def vary_on(response: Response, name: str) -> None:
    """Say to caches that the response depends on a header of the request."""
    given = response.headers.get("Vary")
    if given is None:
        response.headers.add("Vary", name)
    elif name not in given:
        response.headers["Vary"] = f"{given}, {name}"


def content_security_policy(sheet_hash: str) -> str:
    """Return the policy; the one style sheet that may be inline in a page is named by its hash."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' {sheet_hash}",
            "img-src 'self' data:",
            "media-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"report-uri {REPORTS}",
        )
    )
