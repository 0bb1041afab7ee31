"""Tracking of a complaint: by its number and four digits of a mobile, or by the short link of its SMS."""

from wss.db import transaction
from wss.domain.captcha import UNASKED, CaptchaAnswer
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.queries.tracking import tracked_by_id
from wss.services.requests.status_lookup import StatusLookup, look_up_status
from wss.services.shared import links, rate_limits
from wss.services.shared.captchas import is_unsolved, requires_captcha
from wss.services.shared.links import TRACK
from wss.services.shared.login_failures import is_site_under_guessing


def look_up(
    visitor: Visitor, complaint_no: str, last_digits: str, solved: CaptchaAnswer = UNASKED
) -> StatusLookup:
    """Look up a complaint for a browser. A number that was tried very often requires a captcha of everyone."""
    with transaction():
        is_due = is_site_under_guessing() or requires_captcha((Limit.TRACK_ALL, complaint_no))
        if is_due and is_unsolved(visitor, solved):
            return StatusLookup(wants_captcha=True)
        return look_up_status(complaint_no, last_digits, visitor.address)


def look_up_by_link(visitor: Visitor, code: str) -> StatusLookup:
    """Look up a complaint by the code of its SMS; wrong codes are counted per network address."""
    request_id = links.row_id_of(links.peek_link(code.upper(), TRACK))
    found = tracked_by_id(request_id) if request_id is not None else None
    if found is not None:
        return StatusLookup(found)
    with transaction():
        limit_result = rate_limits.consume(Limit.TRACK_ADDRESS, visitor.address)
    return StatusLookup(retry_after=0 if limit_result.allowed else limit_result.retry_after)


def shared_path(request_id: int) -> str:
    """Return the path at which everyone who has the link reads the status. Requests registered by former releases have
    a link that only its SMS shows: for them the page that asks for the number and four digits."""
    code = links.shown_code(TRACK, f"request:{request_id}")
    return f"/t/{code}" if code else "/track"
