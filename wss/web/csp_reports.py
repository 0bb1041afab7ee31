"""Counts of Content-Security-Policy violations that browsers report: by directive, nothing else is stored."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from wss.domain.networks import network_key
from wss.services.operations.browser_reports import note_csp_report

LONGEST = 8_000
# Directives that a report may name; anything else is counted as "other", so that no caller can create new names.
DIRECTIVES = frozenset(
    {
        "default-src",
        "script-src",
        "script-src-elem",
        "script-src-attr",
        "style-src",
        "style-src-elem",
        "style-src-attr",
        "img-src",
        "media-src",
        "connect-src",
        "form-action",
        "base-uri",
        "frame-ancestors",
        "font-src",
        "frame-src",
        "object-src",
        "worker-src",
        "manifest-src",
    }
)
OTHER = "other"

csp_reports = Blueprint("csp_reports", __name__)


@csp_reports.post("/csp-reports")
def take_report() -> Response:
    """Count a report. The answer is the same when a network has exceeded its rate limit: browsers ignore it."""
    if (request.content_length or 0) > LONGEST:
        return Response(status=413)
    # The same limit for a body that does not announce its length.
    request.max_content_length = LONGEST
    directive = _directive(request.get_data())
    if directive is not None:
        note_csp_report(network_key(request.remote_addr or ""), directive)
    return Response(status=204)


def _directive(body: bytes) -> str | None:
    """Return the violated directive from the body that browsers send for report-uri; None if it is not a report."""
    try:
        report = json.loads(body)["csp-report"]
        named = report.get("effective-directive") or report.get("violated-directive") or ""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    words = named.split() if isinstance(named, str) else []
    return words[0] if words and words[0] in DIRECTIVES else OTHER
