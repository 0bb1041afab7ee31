"""The address in an alert by e-mail at which alerts are ended: it needs no row, and tells nothing of anybody."""

import hmac
from typing import Any

from wss import vault
from wss.domain.notices import NOTICES
from wss.domain.typed_values import whole_number
from wss.models import Message

# Half of the hash: 128 bits, and the address stays short enough for a letter's header.
_OF_HASH = 32


def unsubscribe_path(message: Message | Any) -> str:
    """Where whoever gets this letter can end the alerts, in its language; empty for a message that is no alert."""
    is_alert = message.channel == "email" and NOTICES[message.notice].alert
    if not is_alert or message.consumer_id is None:
        return ""
    return f"/unsubscribe/{_token(message.consumer_id, message.recipient)}?lang={message.language}"


def whose_alerts(token: str) -> int | None:
    """The consumer that a token names, which proves nothing yet."""
    return whole_number(token.partition("-")[0])


def is_sent_to(token: str, consumer_id: int, email: str) -> bool:
    """Whether a token was sent to this consumer at this address; with another address it is over."""
    return hmac.compare_digest(token.encode(), _token(consumer_id, email).encode())


def _token(consumer_id: int, email: str) -> str:
    return f"{consumer_id}-{vault.keyed_hash('unsubscribe', f'{consumer_id} {email}')[:_OF_HASH]}"
