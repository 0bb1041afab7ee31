"""The address in an e-mail alert that ends alerts: it needs no row and reveals nothing."""

import hmac
from typing import Any

from wss import vault
from wss.domain.notices import NOTICES
from wss.domain.typed_values import whole_number
from wss.models import Message

# Half of the hash, 128 bits, so that the address stays short enough for an e-mail header.
_OF_HASH = 32


def unsubscribe_path(message: Message | Any) -> str:
    """Return the address at which the recipient can end alerts, in their language; empty for a message that is no
    alert."""
    is_alert = message.channel == "email" and NOTICES[message.notice].alert
    if not is_alert or message.consumer_id is None:
        return ""
    return f"/unsubscribe/{_token(message.consumer_id, message.recipient)}?lang={message.language}"


def whose_alerts(token: str) -> int | None:
    """Return the consumer that a token names; the token is not verified."""
    return whole_number(token.partition("-")[0])


def is_sent_to(token: str, consumer_id: int, email: str) -> bool:
    """Return whether a token was sent to this consumer at this address; after a change of address it is no longer
    valid."""
    return hmac.compare_digest(token.encode(), _token(consumer_id, email).encode())


def _token(consumer_id: int, email: str) -> str:
    return f"{consumer_id}-{vault.keyed_hash('unsubscribe', f'{consumer_id} {email}')[:_OF_HASH]}"
