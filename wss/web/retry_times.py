"""Messages for an exceeded rate limit: how long to wait before the next retry."""

from flask_babel import gettext as _
from flask_babel import ngettext

_HOURS_FROM = 90 * 60
# Seconds until a new OTP can be requested.
A_NEW_CODE = 60


def time_to_wait(seconds: int) -> str:
    """Return a waiting time in words, always rounded up."""
    if seconds < _HOURS_FROM:
        return _("%(minutes)s min", minutes=max(1, -(-seconds // 60)))
    return _("%(hours)s hours", hours=-(-seconds // 3600))


def _just_requested(seconds: int) -> str:
    return ngettext(
        "An SMS was requested a moment ago. Try again in %(num)s second.",
        "An SMS was requested a moment ago. Try again in %(num)s seconds.",
        max(1, seconds),
    )


def no_more_codes(seconds: int) -> str:
    """Return that no more OTPs can be sent for now."""
    if seconds <= A_NEW_CODE:
        return _just_requested(seconds)
    return _("You cannot request another OTP yet. Try again in %(time)s.", time=time_to_wait(seconds))


def no_more_confirmations(seconds: int) -> str:
    """Return that no more e-mails are sent to an address for now; the links that were sent remain valid."""
    return _(
        "We sent 3 links to this address today. Open the newest one, or ask again in %(time)s.",
        time=time_to_wait(seconds),
    )


def too_many_wrong(seconds: int) -> str:
    """Return that the OTP is invalid after five wrong attempts, or that this browser has tried too many for today."""
    if seconds <= A_NEW_CODE:
        return _("This OTP is no longer valid after five wrong attempts. Request a new one.")
    return _(
        "Too many wrong OTPs on this phone. Try again in %(time)s, or call 1912.", time=time_to_wait(seconds)
    )


def too_often_with_account(seconds: int, *, sends_sms: bool = False) -> str:
    """Return that the account number was tried too often; with `sends_sms`, or that no more SMS can be sent for it."""
    if sends_sms and seconds <= A_NEW_CODE:
        return _just_requested(seconds)
    return _(
        "Too many attempts with this account number. Try again in %(time)s, or call 1912.",
        time=time_to_wait(seconds),
    )


def too_many_new_numbers(seconds: int) -> str:
    """Return that too many new numbers are waiting; with the OTP of the old number it changes at once."""
    return _(
        "Too many new numbers were entered for this connection today. Request new OTPs and enter the one "
        "sent to the old number too, or try again in %(time)s, or call 1912.",
        time=time_to_wait(seconds),
    )
