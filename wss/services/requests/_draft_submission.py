"""Submission of a complete draft: claimed once, registered with its documents, its consumer notified."""

from wss.clock import now
from wss.db import run
from wss.domain.actor import Actor
from wss.domain.errors import RuleBroken, TooOften
from wss.queries.consumers import locked_if_active
from wss.queries.documents import move_documents
from wss.queries.drafts import ReadyDraft, claim_of_draft
from wss.queries.reference import Reference
from wss.queries.service_requests import NEXT_NUMBERS
from wss.services.messages.notices import Recipient, alert_address
from wss.services.requests.creation import RegisteredRequest, register_request
from wss.services.requests.daily_limits import counts_of_registration
from wss.services.requests.form_drafts import request_from
from wss.services.shared import rate_limits


class FormTaken(RuleBroken):
    """The form cannot be sent: a concurrent submission was first, the draft was changed since it was read, or its
    consumer is being erased."""

    def __init__(self) -> None:
        super().__init__("form_taken")


def send_form(actor: Actor, ready: ReadyDraft, tables: Reference) -> RegisteredRequest:
    """Register what a consumer's draft describes, all or nothing: every error rolls the transaction back.

    Raises FormTaken, DraftIncomplete, BillTaken, BillReplaced, KindTaken and TooOften.
    """
    consumer, draft = ready.consumer, ready.draft
    attempts = rate_limits.attempts(counts_of_registration(consumer.id, draft.account_no))
    is_left, is_claimed, *found = run(
        locked_if_active(consumer.id),
        claim_of_draft(draft, consumer.id, now()),
        *NEXT_NUMBERS,
        *(attempt.call for attempt in attempts),
    )
    numbers, counts = found[: len(NEXT_NUMBERS)], found[len(NEXT_NUMBERS) :]
    if is_left is None or is_claimed is None:
        raise FormTaken
    new = request_from(draft, ready.subdivision_code, tables, consumer.language, consumer_id=consumer.id)
    refusal = rate_limits.first_refusal(attempts, counts)
    if refusal is not None:
        raise TooOften(refusal.retry_after)
    registered = register_request(actor, new, _recipient(ready), numbers)
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
