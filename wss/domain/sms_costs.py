"""What SMS cost: who can cause each, what a number series is, and when too few codes are used to be people's."""

from datetime import timedelta
from enum import StrEnum

from wss.domain.rate_limits import Limit


class SmsCause(StrEnum):
    """Who can have an SMS sent, and so what holds their number down."""

    # Anybody, or an employee on a call, before anything is proved: every limit of steps/spending.
    ASKED = "asked"
    # Follows a code or link that was right, which was limited itself; a warning must never be used up by others.
    PROVED = "proved"
    # What somebody does who is signed in, follows a link or is verified on a call, as often as they like: so many a
    # day per mobile.
    DEED = "deed"
    # The same, about a request or a login that is there already: the owner has to hear of it, so that nothing else uses
    # up its number.
    CHANGE = "change"
    # An officer or the passing of time.
    OFFICE = "office"


CAUSES: dict[str, SmsCause] = {
    **dict.fromkeys(
        (
            "registration_otp",
            "already_registered",
            "hold_otp",
            "sign_in_otp",
            "password_otp",
            "user_name",
            "new_mobile_otp",
            "old_mobile_otp",
            "claim_otp",
            "join_otp",
            "phone_link",
            "confirm_otp",
            "call_otp",
            "call_own_otp",
            "call_confirm_otp",
            "call_refuse_otp",
            "registration_link",
            "register_link",
            "mobile_change_link",
            "documents_link",
        ),
        SmsCause.ASKED,
    ),
    **dict.fromkeys(
        (
            "registered_consumer",
            "not_me",
            "hold_ended",
            "password_changed",
            "mobile_coming",
            "mobile_changed",
            "number_in_use",
            "email_changed",
            "connection_added",
            "change_undone",
            "connection_claimed",
            "account_erased",
        ),
        SmsCause.PROVED,
    ),
    "request_registered": SmsCause.DEED,
    **dict.fromkeys(
        (
            "request_registered_1912",
            "withdrawn",
            "reopened",
            "closed",
            "erasure_asked",
        ),
        SmsCause.CHANGE,
    ),
    **dict.fromkeys(
        (
            "claim_granted",
            "hold_over",
            "mobile_coming_late",
            "question",
            "question_reminder",
            "question_withdrawn",
            "resolved",
            "resolved_revised",
            "resolved_not_needed",
            "resolved_refused",
            "bill_revised",
            "confirm_reminder",
            "dispute_lifted",
            "dispute_cancelled",
            "escalated",
        ),
        SmsCause.OFFICE,
    ),
}

# The digits that the Department of Telecommunications allots to one operator in one circle.
_SERIES = 5
# Fewer codes than these say nothing; people use four of five, who pumps none.
ENOUGH_CODES = 100
_USED_AT_LEAST = 0.2
# A code is typed within a minute or two; a younger one that is not used yet says nothing.
STILL_COMING = timedelta(minutes=3)
WATCHED = timedelta(hours=1)

VERIFY_RATE = "verify_rate"
# What the worker's and the site's own alarms are about.
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
    """The series that a mobile number belongs to."""
    return mobile[:_SERIES]


def is_pumping(sent: int, used: int) -> bool:
    """Whether so few of the codes that were sent have been used that they are not asked for by who gets them."""
    return sent >= ENOUGH_CODES and used < _USED_AT_LEAST * sent
