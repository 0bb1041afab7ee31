"""Rate limits of user name checks: the answer reveals which names exist, so the number of checks is limited."""

from dataclasses import dataclass

from wss.domain.captcha import CaptchaAnswer
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.services.shared import captchas, rate_limits


@dataclass(frozen=True, slots=True)
class UserNameCheck:
    """The refusal of one more user name check, as the outcome of step two; None when it is allowed."""

    refused: str | None = None
    retry_after: int = 0


ALLOWED = UserNameCheck()


def requires_captcha(visitor: Visitor) -> bool:
    """Return whether the next check requires a captcha."""
    return captchas.requires_captcha(*_counts(visitor))


def count_check(visitor: Visitor, solved: CaptchaAnswer) -> UserNameCheck:
    """Count one more check, for taken and free names alike."""
    if requires_captcha(visitor) and captchas.is_unsolved(visitor, solved):
        return UserNameCheck("wrong_captcha")
    for limit, subject in _counts(visitor):
        limit_result = rate_limits.consume(limit, subject)
        if not limit_result.allowed:
            return UserNameCheck("user_names_too_often", limit_result.retry_after)
    return ALLOWED


def _counts(visitor: Visitor) -> tuple[tuple[Limit, str], ...]:
    return (Limit.USER_NAME_BROWSER, visitor.session_hash), (Limit.USER_NAME_ADDRESS, visitor.address)
