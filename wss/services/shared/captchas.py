"""Captchas: a sum for one session, spent by the first answer, right or wrong."""

import secrets
from datetime import timedelta

from wss.clock import now
from wss.domain.captcha import CaptchaAnswer, is_right, new_sum
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Captcha
from wss.queries.captchas import add_captcha, use_captcha
from wss.services.shared import rate_limits
from wss.services.shared.login_failures import is_site_guessed_at
from wss.services.shared.sms_budget import is_tight

LIFE = timedelta(minutes=5)


def new_captcha(session_hash: str) -> str:
    """Keep a new sum for this session; the id by which its picture and sound are asked for."""
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
    """Spend the captcha; whether the answer was right."""
    asked = use_captcha(captcha_id, session_hash, now())
    return asked is not None and is_right(asked, typed)


def is_due(visitor: Visitor) -> bool:
    """Whether this browser has to solve one before it has a code sent to a number that is typed: from its third miss
    on, before its second code, and while somebody seems to have codes sent for money or to guess all over the site,
    before its first, too. Whether the number exists has no say, or it would tell."""
    counts = Limit.STEP_ONE_MISSES, Limit.OTP_SEND_FREE
    stand = [rate_limits.standing(limit, visitor.session_hash).allowed for limit in counts]
    return not all(stand) or is_tight() or is_site_guessed_at()


def is_missing(visitor: Visitor, solved: CaptchaAnswer, *tried: tuple[Limit, str]) -> bool:
    """Whether one is due, for the browser or for what is tried, and has not been solved; that one is spent, right or
    wrong."""
    return (is_due(visitor) or is_tried_much(*tried)) and is_unsolved(visitor, solved)


def is_tried_much(*tried: tuple[Limit, str]) -> bool:
    """Whether what is tried has been tried so often that everybody solves one for it, existing or not."""
    return any([rate_limits.asks_captcha(*count) for count in tried])


def is_unsolved(visitor: Visitor, solved: CaptchaAnswer) -> bool:
    """Whether the answer is wrong or there is none; the captcha is spent."""
    return not answer_captcha(solved.captcha_id, visitor.session_hash, solved.captcha)


def count_code(visitor: Visitor) -> None:
    """Count the code that a browser gets without a captcha."""
    rate_limits.spend(Limit.OTP_SEND_FREE, visitor.session_hash)
