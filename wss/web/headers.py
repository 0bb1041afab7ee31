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
    policy = content_security_policy(app.config["SHEET_HASH"])
    hsts = f"max-age=31536000{'; includeSubDomains' if covers_subdomains else ''}"

    def protect(response: Response) -> Response:
        """Add the headers that the view has not set itself."""
        response.headers.setdefault("Cache-Control", _KEEP_NOTHING)
        if response.status_code == 204:
            # An open timeline polls every minute: its answer without news gets no further headers, so that it
            # remains small.
            return response
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", policy)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", hsts)
        return response

    app.after_request(protect)


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
