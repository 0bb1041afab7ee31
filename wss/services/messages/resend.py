"""Dead letters: resend one message, or all of a group with the same reason; for the roles in charge of deliveries."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import DELIVERY_ROLES, Actor
from wss.domain.delivery import DeliveryState
from wss.domain.errors import NotFound
from wss.queries import deliveries
from wss.queries.deliveries import DeadLetterGroup
from wss.queries.messages import bump_news
from wss.services.shared.audit import record


class ResendOutcome(StrEnum):
    """Whether a message is resent, or why not."""

    SENT_AGAIN = "sent_again"
    # It is no longer a dead letter: another employee resent it, or its gateway has reported a newer state.
    MOVED_ON = "moved_on"
    # The text of codes and links is deleted once they are sent.
    EMPTIED = "emptied"
    # The recipient can no longer use it.
    EXPIRED = "over"


@dataclass(frozen=True, slots=True)
class ResendResult:
    """How many messages are resent, and how many more could be."""

    how_many: int
    left: int


def resend(actor: Actor, message_id: str) -> ResendOutcome:
    """Resend a dead letter; one without its text, or that is expired, cannot be resent."""
    _check_role(actor)
    with transaction():
        about = deliveries.resend(message_id, now())
        if not about:
            return _refusal(message_id)
        _bump_news(about)
        record(actor, "message_sent_again", f"message:{message_id}")
    return ResendOutcome.SENT_AGAIN


def resend_all(actor: Actor, alike: DeadLetterGroup) -> ResendResult:
    """Resend the dead letters of a group with the same reason, the oldest first, up to a batch at once."""
    _check_role(actor)
    with transaction():
        about = deliveries.resend_group(alike, now())
        if about:
            _bump_news(about)
            details = {"channel": alike.channel, "reason": alike.reason, "how_many": len(about)}
            record(actor, "messages_sent_again", f"gateway:{alike.gateway}", **details)
        left = [group.can_be_resent for group in deliveries.dead_letter_counts(now()) if group.alike == alike]
    return ResendResult(len(about), sum(left))


def _refusal(message_id: str) -> ResendOutcome:
    progress = deliveries.resend_progress(message_id)
    if progress is None:
        raise NotFound
    if progress.state != DeliveryState.DEAD:
        return ResendOutcome.MOVED_ON
    return ResendOutcome.EXPIRED if progress.has_text else ResendOutcome.EMPTIED


def _bump_news(about: list[int | None]) -> None:
    """Bump the news of the requests that the messages belong to."""
    bump_news(*{request_id for request_id in about if request_id is not None})


def _check_role(actor: Actor) -> None:
    if actor.role not in DELIVERY_ROLES:
        raise NotFound
