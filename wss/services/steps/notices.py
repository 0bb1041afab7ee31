"""Puts messages into the outbox, in the transaction that causes them; nothing is sent from here."""

import json
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from wss import vault
from wss.clock import now
from wss.domain.delivery import State
from wss.domain.notices import NOTICES
from wss.models import Connection
from wss.queries import messages


class Numbered(Protocol):
    """A service request, as a row or only by its id."""

    @property
    def id(self) -> int:
        """Its id."""
        ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a notice goes to, by which of their addresses, in which language."""

    language: str
    mobile: str | None = None
    email: str | None = None
    consumer_id: int | None = None

    def address(self, channel: str) -> str | None:
        """Where a message of this channel goes; None when there is no such address."""
        return self.mobile if channel == "sms" else self.email


def recipient_of(consumer: Any, connection: Connection | None = None) -> Recipient:
    """The consumer's verified mobile, else the one on record; e-mail only when they asked for it.

    `consumer` is a consumer row or the signed-in consumer: both carry the same names.
    """
    mobile = consumer.mobile or (connection.mobile_on_record if connection else None)
    email = consumer.email if consumer.email_alerts else None
    return Recipient(consumer.language, mobile, email, consumer.id)


def queue_notice(
    name: str,
    recipient: Recipient,
    values: dict[str, str],
    *,
    service_request: Numbered | None = None,
    event_number: int | None = None,
    withhold: bool = False,
) -> list[str]:
    """Queue a notice once per channel that the recipient has; the ids of the messages.

    A withheld notice is written down and never sent: the same work as a sent one.
    """
    notice, at = NOTICES[name], now()
    sealed = vault.seal(json.dumps(values, ensure_ascii=False))
    rows: list[dict[str, Any]] = [
        {
            "id": str(uuid.uuid4()),
            "notice": name,
            "channel": channel,
            "recipient": address,
            "language": recipient.language,
            "text_sealed": sealed,
            "secret": notice.secret,
            "urgency": notice.urgency,
            "service_request_id": service_request.id if service_request else None,
            "event_number": event_number,
            "consumer_id": recipient.consumer_id,
            "state": State.WITHHELD if withhold else State.WAITING,
            "attempts": 0,
            "reason": "",
            "due_at": at,
            "expires_at": at + notice.life if notice.life else None,
            "created_at": at,
        }
        for channel in notice.channels
        if (address := recipient.address(channel) or ("" if withhold else None)) is not None
    ]
    if rows:
        messages.queue(rows)
    return [row["id"] for row in rows]
