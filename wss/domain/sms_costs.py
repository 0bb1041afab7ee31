"""How SMS pumping is detected: a fraudster requests many codes for a series of numbers, and too few are ever used."""

from datetime import timedelta

from wss.domain.rate_limits import Limit

# The leading digits that the Department of Telecommunications allots to one operator in one circle.
_SERIES = 5
# Fewer codes than these are no evidence. People use four of five codes, a fraudster none.
ENOUGH_CODES = 100
_USED_AT_LEAST = 0.2
# A code is typed within a minute or two; a younger unused code is no evidence.
STILL_COMING = timedelta(minutes=3)
WATCHED = timedelta(hours=1)

VERIFY_RATE = "verify_rate"
# The subjects of the alarms of the worker and of the site.
ALARMS = tuple(
    f"limit:{name}"
    for name in (
        Limit.OTP_SEND_BUDGET,
        Limit.OTP_SEND_UNKNOWN,
        Limit.OTP_SEND_SERIES,
        Limit.ONE_NUMBER_ALL,
        Limit.CALL_FACTS,
        Limit.SITE_FAILURES,
        VERIFY_RATE,
    )
)


def series_of(mobile: str) -> str:
    """Return the number series that a mobile belongs to."""
    return mobile[:_SERIES]


def is_pumping(sent: int, used: int) -> bool:
    """Return whether so few of the sent codes have been used that their recipients cannot have requested them."""
    return sent >= ENOUGH_CODES and used < _USED_AT_LEAST * sent
