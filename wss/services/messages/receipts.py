"""Delivery receipts: what a gateway reports about a message that it has or may have."""

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.delivery import (
    UNREACHABLE,
    DeliveryResult,
    DeliveryState,
    Urgency,
    after_receipt,
    states_changed_by,
)
from wss.domain.receipts import DeliveryReceipt
from wss.models import Message
from wss.queries import messages, outbox

_ENDS = frozenset({DeliveryState.DELIVERED, DeliveryState.PERMANENT_FAILURE})


def apply_receipt(receipt: DeliveryReceipt) -> bool:
    """Apply a receipt to its message; return whether anything changed. Repeated or late receipts, and those about
    unknown messages, change nothing."""
    with reading():
        # Most receipts that change nothing are recognised here, without waiting for the write lock.
        message = outbox.message_of(receipt.key)
        if message is None or not _counts(message, receipt):
            return False
    with transaction():
        message = outbox.message_of(receipt.key, to_change=True)
        if message is None or not _counts(message, receipt):
            return False
        has_changed = outbox.settle_by_receipt(
            message.id, states_changed_by(receipt.state), _changes(message, receipt)
        )
        if has_changed and message.service_request_id is not None:
            messages.bump_news(message.service_request_id)
    return bool(has_changed)


def _counts(message: Message, receipt: DeliveryReceipt) -> bool:
    """Return whether a receipt changes the message. One for an earlier sending, or from a gateway that another one
    has replaced, counts only if it reports delivery."""
    # Letters have ids of the same kind, but were never sent by an SMS gateway.
    if message.channel != "sms" or message.state not in states_changed_by(receipt.state):
        return False
    is_former = message.sending_key is not None and message.sending_key != receipt.key
    # While a worker is sending the message, the gateway that accepted it is not stored yet.
    is_known = message.state != DeliveryState.SENDING and message.gateway != ""
    is_anothers = is_known and message.gateway not in receipt.gateways
    return receipt.state is DeliveryState.DELIVERED or not (is_former or is_anothers)


def _changes(message: Message, receipt: DeliveryReceipt) -> dict[str, object]:
    at = now()
    is_code = message.urgency == Urgency.CODE
    result: DeliveryResult = after_receipt(
        receipt.state,
        message.sendings,
        at,
        may_be_resent=not is_code and message.text_sealed != "",
        expires_at=message.expires_at,
    )
    changes: dict[str, object] = {"state": result.state, "settled_at": at, "is_in_doubt": False}
    changes["reason"] = UNREACHABLE if receipt.state is DeliveryState.TEMPORARY_FAILURE else receipt.reason
    if result.due_at is not None:
        changes["due_at"] = result.due_at
    if receipt.state is DeliveryState.DELIVERED:
        changes["reason"] = ""
    if message.secret and (result.state in _ENDS or is_code):
        changes["text_sealed"] = ""
    return changes
