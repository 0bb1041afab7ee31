"""A new captcha for whichever form asks one."""

from typing import Any

from flask import abort
from flask_babel import gettext as _

from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.services.login.consumer_login import show_captcha
from wss.services.registration.registration import captcha_is_due
from wss.web.access import visitor


def fresh_captcha() -> str:
    """A new captcha's id for this browser; 429 for a network that has asked for far too many."""
    captcha_id = show_captcha(visitor())
    if captcha_id is None:
        abort(429, retry_after=round(ALLOWANCES[Limit.CAPTCHA_ADDRESS].within.total_seconds()))
    return captcha_id


def captcha_if_due(form: Any = None, *, is_due: bool | None = None) -> str | None:
    """A new captcha's id for a form that has codes sent, once this browser has to solve one, or `is_due` otherwise.

    A form that came with one, or was refused as one is asked for what was typed, gets the next.
    """
    if is_due is None:
        is_due = captcha_is_due(visitor())
    is_due = is_due or (form is not None and bool(form.captcha_id.data or form.captcha.errors))
    return fresh_captcha() if is_due else None


def wrong_sum(form: Any) -> str:
    """What stands at the sum: that it was wrong, or that it is asked now."""
    asked = bool(form.captcha_id.data)
    return _("The sum is not right: here is a new one") if asked else _("Solve the sum in the picture")
