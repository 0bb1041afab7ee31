"""The SMS budget: each SMS that a person from outside can cause is counted here before it is queued."""

from dataclasses import dataclass

from wss.domain.actor import SYSTEM
from wss.domain.otp import OtpRequester, OtpSending
from wss.domain.rate_limits import Limit
from wss.domain.sms_costs import series_of
from wss.queries.sms_costs import is_known_mobile
from wss.services.shared import rate_limits
from wss.services.shared.audit import record

ALL = "all"


@dataclass(frozen=True, slots=True)
class BudgetCheck:
    """The result of counting one more SMS: a refusal that may be shown, or that the SMS is withheld silently."""

    refused: OtpSending | None = None
    withhold: bool = False


def count_code_request(asker: OtpRequester) -> OtpSending:
    """Count one more request for a code, for the requester (the browser or employee) and the network.

    The refusal is shown openly, as it does not depend on what was typed. A refused request is counted nowhere and
    must have no effect.

    A network's row is locked last: its holder then waits only for the rows of a mobile and of the day.
    """
    day = rate_limits.peek(Limit.OTP_SEND_BUDGET, ALL)
    if not day.allowed:
        alarm_once(Limit.OTP_SEND_BUDGET)
        return OtpSending(False, day.retry_after)
    counts = [(Limit.OTP_SEND_EMPLOYEE, asker.employee)]
    if not asker.employee:
        tight = [(Limit.OTP_SEND_DEVICE_TIGHT, asker.part)] if is_pumping_suspected() else []
        counts = [
            *((limit, asker.request_key) for limit in _ASKS),
            (Limit.OTP_SEND_DEVICE, asker.part),
            *tight,
            (Limit.OTP_SEND_ADDRESS, asker.address),
        ]
    limit_result = rate_limits.consume_all(counts)
    return OtpSending(limit_result.allowed, limit_result.retry_after)


def consume_budget(asker: OtpRequester, mobile: str | None, *, withhold: bool = False) -> BudgetCheck:
    """Count an SMS against the budget of a day.

    Always called after the counts of single requesters: the holder of a budget's row then waits for no other row.
    `mobile` is the recipient; without one, or for an SMS that is withheld already, nothing is consumed.

    That the whole day's budget is used up is shown to everyone. That only the share of unknown numbers is used up
    is not, as it would reveal which numbers are known: those SMS are withheld, and the page reads the same for
    every number.
    """
    reached = _reached_budget("" if withhold else mobile or "", asker.key)
    if reached is not None and asker.employee:
        # Employees see the numbers; they and their caller get the refusal, as waiting for the SMS would be in vain.
        return BudgetCheck(OtpSending(False, max(1, seconds_until_unknown(mobile or ""))))
    return BudgetCheck(withhold=withhold or not mobile or reached is not None)


def seconds_until_unknown(mobile: str) -> int:
    """Return for how many seconds unknown numbers of this series get no SMS; 0 while they do. The same for every
    number of the series, so that it reveals nothing about this one."""
    counts = (Limit.OTP_SEND_SERIES, series_of(mobile)), (Limit.OTP_SEND_UNKNOWN, ALL), _DAY
    return max(rate_limits.peek(limit, subject).retry_after for limit, subject in counts)


def is_pumping_suspected() -> bool:
    """Return whether so few codes are used that they seem to be requested for money (SMS pumping)."""
    return not rate_limits.peek(Limit.PUMPING, ALL).allowed


def alarm_once(about: str, what: str = "", **details: object) -> None:
    """Record, at most once an hour, an alarm that an administrator has to look into."""
    if rate_limits.consume_silently(Limit.ALARM, f"{about} {what}"):
        record(SYSTEM, "alarm", f"limit:{about}", **details)


_DAY = (Limit.OTP_SEND_BUDGET, ALL)
_ASKS = Limit.OTP_ASK_GAP, Limit.OTP_ASK_SHORT, Limit.OTP_ASK_DAY


def _reached_budget(mobile: str, asker: str) -> Limit | None:
    """Return the budget that allows no further SMS to this mobile, if any.

    The same counts run for every mobile and for none; an SMS that costs nothing is counted where nothing is
    limited: otherwise requests without a recipient would use up the budget of all.
    """
    is_unknown = not is_known_mobile(mobile) and mobile != ""
    reached = None
    of_unknown = (Limit.OTP_SEND_SERIES, series_of(mobile)), (Limit.OTP_SEND_UNKNOWN, ALL)
    for limit, subject in (*of_unknown, _DAY):
        costs = mobile and reached is None and (is_unknown or limit is Limit.OTP_SEND_BUDGET)
        if not rate_limits.consume_silently(
            *((limit, subject) if costs else (Limit.SEND_NOTHING, f"{limit} {asker}"))
        ):
            reached = limit
    _alarm(reached, mobile, asker)
    return reached


def _alarm(reached: Limit | None, mobile: str, asker: str) -> None:
    if reached is None:
        rate_limits.consume_silently(Limit.SEND_NOTHING, f"{Limit.ALARM} {asker}")
    elif reached is Limit.OTP_SEND_SERIES:
        alarm_once(reached, series_of(mobile), series=series_of(mobile))
    else:
        alarm_once(reached)
