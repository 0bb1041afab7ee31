"""Failed attempts of the whole site: while they are far above the ordinary, everyone must solve a captcha."""

from wss.domain.rate_limits import Limit
from wss.services.shared import rate_limits
from wss.services.shared.sms_budget import ALL, alarm_once


def note_failure() -> None:
    """Count one more failed attempt of the whole site. Always called after the counts of single browsers and
    accounts: the holder of the site's rows then waits for no other row."""
    if rate_limits.consume_silently(Limit.SITE_FAILURES, ALL):
        return
    rate_limits.consume_silently(Limit.GUESSING, ALL)
    alarm_once(Limit.SITE_FAILURES)


def is_site_under_guessing() -> bool:
    """Return whether so many attempts fail at present that a captcha is required of everyone."""
    return not rate_limits.peek(Limit.GUESSING, ALL).allowed
