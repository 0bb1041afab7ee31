"""Views of a request and of its full mobile number by officers: both are recorded and shown to the consumer."""

from datetime import timedelta

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden
from wss.domain.reveals import REASONS
from wss.queries.audit import recorded_since
from wss.queries.service_requests import RequestRow, visible_request
from wss.queries.timelines import recipient_of
from wss.services.shared.audit import record

# Going back and forth within a quarter of an hour is one view.
ONE_VIEW = timedelta(minutes=15)
# A requested number stays readable for the length of a call; then it must be requested again.
SHOWN_FOR = timedelta(minutes=5)


def view_request(actor: Actor, complaint_no: str) -> RequestRow:
    """Return a request that the officer may see; the view is recorded once in a quarter of an hour."""
    seen, subject = visible_request(actor, complaint_no, now()), f"request:{complaint_no}"
    if recorded_since(actor.id, "view", subject, now() - ONE_VIEW) is None:
        with transaction():
            record(actor, "view", subject)
    return seen


def reveal_mobile(actor: Actor, complaint_no: str, reason: str) -> None:
    """Record that the officer needs the full mobile number, and why; then `revealed_mobile` returns it."""
    if reason not in REASONS:
        raise Forbidden("reason_required")
    with transaction():
        visible_request(actor, complaint_no, now())
        record(actor, "reveal", f"request:{complaint_no}", reason=reason)


def revealed_mobile(actor: Actor, seen: RequestRow) -> str | None:
    """Return the full mobile number, for as long as this officer's recorded request is recent."""
    asked = recorded_since(actor.id, "reveal", f"request:{seen.complaint_no}", now() - SHOWN_FOR)
    if asked is None:
        return None
    return recipient_of(seen.consumer_id, seen.account_no, seen.contact_mobile).reached_by
