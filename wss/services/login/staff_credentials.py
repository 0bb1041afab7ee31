"""Credentials of staff: issued by the administrator, then changed by the employee."""

import secrets
from dataclasses import dataclass

from wss import passwords, vault
from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import SYSTEM, Actor
from wss.domain.errors import NotFound
from wss.domain.rate_limits import Limit
from wss.domain.second_factor import (
    RECOVERY_CODES,
    RECOVERY_GROUP,
    RECOVERY_LENGTH,
    StaffLoginOutcome,
    StaffLoginResult,
    in_groups,
)
from wss.queries.staff import (
    SignedInStaff,
    change_password,
    credential_of,
    delete_sessions_of_staff,
    is_in_service,
    renew_session,
    replace_recovery_codes,
    save_credential,
)
from wss.services.shared import rate_limits
from wss.services.shared.audit import record

# Letters and digits that are not confused when they are read aloud or typed from paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_FIRST_PASSWORD = 20


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The credentials that the administrator gives to an employee, once."""

    employee_id: str
    password: str
    totp_secret: str


def enrol(employee_id: str) -> Enrolment:
    """Issue a first password and a new authenticator; former credentials and sessions become invalid."""
    enrolment = Enrolment(employee_id, first_password(), vault.new_totp_secret())
    hashed = passwords.hash_password(enrolment.password)
    with transaction():
        if not is_in_service(employee_id, local_date(now())):
            raise NotFound
        save_credential(
            employee_id,
            password_hash=hashed,
            must_change=True,
            totp_secret_sealed=vault.seal(enrolment.totp_secret),
            totp_enrolled_at=None,
            totp_last_step=0,
            created_at=now(),
        )
        replace_recovery_codes(employee_id, [], now())
        delete_sessions_of_staff(employee_id)
        record(SYSTEM, "staff_enrolled", f"staff:{employee_id}")
    return enrolment


def first_password() -> str:
    """Return a password that is typed once, from paper."""
    return in_groups("".join(secrets.choice(_SIGNS) for _ in range(_FIRST_PASSWORD)), RECOVERY_GROUP, "-")


def recovery_code() -> str:
    """Return a recovery code for a lost authenticator: 49 random bits."""
    return "".join(secrets.choice(_SIGNS) for _ in range(RECOVERY_LENGTH)).upper()


def choose_first_password(staff: SignedInStaff, new: str) -> StaffLoginResult:
    """Replace the first password by the employee's own, which must differ from it."""
    with transaction():
        seen = credential_of(staff.employee_id, local_date(now()))
    if seen is None or not seen.must_change or passwords.is_right(new, seen.password_hash):
        return StaffLoginResult(StaffLoginOutcome.WRONG)
    return _change(staff, seen.password_hash, new)


def choose_new_password(staff: SignedInStaff, old: str, new: str, address: str) -> StaffLoginResult:
    """Change the password of an employee who knows the present one; all their other sessions end."""
    count = Limit.STAFF_SIGN_IN, f"{staff.employee_id.upper()} {address}"
    with transaction():
        limit_result = rate_limits.consume(*count)
        seen = credential_of(staff.employee_id, local_date(now()))
    if not limit_result.allowed:
        return StaffLoginResult(StaffLoginOutcome.TOO_OFTEN, retry_after=limit_result.retry_after)
    if not passwords.is_right(old, seen.password_hash if seen else None) or seen is None:
        return StaffLoginResult(StaffLoginOutcome.WRONG)
    answer = _change(staff, seen.password_hash, new)
    with transaction():
        rate_limits.clear(*count)
    return answer


def make_recovery_codes(staff: SignedInStaff) -> list[str]:
    """Create ten new recovery codes, shown only once; the former ones become invalid."""
    codes = [recovery_code() for _ in range(RECOVERY_CODES)]
    with transaction():
        hashes = [vault.keyed_hash("recovery", code) for code in codes]
        replace_recovery_codes(staff.employee_id, hashes, now())
        record(_actor(staff), "staff_recovery_codes", f"staff:{staff.employee_id}")
    return codes


def totp_secret_of(staff: SignedInStaff) -> str | None:
    """Return the secret for the authenticator; None once it is set up, as it is never shown again."""
    with transaction():
        seen = credential_of(staff.employee_id, local_date(now()))
    if seen is None or seen.totp_enrolled_at is not None:
        return None
    return vault.unseal(seen.totp_secret_sealed)


def _change(staff: SignedInStaff, seen_hash: str, new: str) -> StaffLoginResult:
    new_hash, session_id = passwords.hash_password(new), vault.new_session_id()
    id_hash = vault.session_hash(session_id)
    with transaction():
        if not change_password(staff.employee_id, seen_hash, new_hash):
            return StaffLoginResult(StaffLoginOutcome.WRONG)
        renew_session(staff.session_hash, id_hash)
        delete_sessions_of_staff(staff.employee_id, but=id_hash)
        record(_actor(staff), "staff_password_changed", f"staff:{staff.employee_id}")
    return StaffLoginResult(StaffLoginOutcome.IN, session_id)


def _actor(staff: SignedInStaff) -> Actor:
    return Actor(staff.role, staff.employee_id, staff.office_code)


def provisioning_uri(employee_id: str, secret: str) -> str:
    """Return the URI that the QR code of an enrolment contains."""
    return vault.totp(secret).provisioning_uri(name=employee_id)
