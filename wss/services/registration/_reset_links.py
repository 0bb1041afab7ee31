"""The e-mailed link that sets a new password."""

from datetime import timedelta

from wss.clock import now
from wss.domain.ownership import recovers
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Consumer
from wss.services.messages.notices import Recipient, confirmed_email, queue_notice
from wss.services.shared import links, rate_limits

RESET_LIFE = timedelta(minutes=30)


def send_reset_link(visitor: Visitor, owner: Consumer | None) -> None:
    """Send a link to an e-mail address that was confirmed at least a day ago; the same rows are written without a
    consumer.

    Former links stay valid, so that a stranger's request takes nothing from the owner. A new password ends all of
    them.
    """
    subject = f"consumer:{owner.id}" if owner else "nobody"
    token = links.new_link("reset", subject, RESET_LIFE)
    email = confirmed_email(owner) if owner and recovers(owner.email_verified_at, now()) else None
    recipient = Recipient(owner.language if owner else "hi", email=email)
    unknown = f"nobody {visitor.session_hash}"
    has_common = rate_limits.consume_silently(Limit.RESET_MAIL, email or unknown)
    browser_id = visitor.trusted.get(owner.id) if owner is not None else None
    may_reserve = browser_id is not None and not has_common
    kept = [
        (Limit.RESET_MAIL_KNOWN_PART, f"{browser_id} {email or unknown}"),
        (Limit.RESET_MAIL_KNOWN, email or unknown),
    ]
    reserve = (
        kept if may_reserve else [(Limit.SEND_NOTHING, f"{limit} {unknown}") for limit, _subject in kept]
    )
    may_send = (rate_limits.consume_all_silently(reserve, unknown) and may_reserve) or has_common
    withhold = email is None or not may_send
    queue_notice("reset_link", recipient, {"path": f"/reset/{token}"}, withhold=withhold)


def consumer_of_link(token: str) -> int | None:
    """Return the consumer whose password a link sets; None where it was made without one."""
    return links.row_id_of(links.peek_link(token, "reset"))
