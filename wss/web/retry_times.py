"""How long somebody has to wait who has come too often, in words."""

from flask_babel import gettext as _

_HOURS_FROM = 90 * 60
# Within so many seconds another code can be asked for.
_A_NEW_CODE = 60


def time_to_wait(seconds: int) -> str:
    """A time to wait, never told too short."""
    if seconds < _HOURS_FROM:
        return _("%(minutes)s min", minutes=max(1, -(-seconds // 60)))
    return _("%(hours)s h", hours=-(-seconds // 3600))


def no_more_codes(seconds: int) -> str:
    """No code can be sent for now."""
    return _("No more codes for now. Try again in %(time)s.", time=time_to_wait(seconds))


def no_more_confirmations(seconds: int) -> str:
    """Say that no more letters go to an address for now; those that were sent go on working."""
    return _(
        "We sent 3 links to this address today. Open the newest one, or ask again in %(time)s.",
        time=time_to_wait(seconds),
    )


def too_many_wrong(seconds: int) -> str:
    """The code is over after five wrong tries, or this browser has tried too many for today."""
    if seconds <= _A_NEW_CODE:
        return _("This OTP is over after five wrong tries. Ask for a new one.")
    return _(
        "Too many wrong OTPs on this phone. Try again in %(time)s, or call 1912.", time=time_to_wait(seconds)
    )


def too_often_with_account(seconds: int) -> str:
    """The account number was tried too often, or no more can be sent for it for now."""
    return _(
        "Too many attempts with this account number. Try again in %(time)s, or call 1912.",
        time=time_to_wait(seconds),
    )


def too_many_new_numbers(seconds: int) -> str:
    """No other number may wait for its day now: the old number's OTP changes it at once."""
    return _(
        "Too many new numbers were given for this connection today. Ask for new OTPs and enter that of the old number "
        "too, or try again in %(time)s, or call 1912.",
        time=time_to_wait(seconds),
    )
