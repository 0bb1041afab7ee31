"""Phone links: make a browser known to the mobile they are sent to, when others have used up its codes."""

from datetime import timedelta

from wss.clock import now
from wss.db import transaction
from wss.domain.otp import OtpRequester
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.queries.codes import claim_withheld
from wss.queries.messages import languages_of
from wss.queries.proofs import typed_accounts
from wss.queries.registrations import registration_of
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.otp_shares import known_browser_key
from wss.services.shared import links, rate_limits
from wss.services.shared.sms_budget import consume_budget

PHONE = "phone"
LIFE = timedelta(days=1)
AT_A_TIME = 100
_ASKS = Limit.OTP_ASK_GAP, Limit.OTP_ASK_SHORT, Limit.OTP_ASK_DAY
_WORKER = OtpRequester("worker")


def send_phone_links() -> int:
    """Send the link to mobiles from which a code was withheld, one a day to each; return how many. The worker does
    so, not the request for the code: its time must not reveal that a mobile's codes are used up."""
    with transaction():
        held_back = claim_withheld(AT_A_TIME)
        languages = languages_of([message_id for _mobile, message_id in held_back if message_id])
        wanted = {mobile: languages.get(message_id or "", "hi") for mobile, message_id in held_back}
        return sum(_send_link(mobile, language) for mobile, language in sorted(wanted.items()))


def is_phone_link_valid(visitor: Visitor, code: str) -> bool:
    """Return whether the link is valid, without using it; invalid ones are counted per network."""
    if links.peek_link(code.upper(), PHONE) is not None:
        return True
    with transaction():
        rate_limits.consume_silently(Limit.PHONE_LINK_MISS, visitor.address)
    return False


def remember_browser(visitor: Visitor, code: str) -> bool:
    """Make this browser known to the mobile that got the link, so that it can consume the codes reserved for known
    browsers. This does not log in. The browser's own refused requests no longer count. Return False for an
    invalid link."""
    with transaction():
        if not rate_limits.peek(Limit.PHONE_LINK_MISS, visitor.address).allowed:
            return False
        subject = links.consume_link(code.upper(), PHONE)
        if subject is None:
            rate_limits.consume_silently(Limit.PHONE_LINK_MISS, visitor.address)
            return False
        mark = known_browser_key(visitor.session_hash, subject.partition(":")[2])
        rate_limits.clear(Limit.PHONE_KNOWN, mark)
        rate_limits.consume(Limit.PHONE_KNOWN, mark)
        for typed in _typed_here(visitor):
            for limit in _ASKS:
                rate_limits.clear(limit, f"{visitor.session_hash} {typed}")
        return True


def _typed_here(visitor: Visitor) -> list[str]:
    """Return the numbers that this browser has typed in its registration and proofs under way."""
    pending = registration_of(visitor.session_hash, now())
    typed = typed_accounts(visitor.session_hash)
    return [*typed, pending.typed(pending.mobile)] if pending else typed


def _send_link(mobile: str, language: str) -> bool:
    if not rate_limits.consume_silently(Limit.PHONE_LINK, mobile) or consume_budget(_WORKER, mobile).withhold:
        return False
    code = links.new_code(PHONE, f"mobile:{mobile}", LIFE)
    queue_notice("phone_link", Recipient(language, mobile), {"phone_path": f"/phone/{code}"})
    return True
