"""Letters with the link that confirms a consumer's e-mail address."""

from wss.domain.ownership import ACTIVATION_LIFE
from wss.domain.rate_limits import Limit, LimitResult
from wss.models import Consumer
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.shared import links, rate_limits

CONFIRM_EMAIL = "confirm_email"


def send_confirmation(owner: Consumer) -> LimitResult:
    """Send the link to the consumer's address, unless their own rate limit refuses, which is shown openly.

    What other logins have sent to the same address is not shown: above its limit the letter is withheld. Former
    links stay valid, so that a repeated request takes nothing away.
    """
    email = owner.email or ""
    limit_result = rate_limits.consume(Limit.CONFIRM_MAIL, f"consumer {owner.id} {email}")
    if not limit_result.allowed:
        return limit_result
    may_send = rate_limits.consume_silently(Limit.CONFIRM_MAIL_ALL, email)
    token = links.new_link(CONFIRM_EMAIL, f"consumer:{owner.id}", ACTIVATION_LIFE)
    address = Recipient(owner.language, unconfirmed_email=email, consumer_id=owner.id)
    queue_notice("confirm_email", address, {"path": f"/activate/{token}"}, withhold=not may_send)
    return limit_result
