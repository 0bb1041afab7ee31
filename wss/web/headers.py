"""What every answer tells the browser: run nothing foreign, keep nothing, frame us nowhere."""

from __future__ import annotations

from flask import Flask, Response

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Our own pages need the referrer: the language switch and the check of forms read it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Where browsers tell what the policy has stopped. All of them know this way of saying so; report-to would need a header
# more on every answer.
REPORTS = "/csp-reports"
_KEEP_NOTHING = "no-store"


def init_app(app: Flask, *, is_https: bool) -> None:
    """Give every answer, errors included, its security headers; by the settings, as TLS ends before the application."""
    policy = content_security_policy(app.config["SHEET_HASH"])

    def protect(response: Response) -> Response:
        """Add what the view has not set itself."""
        response.headers.setdefault("Cache-Control", _KEEP_NOTHING)
        if response.status_code == 204:
            # The refresh of a timeline without news travels every minute: it stays small.
            return response
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", policy)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response

    app.after_request(protect)


def content_security_policy(sheet_hash: str) -> str:
    """The list of what a page may load; the one sheet that may stand inside a page is named by its hash."""
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
