"""Details of step two that a registration stores: the password as its hash, and the consents given at that moment."""

from dataclasses import dataclass

from wss import passwords
from wss.clock import now
from wss.db import reading
from wss.domain.captcha import UNASKED, CaptchaAnswer
from wss.domain.ownership import PRIVACY_VERSION, TERMS_VERSION
from wss.domain.passwords import SHORTEST
from wss.domain.visitor import Visitor
from wss.models import Registration
from wss.queries.registrations import registration_of
from wss.services.shared.password_hashes import NewPassword, new_password


@dataclass(frozen=True, slots=True)
class RegistrationDetails:
    """What was typed in step two, well-formed or empty."""

    mobile: str | None
    email: str | None
    user_name: str | None
    password: str
    sms_alerts: bool
    email_alerts: bool
    solved: CaptchaAnswer = UNASKED


def password_to_keep(visitor: Visitor, details: RegistrationDetails) -> NewPassword:
    """Return the hash of the typed password, else the stored one, unless that is among the details typed now."""
    if details.password:
        return new_password(visitor, details.password)
    with reading():
        registration = registration_of(visitor.session_hash, now())
        kept = registration.password_hash if registration else None
    known = [details.mobile, details.user_name, details.email, (details.email or "").partition("@")[0]]
    tried = (passwords.is_right(word, kept) for word in known if kept and word and len(word) >= SHORTEST)
    return NewPassword(None if any(tried) else kept)


def keep_details(registration: Registration, visitor: Visitor, details: RegistrationDetails) -> None:
    """Store the person's details and the texts that they have accepted."""
    registration.email = details.email
    registration.user_name = details.user_name
    registration.sms_alerts = details.sms_alerts
    registration.email_alerts = details.email_alerts
    registration.terms_version = TERMS_VERSION
    registration.privacy_version = PRIVACY_VERSION
    registration.consented_at = now()
    registration.language = visitor.language
