"""Holds down what SMS cost: each that somebody from outside can cause is counted here before it is queued."""

from collections.abc import Iterable
from dataclasses import dataclass

from wss.domain.actor import SYSTEM
from wss.domain.otp import SendLimits, Sent
from wss.domain.spending import series_of
from wss.domain.throttle import Limit
from wss.queries.spending import is_known_mobile
from wss.services.steps import limits
from wss.services.steps.audit import record

PER_MOBILE = (Limit.OTP_SEND_GAP, Limit.OTP_SEND_SHORT, Limit.OTP_SEND_DAY)
# A link follows a code within seconds: of the mobile's limits only the day's holds it.
OF_LINKS = (Limit.OTP_SEND_DAY,)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of counting one more sending: a refusal that may be told, or that it must be withheld in silence."""

    refused: Sent | None = None
    withhold: bool = False


def ask(counted_as: SendLimits, mobile: str | None, per_mobile: tuple[Limit, ...] = PER_MOBILE) -> Asked:
    """Count one more SMS that somebody from outside wants sent, and say whether it may be."""
    asked = ask_people(counted_as, per_mobile)
    return asked if asked.refused else ask_budget(asked, counted_as, mobile)


def ask_people(counted_as: SendLimits, per_mobile: tuple[Limit, ...] = PER_MOBILE) -> Asked:
    """Count it against the mobile, the network or employee, and the browser."""
    in_the_open = [(limit, counted_as.mobile) for limit in per_mobile if counted_as.mobile]
    for limit, subject in (*in_the_open, _sender(counted_as), *_device(counted_as)):
        spent = limits.spend(limit, subject)
        if not spent.allowed:
            return Asked(Sent(False, spent.retry_after))
    hidden = [(limit, counted_as.silently) for limit in per_mobile if counted_as.silently]
    return Asked(withhold=not all_fit(hidden))


def ask_budget(asked: Asked, counted_as: SendLimits, mobile: str | None) -> Asked:
    """Count it against what SMS may cost in a day. Always after the counts of people: whoever has a budget's row waits
    for nobody. `mobile` is where it would go; nobody's, and what is withheld already, costs nothing.

    That the whole day's budget is used up is told to everybody. That only numbers unknown to us have used up their
    share is not, as it would tell which are known: theirs are withheld, and the page says so whoever asks.
    """
    day = limits.standing(Limit.OTP_SEND_BUDGET, ALL)
    if not day.allowed:
        alarm_once(Limit.OTP_SEND_BUDGET)
        return Asked(Sent(False, day.retry_after))
    reached = _reached("" if asked.withhold else mobile or "", counted_as.mobile or counted_as.silently)
    if reached is not None and counted_as.employee:
        # Employees see numbers; they and their caller are told rather than left waiting.
        return Asked(Sent(False, seconds_until_unknown(mobile or "")))
    return Asked(withhold=asked.withhold or not mobile or reached is not None)


def seconds_until_unknown(mobile: str) -> int:
    """For how long numbers of this series that stand nowhere with us get nothing; 0 when they do. The same for
    every number of the series, so that it tells nothing of this one."""
    counts = (Limit.OTP_SEND_SERIES, series_of(mobile)), (Limit.OTP_SEND_UNKNOWN, ALL), _DAY
    return max(limits.standing(limit, subject).retry_after for limit, subject in counts)


def is_tight() -> bool:
    """Whether so few codes are used that somebody seems to have them sent for money."""
    return not limits.standing(Limit.PUMPING, ALL).allowed


def all_fit(counts: Iterable[tuple[Limit, str]]) -> bool:
    """Count one more of each, however the others stand: the same work whatever comes of it."""
    return all([limits.fits(limit, subject) for limit, subject in counts])


def alarm_once(about: str, what: str = "", **details: object) -> None:
    """Write down, once an hour, what somebody has to look at."""
    if limits.fits(Limit.ALARM, f"{about} {what}"):
        record(SYSTEM, "alarm", f"limit:{about}", **details)


_DAY = (Limit.OTP_SEND_BUDGET, ALL)


def _reached(mobile: str, as_whom: str) -> Limit | None:
    """Which budget does not allow one more to this mobile. The same counts for every mobile and for none; what costs
    nothing is counted where nothing is reached, or pumping nobody would use up everybody's."""
    is_unknown = not is_known_mobile(mobile) and mobile != ""
    reached = None
    of_unknown = (Limit.OTP_SEND_SERIES, series_of(mobile)), (Limit.OTP_SEND_UNKNOWN, ALL)
    for limit, subject in (*of_unknown, _DAY):
        costs = mobile and reached is None and (is_unknown or limit is Limit.OTP_SEND_BUDGET)
        if not limits.fits(*((limit, subject) if costs else (Limit.SEND_NOTHING, f"{limit} {as_whom}"))):
            reached = limit
    _alarm(reached, mobile, as_whom)
    return reached


def _alarm(reached: Limit | None, mobile: str, as_whom: str) -> None:
    if reached is None:
        limits.fits(Limit.SEND_NOTHING, f"{Limit.ALARM} {as_whom}")
    elif reached is Limit.OTP_SEND_SERIES:
        alarm_once(reached, series_of(mobile), series=series_of(mobile))
    else:
        alarm_once(reached)


def _sender(counted_as: SendLimits) -> tuple[Limit, str]:
    if counted_as.employee:
        return Limit.OTP_SEND_EMPLOYEE, counted_as.employee
    return Limit.OTP_SEND_ADDRESS, counted_as.address


def _device(counted_as: SendLimits) -> list[tuple[Limit, str]]:
    if not counted_as.device:
        return []
    tight = [(Limit.OTP_SEND_DEVICE_TIGHT, counted_as.device)] if is_tight() else []
    return [(Limit.OTP_SEND_DEVICE, counted_as.device), *tight]
