"""Counts what browsers report, for those who watch the site."""

from wss.db import transaction
from wss.domain.rate_limits import Limit
from wss.queries.reports import count_report
from wss.services.shared import rate_limits


def note_csp_report(address: str, directive: str) -> None:
    """Count one report about a directive; of a network that sends very many, no more."""
    with transaction():
        if rate_limits.fits(Limit.CSP_REPORT_ADDRESS, address):
            count_report(directive)
