"""Counts of the reports that browsers send, for monitoring."""

from wss.db import transaction
from wss.domain.rate_limits import Limit
from wss.queries.reports import count_report
from wss.services.shared import rate_limits


def note_csp_report(address: str, directive: str) -> None:
    """Count one report about a directive; the reports of a network are limited."""
    with transaction():
        if rate_limits.consume_silently(Limit.CSP_REPORT_ADDRESS, address):
            count_report(directive)
