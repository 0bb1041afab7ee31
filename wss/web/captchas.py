"""A new captcha for whichever form asks one."""

from flask import abort

from wss.domain.throttle import ALLOWANCES, Limit
from wss.services.sign_in import show_captcha
from wss.web.access import visitor


def fresh_captcha() -> str:
    """A new captcha's id for this browser; 429 for a network that has asked for far too many."""
    captcha_id = show_captcha(visitor())
    if captcha_id is None:
        abort(429, retry_after=round(ALLOWANCES[Limit.CAPTCHA_ADDRESS].within.total_seconds()))
    return captcha_id
