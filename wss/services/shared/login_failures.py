"""Failed attempts of the whole site: while they are far above the ordinary, everyone must solve a captcha."""

from enum import StrEnum

from wss import metrics
from wss.domain.rate_limits import Limit
from wss.services.shared import rate_limits
from wss.services.shared.sms_budget import ALL, alarm_once


class FailureKind(StrEnum):
    """What was wrong: a label of the metrics."""

    LOGIN = "login"
    STAFF_LOGIN = "staff_login"
    STAFF_CODE = "staff_code"
    OTP = "otp"
    BILL_NUMBER = "bill_number"
    COMPLAINT_NUMBER = "complaint_number"


def note_failure(kind: FailureKind) -> None:
    """Count one more failed attempt of the whole site. Always called after the counts of single browsers and
    accounts: the holder of the site's rows then waits for no other row."""
    metrics.count_login_failure(kind)
    if rate_limits.consume_silently(Limit.SITE_FAILURES, ALL):
        return
    rate_limits.consume_silently(Limit.GUESSING, ALL)
    alarm_once(Limit.SITE_FAILURES)


def is_site_under_guessing() -> bool:
    """Return whether so many attempts fail at present that a captcha is required of everyone."""
    return not rate_limits.peek(Limit.GUESSING, ALL).allowed
