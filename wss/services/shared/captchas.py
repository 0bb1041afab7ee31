"""Captchas: a sum for one session, used up by the first answer, right or wrong."""

import secrets
from datetime import timedelta

from wss.clock import now
from wss.domain.captcha import CaptchaAnswer, is_right, new_sum
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Captcha
from wss.queries.captchas import add_captcha, consume_captcha
from wss.services.shared import rate_limits
from wss.services.shared.login_failures import is_site_under_guessing
from wss.services.shared.sms_budget import is_pumping_suspected

LIFE = timedelta(minutes=5)


def new_captcha(session_hash: str) -> str:
    """Store a new sum for this session; return the id under which its picture and sound are requested."""
    asked = new_sum(secrets.SystemRandom())
    captcha_id = secrets.token_hex(16)
    add_captcha(
        Captcha(
            id=captcha_id,
            session_hash=session_hash,
            left=asked.left,
            sign=asked.sign,
            right=asked.right,
            expires_at=now() + LIFE,
        )
    )
    return captcha_id


def answer_captcha(captcha_id: str, session_hash: str, typed: str) -> bool:
    """Use up the captcha and return whether the answer was right."""
    asked = consume_captcha(captcha_id, session_hash, now())
    return asked is not None and is_right(asked, typed)


def is_due(visitor: Visitor) -> bool:
    """Return whether this browser must solve a captcha before a code is sent to a number that it typed.

    It must from its third failed attempt on and before its second code; while codes seem to be requested for
    money, or passwords are guessed all over the site, also before its first code. Whether the number exists plays
    no part, as that would reveal it.
    """
    counts = Limit.STEP_ONE_MISSES, Limit.OTP_SEND_FREE
    allowed = [rate_limits.peek(limit, visitor.session_hash).allowed for limit in counts]
    return not all(allowed) or is_pumping_suspected() or is_site_under_guessing()


def is_missing(visitor: Visitor, solved: CaptchaAnswer, *tried: tuple[Limit, str]) -> bool:
    """Return whether a captcha is required, by the browser or by the given counts, and has not been solved; a
    captcha that is required is used up, right or wrong."""
    return (is_due(visitor) or requires_captcha(*tried)) and is_unsolved(visitor, solved)


def requires_captcha(*tried: tuple[Limit, str]) -> bool:
    """Return whether one of the counts is so high that a captcha is required, even if the subject does not exist."""
    return any([rate_limits.requires_captcha(*count) for count in tried])


def is_unsolved(visitor: Visitor, solved: CaptchaAnswer) -> bool:
    """Return whether the captcha's answer is wrong or missing; the captcha is used up."""
    return not answer_captcha(solved.captcha_id, visitor.session_hash, solved.captcha)


def count_code(visitor: Visitor) -> None:
    """Count a code that a browser gets without a captcha."""
    rate_limits.consume(Limit.OTP_SEND_FREE, visitor.session_hash)
