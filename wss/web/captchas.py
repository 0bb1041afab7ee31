"""A new captcha for whichever form asks one."""

from flask import abort

from wss.services.sign_in import show_captcha
from wss.web.access import visitor


def fresh_captcha() -> str:
    """A new captcha's id for this browser; 429 for a network that has asked for far too many."""
    captcha_id = show_captcha(visitor())
    return captcha_id if captcha_id is not None else abort(429)
