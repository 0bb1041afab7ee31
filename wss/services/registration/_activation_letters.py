"""Letters with the link that activates a registration where no mobile is on record (RAPDRP procedure)."""

from wss.clock import now
from wss.domain.otp import OtpSending
from wss.domain.ownership import ACTIVATION_LIFE
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Registration
from wss.queries.codes import end_tokens
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.shared import links, rate_limits


def count_letter(visitor: Visitor, email: str) -> OtpSending:
    """Count one more letter for this browser and its network; the refusal is shown openly."""
    browser = Limit.ACTIVATION_MAIL_BROWSER, f"{visitor.session_hash} {email}"
    limit_result = rate_limits.consume_all((browser, (Limit.OTP_SEND_ADDRESS, visitor.address)))
    return OtpSending(limit_result.allowed, limit_result.retry_after)


def send_letter(registration: Registration, email: str) -> None:
    """Send the link. Requests of other browsers for the same address are not revealed: the letter is withheld
    then, and each letter of the last day stays valid, whichever browser requested it. A link proves only the
    address it was sent to."""
    may_send = rate_limits.consume_silently(Limit.ACTIVATION_MAIL, email)
    subject = links.subject_of_registration(registration.id, email)
    if may_send:
        end_tokens("activate", subject, now())
    registration.expires_at = now() + ACTIVATION_LIFE
    token = links.new_link("activate", subject, ACTIVATION_LIFE)
    to = Recipient(registration.language, unconfirmed_email=email)
    queue_notice("activation", to, {"path": f"/activate/{token}"}, withhold=not may_send)
