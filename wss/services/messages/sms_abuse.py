"""SMS abuse: watches whether the codes that are sent are used, as those who request them for money use none."""

from datetime import datetime, timedelta

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.rate_limits import Limit
from wss.domain.sms_costs import STILL_COMING, VERIFY_RATE, WATCHED, is_pumping
from wss.queries.sms_costs import codes_sent
from wss.services.shared import rate_limits
from wss.services.shared.sms_budget import ALL, alarm_once, seconds_until_unknown


def check_code_use() -> bool:
    """Check the codes of the last hour. While too few are used, an alarm is recorded, and every browser must solve
    a captcha before its first code and gets fewer codes."""
    at = now()
    with transaction():
        sent, used = codes_sent(at - WATCHED, at - STILL_COMING)
        if not is_pumping(sent, used):
            return False
        # Restarted each minute, so that the state lasts for a while after the last check that found abuse.
        rate_limits.clear(Limit.PUMPING, ALL)
        rate_limits.consume(Limit.PUMPING, ALL)
        alarm_once(VERIFY_RATE, sent=sent, used=used)
        return True


def scarce_until(mobile: str | None) -> datetime | None:
    """Return until when unknown numbers of this number's series get no code; None while all of them get theirs.
    The page shows the same whether or not this number is known."""
    if not mobile:
        return None
    with reading():
        seconds = seconds_until_unknown(mobile)
    return now() + timedelta(seconds=seconds) if seconds else None
