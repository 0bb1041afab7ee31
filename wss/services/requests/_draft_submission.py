"""Submission of a complete draft: claimed once, registered with its documents, its consumer notified."""

from wss.clock import now
from wss.domain.actor import Actor
from wss.queries.documents import move_documents
from wss.queries.drafts import ReadyDraft, claim_draft
from wss.queries.reference import Reference
from wss.services.messages.notices import Recipient, alert_address
from wss.services.requests.creation import RegisteredRequest, register_request
from wss.services.requests.daily_limits import count_registration
from wss.services.requests.form_drafts import request_from


def send_form(actor: Actor, ready: ReadyDraft, tables: Reference) -> RegisteredRequest | None:
    """Register what a consumer's draft describes; None when a concurrent submission was first, or the draft was
    changed since it was read.

    Raises DraftIncomplete, BillTaken, BillReplaced, KindTaken and TooOften.
    """
    consumer = ready.consumer
    if not claim_draft(ready.draft, consumer.id, now()):
        return None
    new = request_from(
        ready.draft, ready.subdivision_code, tables, consumer.language, consumer_id=consumer.id
    )
    count_registration(consumer.id, ready.draft.account_no)
    registered = register_request(actor, new, _recipient(ready))
    if ready.has_documents:
        move_documents(ready.draft.id, registered.id)
    return registered


def _recipient(ready: ReadyDraft) -> Recipient:
    """Return the recipient: the verified mobile, else the one on record; e-mail only when alerts are wanted."""
    consumer = ready.consumer
    return Recipient(
        consumer.language,
        consumer.mobile or ready.mobile_on_record,
        alert_address(consumer),
        consumer.id,
    )
