"""Login of staff: the password, then a code of the authenticator or a recovery code; step-up by another code."""

from wss import passwords, vault
from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.captcha import UNASKED, CaptchaAnswer
from wss.domain.rate_limits import Limit
from wss.domain.second_factor import (
    ACCEPTED_DRIFT,
    RECOGNISED,
    SecondFactorUse,
    StaffLoginOutcome,
    StaffLoginResult,
    is_totp_shaped,
    minutes_off,
    plain_code,
)
from wss.domain.visitor import Visitor
from wss.queries.staff import (
    Credential,
    SignedInStaff,
    credential_by_login,
    credential_of,
    is_current_password,
    renew_session,
    use_recovery_code,
    use_step,
)
from wss.services.login.sessions import open_staff_session
from wss.services.shared import rate_limits
from wss.services.shared.audit import record
from wss.services.shared.captchas import is_unsolved, requires_captcha
from wss.services.shared.login_failures import FailureKind, is_site_under_guessing, note_failure


def log_in_staff(
    visitor: Visitor, typed_id: str, password: str, solved: CaptchaAnswer = UNASKED
) -> StaffLoginResult:
    """Check the password. Its hash is checked between two transactions, as it takes as long as fifty of them.

    An employee ID that is guessed from many networks requires a captcha, whether or not the employee exists: no
    one is locked out, and the code protects the login after the password.
    """
    counts = _tries(visitor, typed_id)
    everywhere = Limit.STAFF_SIGN_IN_ALL, typed_id.upper()
    with transaction():
        is_due = captcha_is_due(visitor) or requires_captcha(everywhere)
        if is_due and is_unsolved(visitor, solved):
            return StaffLoginResult(StaffLoginOutcome.WRONG_CAPTCHA)
        refused = _consume_attempts(counts)
        found = credential_by_login(typed_id, local_date(now()))
    if refused is not None:
        return refused
    if not passwords.is_right(password, found.password_hash if found else None) or found is None:
        with transaction():
            rate_limits.consume_silently(*everywhere)
            note_failure(FailureKind.STAFF_LOGIN)
        return StaffLoginResult(StaffLoginOutcome.WRONG)
    with transaction():
        if not is_current_password(found.employee_id, found.password_hash):
            return StaffLoginResult(StaffLoginOutcome.WRONG)
        rate_limits.clear(*counts[0])
        rate_limits.give_back(*counts[1])
        session_id = open_staff_session(visitor, found.employee_id)
        record(_actor(found), "staff_password", f"staff:{found.employee_id}")
    return StaffLoginResult(
        StaffLoginOutcome.IN, session_id, is_first=found.must_change and found.totp_enrolled_at is None
    )


def captcha_is_due(visitor: Visitor) -> bool:
    """Return whether this network must solve a captcha before the password is checked."""
    return is_site_under_guessing() or requires_captcha((Limit.STAFF_SIGN_IN_ADDRESS, visitor.address))


def _tries(visitor: Visitor, typed_id: str) -> tuple[tuple[Limit, str], ...]:
    return (Limit.STAFF_SIGN_IN, f"{typed_id.upper()} {visitor.address}"), (
        Limit.STAFF_SIGN_IN_ADDRESS,
        visitor.address,
    )


def check_second_factor(staff: SignedInStaff, typed: str, what_for: SecondFactorUse) -> StaffLoginResult:
    """Check a code, valid once: it completes the login or steps it up, and the session gets a new id."""
    counts = tuple(
        (limit, staff.employee_id)
        for limit in (Limit.STAFF_CODE, Limit.STAFF_CODE_HOUR, Limit.STAFF_CODE_DAY)
    )
    with transaction():
        refused = _consume_attempts(counts)
        seen = credential_of(staff.employee_id, local_date(now()))
        if refused is not None:
            return refused
        if seen is None:
            return StaffLoginResult(StaffLoginOutcome.WRONG)
        try:
            is_right = _is_right(seen, plain_code(typed))
        except vault.BrokenSeal:
            return StaffLoginResult(StaffLoginOutcome.WRONG, is_key_broken=True)
        if not is_right:
            note_failure(FailureKind.STAFF_CODE)
            return StaffLoginResult(
                StaffLoginOutcome.WRONG, minutes_off=_minutes_off(seen, plain_code(typed))
            )
        session_id, at = vault.new_session_id(), now()
        given = {"second_factor_at": at} if what_for is SecondFactorUse.SIGN_IN else {"stepped_up_at": at}
        if not renew_session(staff.session_hash, vault.session_hash(session_id), **given):
            return StaffLoginResult(StaffLoginOutcome.WRONG)
        rate_limits.clear(*counts[0])
        for count in counts[1:]:
            rate_limits.give_back(*count)
        record(_actor(seen), f"staff_{what_for}", f"staff:{seen.employee_id}")
    return StaffLoginResult(StaffLoginOutcome.IN, session_id, is_first=seen.totp_enrolled_at is None)


def _is_right(seen: Credential, code: str) -> bool:
    """Return whether a code is right; a right code is used up."""
    if not is_totp_shaped(code):
        used = vault.keyed_hashes("recovery", code)
        return seen.totp_enrolled_at is not None and use_recovery_code(seen.employee_id, used, now())
    step = vault.totp_step(code, vault.unseal(seen.totp_secret_sealed), now(), ACCEPTED_DRIFT)
    if step is None or not rate_limits.peek(Limit.STAFF_CODE_SEEN, f"{seen.employee_id} {step}").allowed:
        return False
    return use_step(seen, step, now())


def _minutes_off(seen: Credential, code: str) -> int:
    """Return by how many minutes the authenticator's clock is wrong; 0 where the code does not show it."""
    if not is_totp_shaped(code):
        return 0
    secret = vault.unseal(seen.totp_secret_sealed)
    step = vault.totp_step(code, secret, now(), RECOGNISED)
    steps = (step or 0) - vault.totp(secret).timecode(now())
    if step is None or step <= seen.totp_last_step or abs(steps) <= ACCEPTED_DRIFT:
        return 0
    # With the hint that a code belongs to one of the next minutes, a stranger would only have to wait: so it cannot
    # be used.
    rate_limits.consume(Limit.STAFF_CODE_SEEN, f"{seen.employee_id} {step}")
    return minutes_off(steps)


def _consume_attempts(counts: tuple[tuple[Limit, str], ...]) -> StaffLoginResult | None:
    """Count the attempt before anything is checked."""
    for limit, subject in counts:
        limit_result = rate_limits.consume(limit, subject)
        if not limit_result.allowed:
            return StaffLoginResult(StaffLoginOutcome.TOO_OFTEN, retry_after=limit_result.retry_after)
    return None


def _actor(seen: Credential) -> Actor:
    return Actor(Role(seen.role), seen.employee_id, seen.office_code)
