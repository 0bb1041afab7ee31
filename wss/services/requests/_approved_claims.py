"""The effect of an approved claim: the connection goes to the claimant."""

from wss.domain.actor import Actor
from wss.models import Consumer
from wss.queries.consumers import consumer, current_ownership
from wss.queries.service_requests import RequestRow
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.registration.ownership import CLAIMED, begin_ownership, end_current


def grant_claim(actor: Actor, claim: RequestRow) -> None:
    """End the former ownership and begin the claimant's; both are notified, and the former owner's sessions end. A
    connection that is the claimant's already, as when a claim is decided again, stays theirs."""
    claimant = consumer(claim.consumer_id) if claim.consumer_id is not None else None
    if claimant is None:
        return
    current = current_ownership(claim.account_no)
    if current is None or current.consumer_id != claimant.id:
        _transfer(actor, claim, claimant)
    queue_notice("claim_granted", Recipient(claimant.language, claimant.mobile, consumer_id=claimant.id), {})


def _transfer(actor: Actor, claim: RequestRow, claimant: Consumer) -> None:
    end_current(claim.account_no, "claim_granted", CLAIMED)
    begin_ownership(actor, claimant.id, claim.account_no)
