"""Watches failed tries of the whole site: while they are far beyond the ordinary, everybody solves a captcha."""

from wss.domain.rate_limits import Limit
from wss.services.shared import rate_limits
from wss.services.shared.sms_budget import ALL, alarm_once


def note_failure() -> None:
    """Count one more failed try, whoever made it. Always after the counts of people: their rows wait for nobody."""
    if rate_limits.fits(Limit.SITE_FAILURES, ALL):
        return
    rate_limits.fits(Limit.GUESSING, ALL)
    alarm_once(Limit.SITE_FAILURES)


def is_site_guessed_at() -> bool:
    """Whether so many tries fail just now that everybody solves a captcha."""
    return not rate_limits.standing(Limit.GUESSING, ALL).allowed
