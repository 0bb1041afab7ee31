"""Captchas: stored, used once, deleted."""

from datetime import datetime

from sqlalchemy import select, update

from wss.db import execute_count, session
from wss.domain.captcha import CaptchaSum
from wss.models import Captcha
from wss.queries._fragments import delete_some


def add_captcha(captcha: Captcha) -> None:
    """Store a captcha before it is shown."""
    session().add(captcha)


def captcha_sum(captcha_id: str, at: datetime) -> CaptchaSum | None:
    """Return the sum to draw or speak, while it can still be answered."""
    statement = select(Captcha.left, Captcha.sign, Captcha.right).where(
        Captcha.id == captcha_id, Captcha.used_at.is_(None), Captcha.expires_at > at
    )
    found = session().execute(statement).first()
    return CaptchaSum(found.left, found.sign, found.right) if found else None


def consume_captcha(captcha_id: str, session_hash: str, at: datetime) -> CaptchaSum | None:
    """Consume a captcha, whether the answer is right or wrong.

    Returns its sum the first time before it expires, None afterwards.
    """
    statement = (
        update(Captcha)
        .where(
            Captcha.id == captcha_id,
            Captcha.session_hash == session_hash,
            Captcha.used_at.is_(None),
            Captcha.expires_at > at,
        )
        .values(used_at=at)
        .returning(Captcha.left, Captcha.sign, Captcha.right)
        .execution_options(synchronize_session=False)
    )
    found = session().execute(statement).first()
    return CaptchaSum(found.left, found.sign, found.right) if found else None


def delete_expired_captchas(at: datetime, how_many: int) -> int:
    """Delete expired captchas, at most so many."""
    return execute_count(delete_some(Captcha, how_many, Captcha.expires_at <= at))
