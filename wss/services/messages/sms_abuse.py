"""Watches whether codes that are sent are used: who has them sent for money uses none."""

from datetime import datetime, timedelta

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.rate_limits import Limit
from wss.domain.sms_costs import STILL_COMING, VERIFY_RATE, WATCHED, is_pumping
from wss.queries.sms_costs import codes_sent
from wss.services.shared import rate_limits
from wss.services.shared.sms_budget import ALL, alarm_once, seconds_until_unknown


def watch_codes() -> bool:
    """Look at the codes of the last hour. While too few are used there is an alarm, and every browser solves a captcha
    before its first code and gets fewer of them."""
    at = now()
    with transaction():
        sent, used = codes_sent(at - WATCHED, at - STILL_COMING)
        if not is_pumping(sent, used):
            return False
        # Begun anew each minute, so that it lasts a while beyond the last of them.
        rate_limits.clear(Limit.PUMPING, ALL)
        rate_limits.spend(Limit.PUMPING, ALL)
        alarm_once(VERIFY_RATE, sent=sent, used=used)
        return True


def scarce_until(mobile: str | None) -> datetime | None:
    """Until when numbers of this one's series get no code unless they stand with us; None while all get theirs. What a
    page says of it is the same whether or not this one does."""
    if not mobile:
        return None
    with reading():
        seconds = seconds_until_unknown(mobile)
    return now() + timedelta(seconds=seconds) if seconds else None
