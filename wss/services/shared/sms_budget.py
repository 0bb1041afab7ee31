"""Holds down what SMS cost: each that somebody from outside can cause is counted here before it is queued."""

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
    """What came of counting one more sending: a refusal that may be told, or that it must be withheld in silence."""

    refused: OtpSending | None = None
    withhold: bool = False


def count_ask(asker: OtpRequester) -> OtpSending:
    """Count one more ask for this asker, the browser or employee, and the network; told openly, as it is the same
    whatever was typed. A refused ask counts for nobody, and nothing may come of it.

    A network's row comes last: who has it waits for nobody but the rows of a mobile and of the day.
    """
    day = rate_limits.standing(Limit.OTP_SEND_BUDGET, ALL)
    if not day.allowed:
        alarm_once(Limit.OTP_SEND_BUDGET)
        return OtpSending(False, day.retry_after)
    counts = [(Limit.OTP_SEND_EMPLOYEE, asker.employee)]
    if not asker.employee:
        tight = [(Limit.OTP_SEND_DEVICE_TIGHT, asker.part)] if is_tight() else []
        counts = [
            *((limit, asker.asks) for limit in _ASKS),
            (Limit.OTP_SEND_DEVICE, asker.part),
            *tight,
            (Limit.OTP_SEND_ADDRESS, asker.address),
        ]
    spent = rate_limits.spend_all(counts)
    return OtpSending(spent.allowed, spent.retry_after)


def ask_budget(asker: OtpRequester, mobile: str | None, *, withhold: bool = False) -> BudgetCheck:
    """Count it against what SMS may cost in a day. Always after the counts of people: whoever has a budget's row waits
    for nobody. `mobile` is where it would go; nobody's, and what is withheld already, costs nothing.

    That the whole day's budget is used up is told to everybody. That only numbers unknown to us have used up their
    share is not, as it would tell which are known: theirs are withheld, and the page says so whoever asks.
    """
    reached = _reached("" if withhold else mobile or "", asker.key)
    if reached is not None and asker.employee:
        # Employees see numbers; they and their caller are told rather than left waiting.
        return BudgetCheck(OtpSending(False, max(1, seconds_until_unknown(mobile or ""))))
    return BudgetCheck(withhold=withhold or not mobile or reached is not None)


def seconds_until_unknown(mobile: str) -> int:
    """For how long numbers of this series that stand nowhere with us get nothing; 0 when they do. The same for
    every number of the series, so that it tells nothing of this one."""
    counts = (Limit.OTP_SEND_SERIES, series_of(mobile)), (Limit.OTP_SEND_UNKNOWN, ALL), _DAY
    return max(rate_limits.standing(limit, subject).retry_after for limit, subject in counts)


def is_tight() -> bool:
    """Whether so few codes are used that somebody seems to have them sent for money."""
    return not rate_limits.standing(Limit.PUMPING, ALL).allowed


def alarm_once(about: str, what: str = "", **details: object) -> None:
    """Write down, once an hour, what somebody has to look at."""
    if rate_limits.fits(Limit.ALARM, f"{about} {what}"):
        record(SYSTEM, "alarm", f"limit:{about}", **details)


_DAY = (Limit.OTP_SEND_BUDGET, ALL)
_ASKS = Limit.OTP_ASK_GAP, Limit.OTP_ASK_SHORT, Limit.OTP_ASK_DAY


def _reached(mobile: str, as_whom: str) -> Limit | None:
    """Which budget does not allow one more to this mobile. The same counts for every mobile and for none; what costs
    nothing is counted where nothing is reached, or pumping nobody would use up everybody's."""
    is_unknown = not is_known_mobile(mobile) and mobile != ""
    reached = None
    of_unknown = (Limit.OTP_SEND_SERIES, series_of(mobile)), (Limit.OTP_SEND_UNKNOWN, ALL)
    for limit, subject in (*of_unknown, _DAY):
        costs = mobile and reached is None and (is_unknown or limit is Limit.OTP_SEND_BUDGET)
        if not rate_limits.fits(*((limit, subject) if costs else (Limit.SEND_NOTHING, f"{limit} {as_whom}"))):
            reached = limit
    _alarm(reached, mobile, as_whom)
    return reached


def _alarm(reached: Limit | None, mobile: str, as_whom: str) -> None:
    if reached is None:
        rate_limits.fits(Limit.SEND_NOTHING, f"{Limit.ALARM} {as_whom}")
    elif reached is Limit.OTP_SEND_SERIES:
        alarm_once(reached, series_of(mobile), series=series_of(mobile))
    else:
        alarm_once(reached)
