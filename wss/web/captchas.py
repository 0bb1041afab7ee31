"""New captchas for the forms that require one."""

from typing import Any

from flask import abort
from flask_babel import gettext as _

from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.services.login.consumer_login import create_captcha
from wss.services.registration.registration import captcha_is_due
from wss.web.access import visitor


def fresh_captcha() -> str:
    """Return the id of a new captcha for this browser; 429 for a network that has requested far too many."""
    captcha_id = create_captcha(visitor())
    if captcha_id is None:
        abort(429, retry_after=round(ALLOWANCES[Limit.CAPTCHA_ADDRESS].within.total_seconds()))
    return captcha_id


def captcha_if_due(form: Any = None, *, is_due: bool | None = None) -> str | None:
    """Return the id of a new captcha for a form that sends OTPs; None if no captcha is due.

    `is_due` replaces the check whether this browser has to solve one. A form that was submitted with a captcha, or
    was refused because its input requires one, gets a new one.
    """
    if is_due is None:
        is_due = captcha_is_due(visitor())
    is_due = is_due or (form is not None and bool(form.captcha_id.data or form.captcha.errors))
    return fresh_captcha() if is_due else None


def wrong_sum(form: Any) -> str:
    """Return the error at the captcha: the answer was wrong, or an answer is required."""
    is_answered = bool(form.captcha_id.data and form.captcha.data)
    return _("Wrong answer. Try this new sum.") if is_answered else _("Solve the sum in the picture")
