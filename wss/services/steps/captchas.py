"""Captchas: a sum for one session, spent by the first answer, right or wrong."""

import secrets
from datetime import timedelta

from wss.clock import now
from wss.domain.captcha import is_right, new_sum
from wss.models import Captcha
from wss.queries.captchas import add_captcha, use_captcha

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
